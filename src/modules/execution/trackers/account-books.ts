import BigNumber from 'bignumber.js';
import type { Instrument } from '../../../domain/instrument';
import type { Mono } from '../../../domain/units';
import type { AssetBalance, FillReport } from '../../../domain/venue-event';
import { venueProcessingBoundMs } from '../common/constants';
import type { Notify } from '../common/notices';
import type { Page } from '../connectors/types';
import type { Store, TransferLine } from '../store/types';
import type { Holdings } from './holdings';

const mismatchCycles = 2;

interface Mismatch {
  readonly difference: string;
  readonly cycles: number;
  /** When the read that showed it first was answered. */
  readonly since: Mono;
}

/** What is known of the account at a read of its balances. */
export interface BooksState {
  readonly isUncertain: (asset: string) => boolean;
  /** Every trade the venue showed to a read requested then is in the books. */
  readonly tradesKnownAt: Mono;
}

/**
 * The books of one account against what its venue shows: opening funds, trades that are not ours, and the difference
 * nobody can explain, which gets a row of its own and never a strategy's money.
 */
export class AccountBooks {
  private readonly mismatches = new Map<string, Mismatch>();
  private readonly posted = new Set<string>();
  private disagreement: string | undefined;

  constructor(
    private readonly accountId: string,
    private readonly store: Store,
    private readonly holdings: Holdings,
    private readonly notify: Notify,
    private readonly uuid: () => string,
  ) {}

  /** In words, what disagrees with the venue; undefined while everything agrees. */
  get problem(): string | undefined {
    return this.disagreement;
  }

  /** True when every asset was compared and agrees. An uncertain asset is left for a later read. */
  async compare(page: Page<AssetBalance>, state: BooksState): Promise<boolean> {
    if (this.holdings.assetsOf(this.accountId).size === 0) {
      await this.openWith(page.rows);
      return true;
    }
    let agrees = true;
    const since = page.requestedAt - venueProcessingBoundMs;
    const shown = new Map(page.rows.map((row) => [row.asset, new BigNumber(row.free).plus(row.locked)]));
    for (const asset of new Set([...shown.keys(), ...this.holdings.assetsOf(this.accountId)])) {
      if (state.isUncertain(asset)) {
        agrees = false;
        continue;
      }
      const figure = shown.get(asset) ?? new BigNumber(0);
      if (this.holdings.agrees(this.accountId, asset, figure.toFixed(), since)) this.mismatches.delete(asset);
      else {
        agrees = false;
        await this.mismatch(asset, figure, { receivedAt: page.receivedAt, ...state });
      }
    }
    if (agrees) this.disagreement = undefined;
    return agrees;
  }

  /** A trade of the account that no order of ours explains: it moves the account's unallocated money. */
  unknownFill(fill: FillReport, instrument: Instrument): void {
    const key = `external:${instrument.venue}:${this.accountId}:${fill.instrument}:${fill.tradeId}:${fill.side}`;
    if (this.posted.has(key)) return;
    this.posted.add(key);
    const sign = fill.side === 'buy' ? 1 : -1;
    const quote = new BigNumber(fill.price).times(fill.quantity).times(-sign).toFixed();
    const lines = [
      ...this.outside(instrument.base, new BigNumber(fill.quantity).times(sign).toFixed()),
      ...this.outside(instrument.quote, quote),
      ...(fill.fee && fill.feeAsset
        ? this.outside(fill.feeAsset, new BigNumber(fill.fee).negated().toFixed())
        : []),
    ];
    void this.post(key, lines, `foreign trade ${fill.tradeId} on ${fill.instrument}`);
  }

  strayOrder(clientOrderId: string, venueOrderId: string): void {
    const detail = `${clientOrderId} (${venueOrderId}) has our prefix and no open record; it is being cancelled`;
    this.notify({ code: 'EXTERNAL_OURS', severity: 'page', detail, accountId: this.accountId });
  }

  private async openWith(rows: readonly AssetBalance[]): Promise<void> {
    const lines = rows.flatMap((row) =>
      this.outside(row.asset, new BigNumber(row.free).plus(row.locked).toFixed()),
    );
    await this.post(`external:opening:${this.accountId}`, lines, 'opening balance');
  }

  private async mismatch(
    asset: string,
    figure: BigNumber,
    { receivedAt, tradesKnownAt }: Pick<BooksState, 'tradesKnownAt'> & { readonly receivedAt: Mono },
  ): Promise<void> {
    const difference = figure.minus(this.holdings.accountTotal(this.accountId, asset)).toFixed();
    const known = this.mismatches.get(asset);
    const before = known?.difference === difference ? known : undefined;
    // A trade that a balance already shows may stay out of the trades for as long as the venue's read lag.
    if (before && tradesKnownAt < before.since + venueProcessingBoundMs) return;
    const cycles = (before?.cycles ?? 0) + 1;
    this.mismatches.set(asset, { difference, cycles, since: before?.since ?? receivedAt });
    if (cycles < mismatchCycles) return;
    this.mismatches.delete(asset);
    this.disagreement = `${asset} ${difference}`;
    const lines = [
      { holder: `unexplained:${this.accountId}`, asset, quantity: difference },
      {
        holder: `external:${this.accountId}`,
        asset,
        quantity: new BigNumber(difference).negated().toFixed(),
      },
    ];
    await this.post(
      `external:unexplained:${this.accountId}:${this.uuid()}`,
      lines,
      `unexplained ${difference} ${asset}`,
    );
  }

  private outside(asset: string, quantity: string): readonly TransferLine[] {
    if (new BigNumber(quantity).isZero()) return [];
    return [
      { holder: `unallocated:${this.accountId}`, asset, quantity },
      { holder: `external:${this.accountId}`, asset, quantity: new BigNumber(quantity).negated().toFixed() },
    ];
  }

  private async post(key: string, lines: readonly TransferLine[], detail: string): Promise<void> {
    if (lines.length === 0) return;
    try {
      const result = await this.store.transfer({ key, kind: 'external', lines, guarded: [] });
      if (result.kind === 'done') this.holdings.update(result.balances);
      if (result.kind !== 'done' || result.duplicate) return;
      const severity = key.startsWith('external:unexplained')
        ? 'page'
        : key.startsWith('external:opening')
          ? 'info'
          : 'warn';
      this.notify({ code: 'EXTERNAL_MOVEMENT', severity, detail, accountId: this.accountId });
    } catch (error) {
      this.posted.delete(key);
      const reason = error instanceof Error ? error.message : String(error);
      this.notify({
        code: 'EXTERNAL_UNPOSTED',
        severity: 'warn',
        detail: `${detail}: ${reason}`,
        accountId: this.accountId,
      });
    }
  }
}
