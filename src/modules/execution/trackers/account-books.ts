import BigNumber from 'bignumber.js';
import type { Instrument } from '../../../domain/instrument';
import type { Dec, Mono, Ms } from '../../../domain/units';
import type { AssetBalance, FillReport } from '../../../domain/venue-event';
import { balancesEveryMs, venueProcessingBoundMs } from '../common/constants';
import { RecentSet } from '../common/recent-set';
import type { Notify } from '../common/notices';
import type { Page } from '../connectors/types';
import type { OrderRow, Settled, Store, TransferLine } from '../store/types';
import type { Holdings } from './holdings';

const postAfterMs = balancesEveryMs;
/**
 * A difference stood for longer than this before it was posted, and was read again later than a read lag after it: a
 * trade older than this at the posting is part of it, a newer one is not.
 */
const explainedAfterMs = (postAfterMs + venueProcessingBoundMs) / 2;
/** After so many reads that could not compare an asset, new orders wait until one can. */
const mostSkips = 10;
/** What a venue may round by in any asset. */
const leastDust = '1e-8';

interface Mismatch {
  readonly difference: string;
  /** When the read that showed it first was answered. */
  readonly since: Mono;
}

/**
 * Why a balance cannot be compared: an order is on its way and may just have filled, or the venue owes a trade or a
 * fee and nothing can be done but wait for it.
 */
export type Uncertainty = 'in_flight' | 'owed';

/** What one read said of all assets. A difference that stands still is one that trading does not explain. */
export type BooksVerdict = 'agrees' | 'incomplete' | 'moving' | 'standing';

/** What is known of the account at a read of its balances. */
export interface BooksState {
  readonly uncertainty: (asset: string) => Uncertainty | undefined;
  /** Differences up to this much are of rounding: one step of the quantity, where the asset is traded in steps. */
  readonly dustOf: (asset: string) => Dec;
  /** Every trade the venue showed to a read requested then is in the books. */
  readonly tradesKnownAt: Mono;
}

export interface BooksParts {
  readonly accountId: string;
  readonly store: Store;
  readonly holdings: Holdings;
  readonly notify: Notify;
  readonly uuid: () => string;
  /** Less is there than the books say, and two reads agree on how much. */
  readonly missing: (asset: string, difference: Dec) => void;
  /** Another engine trades this account and this one does not: what is on its way to the books is for that one to say. */
  readonly isBystander: () => boolean;
  /** Whether this engine, or another live one, follows an order that is on record. */
  readonly follows: (order: Pick<OrderRow, 'clientOrderId' | 'strategyId'>) => boolean;
}

/**
 * The books of one account against what its venue shows: opening funds, trades that are not ours, and the difference
 * nobody can explain, which gets a row of its own and never a strategy's money.
 */
export class AccountBooks {
  private readonly mismatches = new Map<string, Mismatch>();
  /** The Store posts a key once; this spares it the question. */
  private readonly posted = new RecentSet(10_000);
  private readonly skips = new Map<string, number>();
  private disagreement: string | undefined;

  constructor(private readonly parts: BooksParts) {}

  /** In words, what was found to disagree with the venue; undefined once everything agrees again. */
  get problem(): string | undefined {
    return this.disagreement;
  }

  /** An asset of the pair that has not been compared for too long, because there was always an order on its way. */
  overdueOf({ base, quote }: Pick<Instrument, 'base' | 'quote'>): string | undefined {
    return [base, quote].find((asset) => (this.skips.get(asset) ?? 0) >= mostSkips);
  }

  get isOverdue(): boolean {
    return [...this.skips.values()].some((skips) => skips >= mostSkips);
  }

  /** Something is in them: until then a balance to open them with is waited for. */
  get isOpen(): boolean {
    return this.parts.holdings.assetsOf(this.parts.accountId).size > 0;
  }

