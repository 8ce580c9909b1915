import BigNumber from 'bignumber.js';
import type { AccountId } from '../../../domain/instrument';
import type { Dec, Mono } from '../../../domain/units';
import type { Balance } from '../store/types';

/** A balance and its total as it is added up. */
interface Held {
  readonly balance: Balance;
  readonly total: BigNumber;
}

interface Moment {
  readonly at: Mono;
  readonly total: BigNumber;
}

/**
 * The engine's own balances: what the Store answered last, per holder and asset. Nothing is read back from a reader.
 * Remembers how each account's totals moved, because a venue's balance may be as old as its read lag.
 */
export class Holdings {
  private readonly balances = new Map<string, Map<string, Held>>();
  private readonly accounts = new Map<string, AccountId>();
  /** What all holders of an account have of an asset together, once somebody has asked; each change is added. */
  private readonly sums = new Map<AccountId, Map<string, BigNumber>>();
  private readonly history = new Map<AccountId, Map<string, Moment[]>>();

  constructor(
    private readonly now: () => Mono,
    private readonly rememberMs: number,
  ) {}

  /** Says that a holder's money lies on an account. */
  belongs(holder: string, accountId: AccountId): void {
    if (this.accounts.get(holder) === accountId) return;
    this.accounts.set(holder, accountId);
    this.sums.clear();
  }

  update(rows: readonly Balance[]): void {
    const touched = new Map<AccountId, Set<string>>();
    for (const row of rows) {
      const isNews = this.take(row);
      const account = this.accounts.get(row.holder);
      if (account === undefined || (!isNews && this.sumsOf(account).has(row.asset))) continue;
      touched.set(account, (touched.get(account) ?? new Set()).add(row.asset));
    }
    for (const [account, assets] of touched) for (const asset of assets) this.remember(account, asset);
  }

  /** False for a total that was known. */
  private take(row: Balance): boolean {
    const assets = this.balances.get(row.holder) ?? new Map<string, Held>();
    const known = assets.get(row.asset);
    if (known?.balance.total === row.total) {
      assets.set(row.asset, { balance: row, total: known.total });
      return false;
    }
    const total = new BigNumber(row.total);
    this.balances.set(row.holder, assets.set(row.asset, { balance: row, total }));
    const account = this.accounts.get(row.holder);
    const sums = account === undefined ? undefined : this.sumsOf(account);
    const before = sums?.get(row.asset);
    if (before) sums!.set(row.asset, before.plus(total).minus(known?.total ?? 0));
    return true;
  }

  total(holder: string, asset: string): Dec {
    return this.balances.get(holder)?.get(asset)?.balance.total ?? '0';
  }

  of(holder: string): readonly Balance[] {
    return [...(this.balances.get(holder)?.values() ?? [])].map(({ balance }) => balance);
  }

  accountTotal(account: AccountId, asset: string): BigNumber {
    const sums = this.sumsOf(account);
    const known = sums.get(asset);
    if (known) return known;
    let sum = new BigNumber(0);
    for (const [holder, owner] of this.accounts) {
      const held = owner === account ? this.balances.get(holder)?.get(asset) : undefined;
      if (held) sum = sum.plus(held.total);
    }
    sums.set(asset, sum);
    return sum;
  }

  private sumsOf(account: AccountId): Map<string, BigNumber> {
    const sums = this.sums.get(account) ?? new Map<string, BigNumber>();
    this.sums.set(account, sums);
    return sums;
  }

  /** Whose money lies on the account. */
  holdersOf(account: AccountId): readonly string[] {
    return [...this.accounts].filter(([, owner]) => owner === account).map(([holder]) => holder);
  }

  assetsOf(account: AccountId): ReadonlySet<string> {
    const assets = new Set<string>();
    for (const [holder, owner] of this.accounts) {
      if (owner === account) for (const row of this.of(holder)) assets.add(row.asset);
    }
    return assets;
  }

  /** Whether a venue's figure is, up to `dust`, what the books held at any moment since `since`. */
  agrees(
    account: AccountId,
    asset: string,
    figure: Dec,
    { since, dust }: { readonly since: Mono; readonly dust: Dec },
  ): boolean {
    const moments = this.history.get(account)?.get(asset) ?? [];
    const first = moments.findLastIndex((moment) => moment.at <= since);
    const window = moments.slice(Math.max(0, first));
    const totals = window.length > 0 ? window.map((moment) => moment.total) : [new BigNumber(0)];
    return totals.some((total) => total.minus(figure).abs().lte(dust));
  }

  private remember(account: AccountId, asset: string): void {
    const assets = this.history.get(account) ?? new Map<string, Moment[]>();
    const moments = assets.get(asset) ?? [];
    const at = this.now();
    moments.push({ at, total: this.accountTotal(account, asset) });
    // One moment older than the window stays: it says what held when the window began.
    while (moments.length > 1 && moments[1]!.at < at - this.rememberMs) moments.shift();
    assets.set(asset, moments);
    this.history.set(account, assets);
  }
}
