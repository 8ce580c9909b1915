import BigNumber from 'bignumber.js';
import { apiKey } from '../seed-plan';
import type { World } from '../world';
import { floors, quietShare } from './floors';
import { LedgerView } from './ledger-view';
import { judgeTenant } from './tenant-judge';

/** Asked once, when every session has stopped: the books against the venue's ledger, and what is left behind. */
export class FinalJudge {
  private readonly books: LedgerView;

  constructor(private readonly world: World) {
    this.books = new LedgerView(world);
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
    const { findings, quiet, view, alerts, hosts } = this.world;
    const live = [...view.standings.values()].flatMap((one) => [...one.live.values()]);
    const says = (): string =>
      `${live.length} orders live after the stop: ${live.map((o) => o.clientOrderId).join()}`;
    findings.check('I3', live.length === 0, says, live[0]?.clientOrderId);
    const stop = quiet.stop;
    const isNamed = (id: string): boolean => alerts.some(({ detail }) => detail.includes(id));
    const left = stop?.remaining.filter(({ clientOrderId }) => !isNamed(clientOrderId)) ?? [];
    // Each has its time from when it was told; that every one was told and has answered is asked as well.
    const { count, slowestMs } = quiet.stops;
    const engines = hosts.all.length;
    const isDone = stop?.confirmed === true && slowestMs <= 10_500 && count === engines;
    const text =
      `${count} of ${engines} engines have answered, the slowest after ${Math.round(slowestMs)} ms, ` +
      `confirmed ${stop?.confirmed}, ${left.map((o) => o.clientOrderId).join()}`;
    findings.check('I16', isDone, () => `stop: ${text}`, left[0]?.clientOrderId);
  }

  private judgeEntries(): void {
    for (const [key, lines] of this.books.postings) {
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
      keys.add(this.books.keyOf(trade));
      const problem = this.books.problemOf(trade);
      const says = (): string => `trade ${trade.tradeId}: ${problem}`;
      findings.check('I4', problem === undefined, says, trade.clientOrderId);
    }
    for (const key of this.books.postings.keys()) {
      if (key.startsWith('fill:'))
        findings.check('I4', keys.has(key), () => `${key} has no trade at the venue`);
    }
  }

  private judgeTotals(): void {
    const { findings, plan, core } = this.world;
    for (const { asset, shown, booked } of this.books.totals([])) {
      const says = (): string => `${asset}: the venue has ${shown.toFixed()}, the books ${booked.toFixed()}`;
      findings.check('I5', shown.eq(booked), says);
    }
    for (const { asset, locked } of core.balances(apiKey)) {
      const due = this.plantedHold(asset);
      const says = (): string =>
        `${asset}: ${locked} is locked at the venue, orders of others hold ${due.toFixed()}`;
      findings.check('I5', due.eq(locked), says);
    }
    const odd = [...this.books.postings.keys()].filter(
      (key) => key.startsWith('external:') && !key.includes(':opening:'),
    );
    // U9 makes our quotes meet an order of a person on the same account, which is as foreign as one of U11.
    if (plan.rates.has('U11') || plan.rates.has('U9')) return;
    findings.check('I5', odd.length === 0, () => `external postings ${odd.join(' ')}`);
  }

  /** What the orders of other people keep of an asset: they only buy. */
  private plantedHold(asset: string): BigNumber {
    const { core, plan, oracle } = this.world;
    let sum = new BigNumber(0);
    for (const { symbol, quote, tickSize, lotSize } of plan.markets) {
      if (quote !== asset) continue;
      for (const { orderId, price, quantity, filled } of core.openOrders(apiKey, symbol))
        if (oracle.planted.some((one) => one.symbol === symbol && one.orderId === orderId))
          sum = sum.plus(
            new BigNumber(tickSize)
              .times(price)
              .times(lotSize)
              .times(quantity - filled),
          );
    }
    return sum;
  }

  private judgeLeftovers(): void {
    const { findings, oracle } = this.world;
    for (const { runtime, link } of this.world.hosts.all) {
      const timers = runtime.timers.active();
      findings.check('I25', timers === 0, () => `${timers} timers are left after the stop`);
      const { size } = link.sockets;
      findings.check('I25', size === 0, () => `${size} sockets are left after the stop`);
    }
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
    if (this.world.excuse !== undefined || quiet.sides.quietSamples === 0) return;
    const share = quietShare(quiet.sides);
    const floor = plan.mode === 'calm' ? floors.calm.quiet : floors.faulty.quiet;
    const says = (): string => `both sides quoted ${(100 * share).toFixed(1)} % of the time after the faults`;
    findings.check('I20', share >= floor, says);
  }
}