  /** Compares every asset that can be compared; the others are left for a later read. */
  async compare(page: Page<AssetBalance>, state: BooksState): Promise<BooksVerdict> {
    const { holdings, accountId } = this.parts;
    if (!this.isOpen) {
      await this.openWith(page.rows);
      return 'agrees';
    }
    const verdicts: BooksVerdict[] = [];
    const shown = new Map(page.rows.map((row) => [row.asset, new BigNumber(row.free).plus(row.locked)]));
    for (const asset of new Set([...shown.keys(), ...holdings.assetsOf(accountId)]))
      verdicts.push(await this.compareOne(asset, shown.get(asset) ?? new BigNumber(0), { page, state }));
    const worst = (['standing', 'moving', 'incomplete'] as const).find((one) => verdicts.includes(one));
    if (worst === undefined) this.disagreement = undefined;
    return worst ?? 'agrees';
  }

  private async compareOne(
    asset: string,
    figure: BigNumber,
    { page, state }: { readonly page: Page<AssetBalance>; readonly state: BooksState },
  ): Promise<BooksVerdict> {
    const { holdings, accountId } = this.parts;
    const why = state.uncertainty(asset);
    if (why !== undefined) {
      if (why === 'in_flight') this.skips.set(asset, (this.skips.get(asset) ?? 0) + 1);
      return 'incomplete';
    }
    this.skips.delete(asset);
    const dust = BigNumber.max(leastDust, state.dustOf(asset)).toFixed();
    const window = { since: page.requestedAt - venueProcessingBoundMs, dust };
    if (!holdings.agrees(accountId, asset, figure.toFixed(), window))
      return this.mismatch(asset, figure, { receivedAt: page.receivedAt, ...state });
    this.mismatches.delete(asset);
    return 'agrees';
  }

  /**
   * A trade of the account that no order of ours explains: it moves the account's unallocated money, unless it is older
   * than what the books were opened with or what was posted without an explanation, and so in them already.
   */
  unknownFill(fill: FillReport, instrument: Instrument, settled: Settled): void {
    const key = `external:${instrument.venue}:${this.parts.accountId}:${fill.instrument}:${fill.tradeId}:${fill.side}`;
    if (this.posted.has(key)) return;
    this.posted.add(key);
    const sign = fill.side === 'buy' ? 1 : -1;
    const quote = new BigNumber(fill.price).times(fill.quantity).times(-sign).toFixed();
    const moved: readonly (readonly [asset: string, quantity: string])[] = [
      [instrument.base, new BigNumber(fill.quantity).times(sign).toFixed()],
      [instrument.quote, quote],
      ...(fill.fee && fill.feeAsset
        ? [[fill.feeAsset, new BigNumber(fill.fee).negated().toFixed()] as const]
        : []),
    ];
    const lines = moved
      .filter(([asset]) => !isIn(settled, asset, fill.venueTime))
      .flatMap(([asset, quantity]) => this.outside(asset, quantity));
    void this.post(key, lines, `foreign trade ${fill.tradeId} on ${fill.instrument}`);
  }

  /** The record may be an older copy of itself: what was posted may be lost. */
  doubtRecord(): void {
    this.posted.clear();
  }

  strayOrder(clientOrderId: string, venueOrderId: string): void {
    const detail = `${clientOrderId} (${venueOrderId}) has our prefix and no open record; it is being cancelled`;
    const { notify, accountId } = this.parts;
    notify({ code: 'EXTERNAL_OURS', severity: 'page', detail, accountId });
  }

  private async openWith(rows: readonly AssetBalance[]): Promise<void> {
    const lines = rows.flatMap((row) =>
      this.outside(row.asset, new BigNumber(row.free).plus(row.locked).toFixed()),
    );
    await this.post(`external:opening:${this.parts.accountId}`, lines, 'opening balance');
  }

