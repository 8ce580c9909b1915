import { DomainError } from '../../src/domain/errors';
import { storeTimeoutMs } from '../../src/modules/execution/common/constants';
import type { MemoryStore } from '../../src/modules/execution/store/memory-store';
import type { OrderLogLine, Store } from '../../src/modules/execution/store/types';
import { StoreUnavailable } from '../../src/modules/execution/store/types';
import type { Rng } from '../../src/runtime/runtime';
import type { Scheduler } from '../../src/runtime/scheduler';
import type { EventLog } from './event-log';

export type StoreCall = keyof Store;

/** What becomes of one call. */
export interface StoreFate {
  delayMs: number;
  /** The connection breaks before or after the transaction, and the caller cannot tell. */
  isCut: boolean;
  /** Carried out, its answer kept back. */
  isHeld: boolean;
  readonly effects: (() => void)[];
}

export interface StoreFaults {
  readonly isDown: boolean;
  onCall(name: StoreCall, fate: StoreFate, args: readonly unknown[], host: string): void;
}

export interface StoreEar {
  applied(name: StoreCall, args: readonly unknown[], result: unknown): void;
  logged(lines: readonly OrderLogLine[], host: string): void;
}

export interface StoreParts {
  readonly host: string;
  readonly store: MemoryStore;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly faults: StoreFaults;
  readonly ear: StoreEar;
  readonly log: EventLog;
  readonly isDead: () => boolean;
  readonly whenAwake: (act: () => void) => void;
}

type Lane = 'intents' | 'writes';

interface Pending {
  readonly lane: Lane;
  isApplied: boolean;
  readonly apply: () => void;
  readonly fail: (detail: string) => void;
}

const lanes: readonly Lane[] = ['intents', 'writes'];

const intents: ReadonlySet<StoreCall> = new Set<StoreCall>([
  ...(['commitIntents', 'renewLeases', 'handOver', 'takeLease', 'releaseLease'] as const),
]);
const laneOf = (name: StoreCall): Lane => (intents.has(name) ? 'intents' : 'writes');

/** One engine's way to the database: calls of a lane in order, each with a commit and an answer of its own moment. */
export class StoreAdapter implements Store {
  private readonly pending = new Set<Pending>();
  private readonly lanes: Record<Lane, number> = { intents: 0, writes: 0 };
  private readonly heldAnswers: (() => void)[] = [];
  /** Connections lost while no call was under way: as with the real client, the next call over it fails. */
  private readonly lostUnheard = new Set<Lane>();
  /** This engine alone cannot reach the database. */
  private isApart = false;

  constructor(private readonly parts: StoreParts) {}

  readonly registerEngine: Store['registerEngine'] = (...args) => this.call('registerEngine', args);
  readonly takeLease: Store['takeLease'] = (...args) => this.call('takeLease', args);
  readonly renewLeases: Store['renewLeases'] = (...args) => this.call('renewLeases', args);
  readonly releaseLease: Store['releaseLease'] = (...args) => this.call('releaseLease', args);
  readonly handOver: Store['handOver'] = (...args) => this.call('handOver', args);
  readonly rejoin: Store['rejoin'] = (...args) => this.call('rejoin', args);
  readonly recordProgress: Store['recordProgress'] = (...args) => this.call('recordProgress', args);
  readonly markStopped: Store['markStopped'] = (...args) => this.call('markStopped', args);
  readonly kill: Store['kill'] = (...args) => this.call('kill', args);
  readonly liftHalt: Store['liftHalt'] = (...args) => this.call('liftHalt', args);
  readonly onHalt: Store['onHalt'] = (changed) => {
    const { store, scheduler, rng, faults, isDead, whenAwake } = this.parts;
    store.onHalt(() => {
      if (isDead() || faults.isDown || this.isApart) return;
      scheduler.after(0.2 + rng.next(), () => isDead() || whenAwake(changed));
    });
  };
  readonly standing: Store['standing'] = (...args) => this.call('standing', args);
  readonly recordSwitch: Store['recordSwitch'] = (...args) => this.call('recordSwitch', args);
  readonly forgetSwitch: Store['forgetSwitch'] = (...args) => this.call('forgetSwitch', args);
  readonly adopt: Store['adopt'] = (...args) => this.call('adopt', args);
  readonly commitIntents: Store['commitIntents'] = (...args) => this.call('commitIntents', args);
  readonly recordAcks: Store['recordAcks'] = (...args) => this.call('recordAcks', args);
  readonly recordFills: Store['recordFills'] = (...args) => this.call('recordFills', args);
  readonly recordFee: Store['recordFee'] = (...args) => this.call('recordFee', args);
  readonly reopenOrder: Store['reopenOrder'] = (...args) => this.call('reopenOrder', args);
  readonly endOrders: Store['endOrders'] = (...args) => this.call('endOrders', args);
  readonly transfer: Store['transfer'] = (...args) => this.call('transfer', args);
  readonly load: Store['load'] = (...args) => this.call('load', args);
  readonly findOrder: Store['findOrder'] = (...args) => this.call('findOrder', args);
  readonly balances: Store['balances'] = (...args) => this.call('balances', args);
  readonly tradedSince: Store['tradedSince'] = (...args) => this.call('tradedSince', args);
  readonly now: Store['now'] = (...args) => this.call('now', args);
  readonly close: Store['close'] = () => Promise.resolve();

