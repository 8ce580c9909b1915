import BigNumber from 'bignumber.js';
import type { Dec } from '../domain/units';
import type { Movement, VenueBalance } from './venue-types';

/** One asset of an account, and how it is shown: written once for all who ask before it changes. */
class Purse {
  free = new BigNumber(0);
  locked = new BigNumber(0);
  private row: VenueBalance | undefined;

  constructor(private readonly asset: string) {}

  change(free: BigNumber, locked: BigNumber): void {
    this.free = free;
    this.locked = locked;
    this.row = undefined;
  }

  get shown(): VenueBalance {
    this.row ??= { asset: this.asset, free: this.free.toFixed(), locked: this.locked.toFixed() };
    return this.row;
  }
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
    this.purse(account, asset).change(new BigNumber(amounts.free), new BigNumber(amounts.locked));
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
    purse.change(purse.free.plus(quantity), purse.locked);
  }

  move(account: string, { kind, asset, quantity }: Movement): void {
    if (kind === 'transfer') this.credit(account, asset, new BigNumber(quantity));
    else this.lock(account, asset, new BigNumber(quantity));
  }

  lock(account: string, asset: string, quantity: BigNumber): void {
    const purse = this.purse(account, asset);
    purse.change(purse.free.minus(quantity), purse.locked.plus(quantity));
  }

  unlock(account: string, asset: string, quantity: BigNumber): void {
    this.lock(account, asset, quantity.negated());
  }

  spendLocked(account: string, asset: string, quantity: BigNumber): void {
    const purse = this.purse(account, asset);
    purse.change(purse.free, purse.locked.minus(quantity));
  }

  list(account: string, assets?: readonly string[]): readonly VenueBalance[] {
    const rows: VenueBalance[] = [];
    for (const [asset, purse] of this.accounts.get(account) ?? [])
      if (!assets || assets.includes(asset)) rows.push(purse.shown);
    return rows;
  }

  private purse(account: string, asset: string): Purse {
    let purses = this.accounts.get(account);
    if (!purses) this.accounts.set(account, (purses = new Map<string, Purse>()));
    let purse = purses.get(asset);
    if (!purse) purses.set(asset, (purse = new Purse(asset)));
    return purse;
  }
}