  private async mismatch(
    asset: string,
    figure: BigNumber,
    { receivedAt, tradesKnownAt }: Pick<BooksState, 'tradesKnownAt'> & { readonly receivedAt: Mono },
  ): Promise<BooksVerdict> {
    const { holdings, accountId } = this.parts;
    const difference = figure.minus(holdings.accountTotal(accountId, asset)).toFixed();
    const known = this.mismatches.get(asset);
    const before = known?.difference === difference ? known : undefined;
    if (!before) {
      this.mismatches.set(asset, { difference, since: receivedAt });
      return 'moving';
    }
    // A trade that a balance already shows may stay out of the trades for as long as the venue's read lag, and out of
    // the books until somebody has taken over the strategy of an engine that died.
    const isTradeDue = tradesKnownAt < before.since + venueProcessingBoundMs;
    const isTooEarly = isTradeDue || receivedAt < before.since + postAfterMs;
    if (isTooEarly || this.parts.isBystander() || (await this.isLeftBehind())) return 'standing';
    if (this.mismatches.get(asset) !== known) return 'standing'; // Another read has come to it meanwhile.
    this.mismatches.delete(asset);
    await this.unexplained(asset, difference);
    return 'standing';
  }

  /** A row of its own for money nobody can explain. What is missing stops whatever trades the asset. */
  private async unexplained(asset: string, difference: Dec): Promise<void> {
    const { accountId, uuid, missing } = this.parts;
    if (!(await this.isNewest(asset))) return;
    this.disagreement = `${asset} ${difference}`;
    if (new BigNumber(difference).isNegative()) missing(asset, difference);
    const against = new BigNumber(difference).negated().toFixed();
    const lines = [
      { holder: `unexplained:${accountId}`, asset, quantity: difference },
      { holder: `external:${accountId}`, asset, quantity: against },
    ];
    const key = `external:unexplained:${accountId}:${uuid()}`;
    await this.post(key, lines, `unexplained ${difference} ${asset}`);
  }

  /** What the Store holds is what we took it for: another engine may have posted to the account since. */
  private async isNewest(asset: string): Promise<boolean> {
    const { holdings, accountId, store } = this.parts;
    const before = holdings.accountTotal(accountId, asset);
    try {
      holdings.update(await store.balances(holdings.holdersOf(accountId)));
    } catch {
      return false; // Nothing is posted on what is not known.
    }
    return holdings.accountTotal(accountId, asset).eq(before);
  }

  /** An order that nobody follows since its engine died may have traded: whoever takes it over books that. */
  private async isLeftBehind(): Promise<boolean> {
    const { store, accountId, follows } = this.parts;
    try {
      return (await store.load(accountId)).orders.some((order) => !follows(order));
    } catch {
      return true;
    }
  }

  private outside(asset: string, quantity: string): readonly TransferLine[] {
    if (new BigNumber(quantity).isZero()) return [];
    return [
      { holder: `unallocated:${this.parts.accountId}`, asset, quantity },
      {
        holder: `external:${this.parts.accountId}`,
        asset,
        quantity: new BigNumber(quantity).negated().toFixed(),
      },
    ];
  }

  private async post(key: string, lines: readonly TransferLine[], detail: string): Promise<void> {
    if (lines.length === 0) return;
    try {
      const result = await this.parts.store.transfer({ key, kind: 'external', lines, guarded: [] });
      if (result.kind === 'done') this.parts.holdings.update(result.balances);
      if (result.kind !== 'done' || result.duplicate) return;
      const severity = key.startsWith('external:unexplained')
        ? 'page'
        : key.startsWith('external:opening')
          ? 'info'
          : 'warn';
      this.parts.notify({ code: 'EXTERNAL_MOVEMENT', severity, detail, accountId: this.parts.accountId });
    } catch (error) {
      this.posted.delete(key);
      const reason = error instanceof Error ? error.message : String(error);
      this.parts.notify({
        code: 'EXTERNAL_UNPOSTED',
        severity: 'warn',
        detail: `${detail}: ${reason}`,
        accountId: this.parts.accountId,
      });
    }
  }
}

/** Whether what a trade moved of an asset is in the books with something else that was posted. */
const isIn = ({ openedAt, unexplainedAt }: Settled, asset: string, venueTime: Ms): boolean =>
  venueTime < (openedAt ?? -Infinity) || venueTime < (unexplainedAt[asset] ?? -Infinity) - explainedAfterMs;