  readonly log: Store['log'] = (lines) => {
    if (this.parts.isDead()) return;
    this.parts.ear.logged(lines, this.parts.host);
  };

  /** Answers kept back so far. */
  get held(): number {
    return this.heldAnswers.length;
  }

  release(): void {
    for (const answer of this.heldAnswers.splice(0)) answer();
  }

  setApart(isApart: boolean): void {
    this.isApart = isApart;
    if (isApart) this.cut('the connection went away');
  }

  /** A crash of the engine, or of the database: what was under way is committed or not. */
  cut(detail: string): void {
    for (const lane of lanes)
      if (![...this.pending].some((call) => call.lane === lane)) this.lostUnheard.add(lane);
    for (const call of [...this.pending]) {
      if (!call.isApplied && this.parts.rng.next() < 0.5) call.apply();
      call.fail(detail);
    }
    this.pending.clear();
    this.heldAnswers.length = 0;
    this.lanes.intents = 0; // What comes next goes over a new connection.
    this.lanes.writes = 0;
  }

  private call<T>(name: StoreCall, args: readonly unknown[]): Promise<T> {
    const { isDead, faults, scheduler, rng } = this.parts;
    if (isDead()) return new Promise(() => undefined);
    return new Promise<T>((resolve, reject) => {
      const fail = (detail: string): void => {
        this.parts.whenAwake(() => reject(new StoreUnavailable(detail)));
      };
      if (faults.isDown || this.isApart) return void scheduler.after(2, () => fail('connection refused'));
      if (this.lostUnheard.delete(laneOf(name)))
        return void scheduler.after(0.1, () => fail('the connection was lost'));
      const fate: StoreFate = { delayMs: 0.3 + 2 * rng.next(), isCut: false, isHeld: false, effects: [] };
      faults.onCall(name, fate, args, this.parts.host);
      /** The database answers; only that nobody answered makes an outcome unknown. */
      const refuse = (error: unknown): void =>
        error instanceof DomainError ? reject(error) : fail(String(error));
      const answers = { resolve: resolve as (value: unknown) => void, refuse };
      this.carryOut({ name, args, fate }, answers, fail);
    });
  }

  private carryOut(
    {
      name,
      args,
      fate,
    }: { readonly name: StoreCall; readonly args: readonly unknown[]; readonly fate: StoreFate },
    {
      resolve,
      refuse,
    }: { readonly resolve: (value: unknown) => void; readonly refuse: (error: unknown) => void },
    fail: (detail: string) => void,
  ): void {
    const { scheduler, rng } = this.parts;
    let result: Promise<unknown> | undefined;
    const lane = laneOf(name);
    const call: Pending = {
      lane,
      isApplied: false,
      apply: () => {
        call.isApplied = true;
        result = this.run(name, args);
      },
      fail,
    };
    this.pending.add(call);
    this.lanes[lane] = Math.max(this.lanes[lane], scheduler.elapsed + fate.delayMs);
    scheduler.after(this.lanes[lane] - scheduler.elapsed, () => {
      if (!this.pending.has(call)) return;
      if (fate.isCut) {
        this.pending.delete(call);
        if (rng.next() < 0.5) call.apply();
        for (const tell of fate.effects) tell();
        return fail('connection reset');
      }
      call.apply();
      const answer = (): void => {
        if (!this.pending.delete(call) || this.parts.isDead()) return;
        for (const tell of fate.effects) tell();
        this.parts.whenAwake(() => void result!.then(resolve, refuse));
      };
      if (fate.isHeld) this.hold(call, answer);
      else scheduler.after(0.2, answer);
    });
  }

  /** Nobody waits for the database for ever: an answer that is not let go in time is given up, as by its real client. */
  private hold(call: Pending, answer: () => void): void {
    this.heldAnswers.push(answer);
    this.parts.scheduler.after(storeTimeoutMs, () => {
      if (this.pending.delete(call)) call.fail('query timed out');
    });
  }

  private run(name: StoreCall, args: readonly unknown[]): Promise<unknown> {
    const { store, ear, log, host } = this.parts;
    const method = store[name] as (...values: readonly unknown[]) => Promise<unknown>;
    const result = method.apply(store, args as unknown[]);
    log.add(host, `# ${name}`, '', name !== 'renewLeases');
    void result.then(
      (value) => ear.applied(name, args, value),
      () => undefined, // A refusal; whoever asked is told.
    );
    return result;
  }
}
