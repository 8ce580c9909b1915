import BigNumber from 'bignumber.js';
import { fillKeyOf } from '../../../src/domain/fill';
import type { Fill } from '../../../src/domain/fill';
import type { Posting } from '../../../src/modules/execution/store/memory-ledger';
import type { OwnTrade } from '../../../src/venue-simulator/venue-types';
import { accountId, apiKey } from '../seed-plan';
import type { World } from '../world';
import { judgeTenant } from './tenant-judge';

/** Asked once, when every session has stopped: the books against the venue's ledger, and what is left behind. */
export class FinalJudge {
  private readonly postings: ReadonlyMap<string, readonly Posting[]>;

  constructor(private readonly world: World) {
    const postings = new Map<string, Posting[]>();
    for (const line of world.database.postings())
      postings.set(line.key, [...(postings.get(line.key) ?? []), line]);
    this.postings = postings;
  }

  judge(): void {
    this.judgeStop();
    judgeTenant(this.world);
    this.judgeEntries();
    this.judgeTrades();
    this.judgeTotals();
    this.judgeLeftovers();
    this.judgeLiveness();
  }

  private judgeStop(): void {
    const { findings, quiet, view, alerts, phases } = this.world;
    const live = [...view.standings.values()].flatMap((one) => [...one.live.values()]);
    const says = (): string =>
      `${live.length} orders live after the stop: ${live.map((o) => o.clientOrderId).join()}`;
    findings.check('I3', live.length === 0, says, live[0]?.clientOrderId);
    const stop = quiet.stop;
    const isNamed = (id: string): boolean => alerts.some(({ detail }) => detail.includes(id));
    const left = stop?.remaining.filter(({ clientOrderId }) => !isNamed(clientOrderId)) ?? [];
    const isDone = stop?.confirmed === true && quiet.stoppedAt - phases.stop <= 10_500;
    const text = stop
      ? `confirmed ${stop.confirmed}, ${left.map((o) => o.clientOrderId).join()}`
      : 'not answered';
    findings.check('I16', isDone, () => `stop: ${text}`, left[0]?.clientOrderId);
  }

  private judgeEntries(): void {
    for (const [key, lines] of this.postings) {
      const sums = new Map<string, BigNumber>();
      for (const { asset, quantity } of lines)
        sums.set(asset, (sums.get(asset) ?? new BigNumber(0)).plus(quantity));
      const isZero = [...sums.values()].every((sum) => sum.isZero());
      this.world.findings.check('I6', isZero, () => `transaction ${key} does not sum to zero`);
    }
  }

  private judgeTrades(): void {
    const { findings, view } = this.world;
    const keys = new Set<string>();
    for (const trade of view.trades) {
      const key = `fill:${this.keyOf(trade)}`;
      keys.add(key);
      const problem = this.problemOf(key, trade);
      findings.check(
        'I4',
        problem === undefined,
        () => `trade ${trade.tradeId}: ${problem}`,
        trade.clientOrderId,
      );
    }
    for (const key of this.postings.keys()) {
      if (key.startsWith('fill:'))
        findings.check('I4', keys.has(key), () => `${key} has no trade at the venue`);
    }
  }

  private keyOf(trade: OwnTrade): string {
    const market = this.world.plan.markets.find(({ symbol }) => symbol === trade.symbol)!;
    return fillKeyOf({
      ...{ venue: 'binance', accountId, instrument: `${market.base}/${market.quote}`, side: trade.side },
      ...{ tradeId: String(trade.tradeId), venueOrderId: String(trade.orderId) },
    } as Fill);
  }

  private problemOf(key: string, trade: OwnTrade): string | undefined {
    const market = this.world.plan.markets.find(({ symbol }) => symbol === trade.symbol)!;
    const lines = this.postings.get(key);
    if (!lines) return `not booked (${key})`;
    const sign = trade.side === 'buy' ? 1 : -1;
    const base = new BigNumber(market.lotSize).times(trade.quantity).times(sign);
    const quote = new BigNumber(market.tickSize).times(trade.price).times(base).negated();
    if (!ours(lines, market.base).eq(base))
      return `booked ${ours(lines, market.base).toFixed()} of ${base.toFixed()}`;
    if (!ours(lines, market.quote).eq(quote))
      return `quote ${ours(lines, market.quote).toFixed()} is not ${quote.toFixed()}`;
    const fees = this.postings.get(key.replace('fill:', 'fee:')) ?? [];
    const fee = new BigNumber(trade.fee).negated();
    return ours(fees, trade.feeAsset).eq(fee)
      ? undefined
      : `fee ${ours(fees, trade.feeAsset).toFixed()} is not ${fee.toFixed()}`;
  }

  private judgeTotals(): void {
    const { findings, core, database, plan } = this.world;
    const books = new Map<string, BigNumber>();
    const holders = [...plan.strategies.map(({ id }) => `strategy:${id}`)];
    for (const kind of ['unallocated', 'suspense', 'unexplained']) holders.push(`${kind}:${accountId}`);
    void database;
    for (const line of [...this.postings.values()].flat())
      if (holders.includes(line.holder))
        books.set(line.asset, (books.get(line.asset) ?? new BigNumber(0)).plus(line.quantity));
    for (const { asset, free, locked } of core.balances(apiKey)) {
      const shown = new BigNumber(free).plus(locked);
      const booked = books.get(asset) ?? new BigNumber(0);
      const says = (): string => `${asset}: the venue has ${shown.toFixed()}, the books ${booked.toFixed()}`;
      findings.check('I5', shown.eq(booked), says);
    }
    const odd = [...this.postings.keys()].filter(
      (key) => key.startsWith('external:') && !key.includes(':opening:'),
    );
    if (this.world.plan.rates.has('U11')) return;
    findings.check('I5', odd.length === 0, () => `external postings ${odd.join(' ')}`);
  }

  private judgeLeftovers(): void {
    const { findings, oracle } = this.world;
    const host = this.world.host();
    const timers = host.runtime.timers.active();
    findings.check('I25', timers === 0, () => `${timers} timers are left after the stop`);
    const { size } = host.link.sockets;
    findings.check('I25', size === 0, () => `${size} sockets are left after the stop`);
    if (this.world.plan.mode === 'calm') {
      const { balanceRejects } = oracle.counts;
      findings.check(
        'I2',
        balanceRejects === 0,
        () => `${balanceRejects} balance rejects in a run without faults`,
      );
    }
  }

  private judgeLiveness(): void {
    const { findings, quiet, plan } = this.world;
    if (this.world.excuse !== undefined) return;
    const { quietSamples, quietTwoSided } = quiet.sides;
    const share = quietTwoSided / Math.max(1, quietSamples);
    const floor = plan.mode === 'calm' ? 0.95 : 0.9;
    const says = (): string => `both sides quoted ${(100 * share).toFixed(1)} % of the time after the faults`;
    findings.check('I20', share >= floor, says);
  }
}

/** What a transaction moves into or out of the account: its strategies and its unallocated money. */
const ours = (lines: readonly Posting[], asset: string): BigNumber =>
  lines
    .filter((line) => line.asset === asset && /^(strategy|unallocated):/.test(line.holder))
    .reduce((sum, line) => sum.plus(line.quantity), new BigNumber(0));
