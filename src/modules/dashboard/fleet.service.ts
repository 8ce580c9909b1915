import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Subject } from 'rxjs';
import { RUNTIME } from '../../config/tokens';
import type { Runtime, Timer } from '../../runtime/runtime';
import { ExecutionService } from '../execution/execution.service';
import type { SessionView } from '../execution/types';
import { FillLogService } from '../market-making/ledger/fill-log.service';
import { LedgerRepository } from '../market-making/ledger/ledger.repository';
import type { Strategy } from '../market-making/strategy/strategy';
import { StrategyRepository } from '../market-making/strategy/strategy.repository';
import type { FleetRow } from './fleet-row';
import { fleetRow } from './fleet-row';
import { SeriesRing } from './series-ring';

const everyMs = 1_000;

export interface FleetFrame {
  readonly rows: readonly FleetRow[];
  readonly venues: readonly object[];
  readonly atMs: number;
}

/** Once a second the whole fleet as one frame, and the last ten minutes of each strategy in memory. */
@Injectable()
export class FleetService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly frames = new Subject<FleetFrame>();
  private readonly logger = new Logger('fleet');
  private readonly series = new Map<string, SeriesRing>();
  private timer: Timer | undefined;
  private isSampling = false;

  constructor(
    private readonly strategies: StrategyRepository,
    private readonly ledger: LedgerRepository,
    private readonly execution: ExecutionService,
    private readonly fills: FillLogService,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.runtime.timers.every(everyMs, () => void this.sample());
    this.fills.onFill(({ strategyId, venueTime, side, price, quantity }) =>
      this.ringOf(strategyId).addFill({ t: venueTime, side, price, quantity }),
    );
  }

  onApplicationShutdown(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.frames.complete();
  }

  seriesOf(strategyId: string): object {
    return this.ringOf(strategyId).view();
  }

  private async sample(): Promise<void> {
    if (this.isSampling) return; // A slow database thins the frames, it does not pile them up.
    this.isSampling = true;
    try {
      const strategies = await this.strategies.list();
      for (const { id } of strategies) this.remember(id, this.execution.session(id));
      this.frames.next({
        rows: await this.rows(strategies),
        venues: this.execution.health().venues.map(({ venue, publicLive, privateLive }) => ({
          ...{ venue, publicLive, privateLive },
        })),
        atMs: this.runtime.now(),
      });
    } catch (error) {
      this.logger.warn(`no frame: ${String(error)}`);
    } finally {
      this.isSampling = false;
    }
  }

  private async rows(strategies: readonly Strategy[]): Promise<readonly FleetRow[]> {
    const holders = strategies.map(({ id }) => `strategy:${id}`);
    const [totals, deposits, balances, mids] = await Promise.all([
      this.ledger.fillTotals(),
      this.ledger.deposits(),
      this.execution.balances(holders),
      this.strategies.openingMids(),
    ]);
    const counts = new Map(totals.map((row) => [row.strategyId, row.fillsCount]));
    return Promise.all(
      strategies.map(async (strategy) => {
        const { id } = strategy;
        const session = this.execution.session(id);
        const ofAsset = balances.filter((row) => row.holder === `strategy:${id}`);
        const given = deposits.filter((row) => row.strategyId === id);
        return fleetRow(strategy, session, {
          fillsCount: counts.get(id) ?? 0,
          isElsewhere: this.execution.isElsewhere(id),
          deposits: Object.fromEntries(given.map((row) => [row.asset, row.quantity])),
          openingMid: mids.get(id) ?? (await this.openingMid(strategy, session)),
          totals: Object.fromEntries(ofAsset.map((row) => [row.asset, row.total])),
        });
      }),
    );
  }

  /** The first price seen while running is kept for good: gains are counted from it. */
  private async openingMid(
    strategy: Strategy,
    session: SessionView | undefined,
  ): Promise<string | undefined> {
    const mid = session?.mid;
    if (mid === undefined || strategy.state !== 'running') return undefined;
    const reason = { code: 'OPENING_MARK', detail: `valued at ${mid}`, mid };
    await this.strategies.mark(strategy.id, reason);
    return mid;
  }

  private remember(id: string, session: SessionView | undefined): void {
    if (!session) return;
    const prices = (side: 'buy' | 'sell'): readonly number[] =>
      session.orders.filter((order) => order.side === side).map((order) => Number(order.price));
    const bids = prices('buy');
    const asks = prices('sell');
    this.ringOf(id).addPoint({
      t: this.runtime.now(),
      mid: session.mid ?? null,
      bid: bids.length > 0 ? Math.max(...bids) : null,
      ask: asks.length > 0 ? Math.min(...asks) : null,
    });
  }

  private ringOf(id: string): SeriesRing {
    const ring = this.series.get(id) ?? new SeriesRing();
    this.series.set(id, ring);
    return ring;
  }
}
