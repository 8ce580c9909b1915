import BigNumber from 'bignumber.js';
import type { Dec } from '../domain/units';
import type { Movement, VenueBalance } from './venue-types';

interface Purse {
  free: BigNumber;
  locked: BigNumber;
}

/** Free and locked money of every account at the venue, exact. */
export class Purses {
  private readonly accounts = new Map<string, Map<string, Purse>>();

  /** Assets that the account already knows stay as they are. */
  open(account: string, balances: Readonly<Record<string, Dec>>): void {
    for (const [asset, free] of Object.entries(balances)) {
      if (!this.accounts.get(account)?.has(asset)) this.credit(account, asset, new BigNumber(free));
    }
  }

  set(account: string, asset: string, amounts: { readonly free: Dec; readonly locked: Dec }): void {
    const purse = this.purse(account, asset);
    purse.free = new BigNumber(amounts.free);
    purse.locked = new BigNumber(amounts.locked);
  }

  everything(): readonly (VenueBalance & { readonly account: string })[] {
    return [...this.accounts.keys()].flatMap((account) =>
      this.list(account).map((row) => ({ account, ...row })),
    );
  }

  free(account: string, asset: string): BigNumber {
    return this.purse(account, asset).free;
  }

  credit(account: string, asset: string, quantity: BigNumber): void {
    const purse = this.purse(account, asset);
    purse.free = purse.free.plus(quantity);
  }

  move(account: string, { kind, asset, quantity }: Movement): void {
    if (kind === 'transfer') this.credit(account, asset, new BigNumber(quantity));
    else this.lock(account, asset, new BigNumber(quantity));
  }

  lock(account: string, asset: string, quantity: BigNumber): void {
    const purse = this.purse(account, asset);
    purse.free = purse.free.minus(quantity);
    purse.locked = purse.locked.plus(quantity);
  }

  unlock(account: string, asset: string, quantity: BigNumber): void {
    this.lock(account, asset, quantity.negated());
  }

  spendLocked(account: string, asset: string, quantity: BigNumber): void {
    const purse = this.purse(account, asset);
    purse.locked = purse.locked.minus(quantity);
  }

  list(account: string, assets?: readonly string[]): readonly VenueBalance[] {
    const rows = [...(this.accounts.get(account)?.entries() ?? [])];
    return rows
      .filter(([asset]) => !assets || assets.includes(asset))
      .map(([asset, { free, locked }]) => ({ asset, free: free.toFixed(), locked: locked.toFixed() }));
  }

  private purse(account: string, asset: string): Purse {
    const purses = this.accounts.get(account) ?? new Map<string, Purse>();
    this.accounts.set(account, purses);
    const purse = purses.get(asset) ?? { free: new BigNumber(0), locked: new BigNumber(0) };
    purses.set(asset, purse);
    return purse;
  }
}
