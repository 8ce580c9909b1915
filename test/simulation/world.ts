import { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { Build } from '../../src/modules/execution/store/types';
import type { Notice } from '../../src/modules/execution/common/notices';
import type { OwnTrade } from '../../src/venue-simulator/venue-types';
import { crowd } from '../../src/venue-simulator/core';
import { Scheduler } from '../../src/runtime/scheduler';
import type { Rng } from '../../src/runtime/runtime';
import { DatabaseCopy } from './database-copy';
import { Desk } from './desk';
import { EventLog } from './event-log';
import { FaultBoard } from './fault-board';
import { faultRows } from './faults/index';
import type { FaultWorld } from './faults/row';
import { Host } from './host';
import type { HostParts } from './host';
import { Hosts } from './hosts';
import type { Mutant } from './mutants/mutant';
import { Latency } from './latency';
import { watchDecisions } from './oracle/decision-judge';
import { Findings } from './oracle/findings';
import { excusesOf, haltExcuse } from './oracle/excuses';
import type { Excuse } from './oracle/excuses';
import { Judges, truthOf } from './oracle/judges';
import { isBooked, Oracle, rowOf } from './oracle/oracle';
import { QuietJudge } from './oracle/quiet-judge';
import { FinalJudge } from './oracle/final-judge';
import { cheapSignature } from './plain-knowledge';
import { People } from './people';
import { phasesOf } from './phases';
import { foreignId, plantForeign } from './planted';
import type { Phases } from './phases';
import type { SeedPlan } from './seed-plan';
import { accountId, apiKey, rngOf } from './seed-plan';
import type { Schedule } from './strikes';
import { stopAll } from './stopping';
import type { SimVenue } from './venue';
import { venueOf } from './venue';

export interface WorldOptions {
  readonly isSigningWithCcxt: boolean;
  readonly trace?: ((line: string) => void) | undefined;
  /** The faults, instead of those the seed would draw. */
  readonly schedule?: Schedule | undefined;
  /** A bug on purpose: the run then ends at the first violation of an invariant that must notice it. */
  readonly mutant?: Mutant | undefined;
}

export interface Alert extends Notice {
  readonly atMs: number;
}

const mostAtOnce = 200_000;
const noWait = (): number => 0;
/** Up to 50 ms lie between a signature and its write where the product's own transport is played. */
const drawnWait = (rng: Rng): number => 50 * rng.next();

/** One seed: a venue, a database, an engine that may die and come back, faults between them, and the judge. */
export class World implements FaultWorld {
  readonly scheduler = new Scheduler();
  readonly phases: Phases;
  readonly findings: Findings;
  readonly log: EventLog;
  readonly oracle: Oracle;
  readonly venue: SimVenue;
  readonly database: MemoryStore;
  readonly board = new FaultBoard();
  readonly alerts: Alert[] = [];
  readonly quiet: QuietJudge;
  readonly judges: Judges;
  readonly stats = { boots: 0, lifted: 0, reached: 0, fired: 0 };
  readonly hosts: Hosts;
  installation: string | undefined;
  private readonly rng: Rng;
  private readonly desk: Desk;
  private readonly people: People;
  private copy: DatabaseCopy | undefined;
  private wallStepMs = 0;
  private steps = 0;
  private stepAt = -1;
  private isStuck = false;

  constructor(
    readonly plan: SeedPlan,
    private readonly options: WorldOptions,
  ) {
    const { scheduler } = this;
    this.rng = rngOf(plan.seed);
    this.phases = phasesOf(plan.minutes);
    this.log = new EventLog(scheduler, options.trace);
    this.findings = new Findings(() => scheduler.elapsed);
    this.venue = venueOf(plan, scheduler, options.isSigningWithCcxt ? undefined : cheapSignature);
    this.database = new MemoryStore({ now: () => Math.floor(plan.startMs + scheduler.elapsed) });
    this.oracle = new Oracle({
      plan,
      core: this.venue.core,
      rules: this.venue.rules,
      reader: this.venue.reader,
      store: this.database,
      findings: this.findings,
      now: () => scheduler.elapsed,
      installation: () => this.installation,
      truth: truthOf(this),
    });
    this.judges = new Judges(this);
    for (const { id, number, market } of plan.strategies) {
      const instrument = `${market.base}/${market.quote}`;
      this.database.assignStrategy(id, accountId, { number, instrument });
    }
    this.database.switches.declare(accountId, plan.isDedicated === true);
    this.quiet = new QuietJudge(this);
    this.board.plant(this, plan.rates, this.rng.fork('fault-board'), options.schedule);
    this.desk = new Desk({
      ...{ plan, log: this.log, now: () => scheduler.elapsed },
      lifted: (level) => {
        this.stats.lifted += 1;
        this.judges.coverage.lifted(level);
      },
    });
    this.hosts = new Hosts({
      boot: (seat, isAnother) =>
        this.boot({ engineId: isAnother ? `sim-${this.stats.boots}` : seat === 0 ? 'sim' : 'sim-b' }),
      after: (ms, act) => scheduler.after(ms, act),
      strategies: plan.strategies,
      log: (what, host) => this.log.add('world', what, host.parts.name),
    });
    this.people = new People(this);
    this.hosts.open(plan.hasStandby ? 2 : 1);
  }

  get core(): SimVenue['core'] {
    return this.venue.core;
  }

  get view(): Oracle['view'] {
    return this.oracle.view;
  }

  host(): Host {
    return this.hosts.elect();
  }

  /** The engine that trades a strategy. */
  readonly engineOf = (strategyId: string): Host['engine'] => this.hosts.ownerOf(strategyId).engine;

  now(): number {
    return this.scheduler.elapsed;
  }

  after(ms: number, act: () => void): void {
    this.scheduler.after(ms, act);
  }

  /** Lets the whole run pass. Stops at the first violation. */
  run(): void {
    const { phases } = this;
    this.after(phases.chaos, () => void (this.board.isOn = true));
    this.after(phases.quiet, () => this.heal());
    this.after(phases.stop, () => stopAll(this));
    const second = (): void => {
      this.board.second();
      this.quiet.probe();
      this.judges.probe();
      this.desk.look(this.host());
      if (this.now() < phases.end - 1) this.after(1_000, second);
    };
    this.after(1_371, second);
    this.plantForeign();
    drainMicrotasks();
    while (!this.isOver && this.scheduler.runNext(phases.end)) {
      drainMicrotasks();
      this.guard();
    }
    if (!this.isOver) this.judges.end();
    if (!this.isOver) new FinalJudge(this).judge();
  }

  /** What happened is enough to know. */
  private get isOver(): boolean {
    const { violations } = this.findings;
    const { mutant } = this.options;
    if (this.isStuck || !mutant) return this.isStuck || violations.length > 0;
    return violations.some(({ invariant }) => mutant.expect.includes(invariant));
  }

  /** An engine that never lets time pass would never end. */
  private guard(): void {
    const { elapsedMicros } = this.scheduler;
    this.steps = elapsedMicros === this.stepAt ? this.steps + 1 : 0;
    this.stepAt = elapsedMicros;
    const says = (): string => `${this.steps} events without a microsecond between them`;
    this.isStuck = this.steps > mostAtOnce;
    if (this.isStuck) this.findings.check('I25', false, says);
  }

  take(symbol: string, side: 'buy' | 'sell', lots: number, limit?: number): void {
    this.venue.take(symbol, side, lots, limit);
  }

  push(symbol: string, bps: number): void {
    this.venue.flow.push(symbol, bps);
  }

  stand(symbol: string, side: 'buy' | 'sell', price: number, lots: number): void {
    const terms = { account: crowd, clientOrderId: '', type: 'limit', timeInForce: 'GTC' } as const;
    this.core.place({ ...terms, symbol, side, price, quantity: lots, stp: 'NONE' });
  }

  crash(downMs: number, host = this.host(), isAnother = false): void {
    this.hosts.crash(host, downMs, isAnother);
  }

  hostOf(name: string): Host | undefined {
    return this.hosts.named(name);
  }

  allHosts(): readonly Host[] {
    return this.hosts.all;
  }

  hasStandby(): boolean {
    return this.hosts.hasStandby;
  }

  terminate(downMs: number): void {
    this.end(this.host(), downMs, 'stop');
  }

  handOver(host: Host, downMs: number): boolean {
    return this.end(host, downMs, 'handOver');
  }

  private end(host: Host, downMs: number, way: 'stop' | 'handOver'): boolean {
    const stopped = [...this.view.standings.keys()].map((number) => `${host.parts.name}|${number}`);
    this.hosts.terminate(host, downMs, () => stopped.forEach((key) => this.oracle.stopped.delete(key)), way);
    if (host.isStopping) stopped.forEach((key) => this.oracle.stopped.add(key));
    return host.isStopping;
  }

  isDurable(clientOrderId: string): boolean {
    return rowOf(this.database, clientOrderId) !== undefined;
  }

  isAcknowledged(clientOrderId: string): boolean {
    return rowOf(this.database, clientOrderId)?.venueOrderId !== undefined;
  }

  unbooked(): readonly OwnTrade[] {
    return this.view.trades.filter((trade) => !isBooked(this.database, trade));
  }

  isOurs(symbol: string, orderId: number): boolean {
    const order = this.core.order({ account: apiKey, symbol, orderId });
    return order !== undefined && this.view.strategyOf(order.clientOrderId) !== undefined;
  }

  arrivals(): number {
    return this.oracle.arrivedIds.size;
  }

  copyDatabase(): void {
    this.copy = new DatabaseCopy(this.database);
  }

  restoreDatabase(): void {
    this.log.add('world', 'database set back', '');
    this.copy?.restore();
    this.judges.setBack();
  }

  ownerOf(strategyId: string): Host {
    return this.hosts.ownerOf(strategyId);
  }

  readonly reconfigure: FaultWorld['reconfigure'] = (...change) => this.people.reconfigure(...change);
  readonly startWhileStopping: FaultWorld['startWhileStopping'] = (...call) =>
    this.people.startWhileStopping(...call);

  check(invariant: string, isHeld: boolean, says: () => string): void {
    this.findings.check(invariant, isHeld, says);
  }

  bootBeside(build: Build): Host {
    return this.boot({ engineId: 'sim-other', build });
  }

  hasArrived(clientOrderId: string): boolean {
    return this.oracle.arrivedIds.has(clientOrderId);
  }

  freeze(ms: number): void {
    this.log.add('world', 'freeze', String(ms));
    this.host().standStill(ms);
  }

  stepWall(ms: number): void {
    this.wallStepMs += ms;
    this.log.add('world', 'wall step', String(ms));
  }

  setDatabaseDown(isDown: boolean): void {
    this.board.isDown = isDown;
    this.log.add('world', isDown ? 'database down' : 'database up', '');
    if (isDown) for (const host of this.hosts.all) host.store.cut('the database went away');
  }

  note(row: string, text: string): void {
    this.log.add('fault', row, text);
  }

  private boot(identity: Pick<HostParts, 'engineId' | 'build'>): Host {
    this.stats.boots += 1;
    const { plan, scheduler, board, log } = this;
    const { ears } = this.judges;
    const host = new Host({
      name: `e${this.stats.boots}`,
      ...identity,
      configOf: (strategy) => this.people.configOf(strategy),
      plan,
      scheduler,
      rng: this.rng,
      store: this.database,
      wallOffsetMs: (elapsed) => plan.wallOffsetMs + (elapsed * plan.driftPpm) / 1e6 + this.wallStepMs,
      link: {
        door: this.venue.door,
        reader: this.venue.reader,
        drawWriteMs: this.options.isSigningWithCcxt ? drawnWait : noWait,
        venueFaults: this.venue.faults,
        faults: board,
        log,
        ear: ears,
        latency: new Latency(this.rng.fork('latency')),
      },
      database: { faults: board, ear: ears, log },
      isSigningWithCcxt: this.options.isSigningWithCcxt,
      planted: this.options.mutant?.plant({ world: this, reached: () => void (this.stats.reached += 1) }),
      watch: (decide) => watchDecisions(this.findings, decide),
      notify: (notice) => this.notified(notice),
      booted: (engine, made) => this.judges.booted(engine, made),
      wrote: (text) => this.judges.wrote(text),
      broke: (what, error) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.judges.wrote(text);
        this.findings.check('I25', false, () => `${what}: ${text}`);
      },
    });
    log.add('world', 'boot', host.parts.name);
    host.start();
    return host;
  }

  /** What the effective rows of this seed excuse. */
  get excuses(): readonly Excuse[] {
    const near = (this.plan.limitCodes ?? []).map((code) => ({ row: 'limits', code }));
    const fired = this.plan.isDedicated ? [{ row: 'switch', code: 'DEAD_MAN_FIRED' }] : [];
    return [...near, ...fired, ...excusesOf(faultRows, this.board.hits)];
  }

  /** A halt that a row of this seed excuses: nobody quotes until a person has looked. */
  get excuse(): Excuse | undefined {
    return haltExcuse(this.excuses, this.alerts);
  }

  private notified(notice: Notice): void {
    this.alerts.push({ ...notice, atMs: this.now() });
    this.judges.noticed(notice);
    this.log.add('alert', `${notice.severity} ${notice.code}`, notice.detail);
  }

  private heal(): void {
    this.log.add('world', 'quiet', '');
    this.board.heal();
  }

  /** Orders of other people, far from the market: no sweep may touch them. */
  private plantForeign(): void {
    const { plan } = this;
    const place = (): void => {
      const id = this.host().engine?.boot.installation;
      if (id === undefined) return this.after(50, place);
      this.installation = id;
      for (const { symbol } of plan.markets)
        this.plant(symbol, foreignId(this.rng.fork(`planted/${symbol}`), id));
    };
    place();
  }

  plant(symbol: string, clientOrderId: string): boolean {
    if (this.plan.isDedicated) return false;
    const market = this.plan.markets.find((one) => one.symbol === symbol)!;
    const orderId = plantForeign(this.core, market, clientOrderId);
    if (orderId !== undefined) this.oracle.planted.push({ symbol, orderId });
    return orderId !== undefined;
  }
}
