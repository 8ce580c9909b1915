import type { AccountId, InstrumentId } from '../../domain/instrument';
import type { ClientOrder } from '../../domain/order';
import type { Mono } from '../../domain/units';
import type { EvidenceSource } from '../../domain/venue-event';
import type { Runtime, Timer } from '../../runtime/runtime';
import {
  ackTimeoutMs,
  deadManApartMs,
  deadManRenewMs,
  deadManTimeoutMs,
  inFlightCycleMs,
} from './common/constants';
import type { SwitchFacts, SwitchStep, SwitchWhy } from './dead-man';
import { dueAfter, isOverdue, mayRenew, recordedFor, switchStep, tellsFired, wholeAccount } from './dead-man';
import type { SwitchLook, Switches, SwitchView } from './dead-man-words';
import { switchTrouble, switchWords } from './dead-man-words';
import type { Engine, OpenAccount } from './engine';
import { engineActor } from './gates';
import type { ArmedSwitch, SwitchRow } from './store/types';
import type { applyReport } from './trackers/apply-report';

type Parts = Pick<
  Engine,
  | 'store'
  | 'notify'
  | 'boot'
  | 'clock'
  | 'orders'
  | 'leases'
  | 'halts'
  | 'accounts'
  | 'openings'
  | 'sessions'
  | 'lifecycle'
>;
type Telling = Exclude<SwitchStep, { readonly act: 'none' }>;

/** What is known of the switch of one account. */
interface Held {
  /** Where the venue may have been told to cancel, and when it may at the earliest. */
  due: Map<string, Mono>;
  isDedicated: boolean;
  ownerId: string | undefined;
  renewedAt: Mono;
  askedAt: Mono;
  refusedAt: Mono;
  agreedAt: Mono | undefined;
  /** When it was first asked for. */
  since: Mono;
  /** When it was last heard to have fired, and the orders in memory then: what ends them says nothing new of it. */
  firedAt: Mono;
  firedOver: ReadonlySet<string>;
  why: SwitchWhy;
  isPaged: boolean;
  telling: Promise<void> | undefined;
}

/**
 * Arms, renews and ends the switches that venues offer, account by account. What the venue may do is written down before
 * it is asked, so that whoever comes after this engine knows of it; a request that fails is followed by the next
 * decision, never repeated.
 */
export class DeadManSwitches implements Switches {
  private readonly held = new Map<AccountId, Held>();
  /** Sessions that are about to trade. */
  private readonly entering = new Set<{ readonly accountId: AccountId; readonly instrument: InstrumentId }>();
  private databaseAt: Mono = -Infinity;
  private timer: Timer | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly engine: () => Parts,
  ) {}

  start(): void {
    this.timer ??= this.runtime.timers.every(inFlightCycleMs, () => {
      for (const account of this.engine().accounts.values()) void this.look(account);
    });
  }

  stop(): void {
    if (this.timer) this.runtime.timers.clear(this.timer);
    this.timer = undefined;
  }

  seen(rows: readonly SwitchRow[], askedAt: Mono): void {
    this.databaseAt = askedAt;
    const found = new Map(rows.map((row) => [row.accountId, row]));
    for (const accountId of new Set([...found.keys(), ...this.held.keys()])) {
      const { isDedicated = false, armed = null } = found.get(accountId) ?? {};
      const held = this.of(accountId);
      held.isDedicated = isDedicated;
      if (!held.telling) this.adopt(accountId, armed, askedAt);
    }
  }

  private adopt(accountId: AccountId, found: ArmedSwitch | null, askedAt: Mono): void {
    const held = this.of(accountId);
    const me = this.engine().boot.ownerId;
    if (held.ownerId === me && (found ?? held).ownerId === me) return;
    const armed = found && this.hasFired(accountId, found, askedAt) ? null : found;
    Object.assign(held, { ownerId: armed?.ownerId, agreedAt: undefined });
    const dueAt = askedAt + (armed?.dueInMs ?? 0);
    held.due = new Map(armed?.places.map((place) => [place, dueAt]));
  }

  /** Of what is still on record. It says at most a renewal more than what the venue had been told. */
  private hasFired(accountId: AccountId, { ownerId, dueInMs }: ArmedSwitch, askedAt: Mono): boolean {
    const isOver = askedAt + dueInMs < this.of(accountId).firedAt + deadManRenewMs;
    if (isOver) void this.forgetFired(accountId, ownerId);
    return isOver;
  }

  async secure(accountId: AccountId, instrument: InstrumentId): Promise<void> {
    const account = this.engine().accounts.get(accountId);
    if (!account) return;
    const entry = { accountId, instrument };
    this.entering.add(entry);
    await this.of(accountId).telling;
    await this.look(account);
    this.entering.delete(entry);
  }

  async rest(): Promise<void> {
    const all = [...this.engine().accounts.values()].map((account) => this.restOne(account));
    await Promise.race([Promise.all(all), this.runtime.sleep(ackTimeoutMs)]);
  }

  /** Once more where it is not agreed to: to end what is ended changes nothing. */
  private async restOne(account: OpenAccount): Promise<void> {
    const held = this.of(account.config.id);
    await held.telling;
    for (let ask = 0; ask < 2 && held.due.size > 0; ask += 1) {
      await this.runtime.sleep(Math.max(0, held.askedAt + deadManApartMs - this.runtime.monotonic()));
      held.refusedAt = -Infinity;
      await this.look(account);
    }
  }

  /** Looks at every order that ends: one that the venue has canceled by itself tells that the switch has fired. */
  watched(join: typeof applyReport): typeof applyReport {
    return (order, report) => {
      const joined = join(order, report);
      const source = report.kind === 'seen' ? report.source : 'local';
      if (!order.ended && joined.order.ended) this.ended(joined.order, source);
      return joined;
    };
  }

  view(accountId: AccountId): SwitchView {
    const account = this.engine().accounts.get(accountId);
    const offered = account?.connector.capabilities.cancelAllAfter ?? 'unknown';
    const { agreedAt } = this.of(accountId);
    const look = this.lookOf(accountId, account?.config.venue ?? '');
    const isArmed = look.firesInMs !== undefined;
    const atMs = (mono: Mono | undefined): number | undefined =>
      mono === undefined ? undefined : Math.round(this.runtime.now() + mono - this.runtime.monotonic());
    return {
      offered,
      state: isArmed ? (look.isOverdue ? 'late' : 'armed') : 'off',
      renewedAtMs: isArmed ? atMs(agreedAt) : undefined,
      firesAtMs: atMs(this.dueOf(accountId)),
      text: account ? switchWords(look) : 'Nothing has needed the account since this engine started.',
    };
  }

  trouble(accountId: AccountId): string | undefined {
    const isWanted = this.of(accountId).why !== 'NOT_OFFERED' && this.of(accountId).isDedicated;
    return isWanted ? switchTrouble(this.lookOf(accountId, '')) : undefined;
  }

  /** Decides and tells the venue; joins what is being told already. Never rejects. */
  private look(account: OpenAccount): Promise<void> {
    const held = this.of(account.config.id);
    if (held.telling) return held.telling;
    const step = switchStep(this.factsOf(account), this.runtime.monotonic());
    held.why = step.why;
    this.page(account.config.id, held);
    if (step.act === 'none') return Promise.resolve();
    held.telling = this.tell(account, step)
      .catch(() => this.refused(held)) // The Store is silent; the venue has not been asked.
      .finally(() => (held.telling = undefined));
    return held.telling;
  }

  private async tell(account: OpenAccount, step: Telling): Promise<void> {
    return step.act === 'disarm' ? this.disarm(account, step.places) : this.renew(account, step.places);
  }

  private async renew(account: OpenAccount, places: readonly string[]): Promise<void> {
    const { store, boot, lifecycle } = this.engine();
    const { id } = account.config;
    const held = this.of(id);
    const { ownerId } = boot;
    const now = this.runtime.monotonic();
    held.renewedAt = now;
    if (held.due.size === 0 || held.ownerId !== ownerId)
      Object.assign(held, { agreedAt: undefined, since: now });
    const dueInMs = recordedFor(held.due.values(), now);
    const all = [...new Set([...places, ...held.due.keys()])];
    const isLeaving = lifecycle.state === 'stopping';
    if (!(await store.recordSwitch(id, { ownerId, dueInMs, places: all }, isLeaving))) return;
    held.ownerId = ownerId;
    const askedAt = this.runtime.monotonic();
    held.askedAt = askedAt;
    for (const place of places) held.due.set(place, held.due.get(place) ?? askedAt + deadManTimeoutMs);
    const isAgreed = await account.connector.armDeadManSwitch(
      deadManTimeoutMs / 1_000,
      pairsOf(account, places),
      // On the stack of the write: one that waited says nothing about an engine that has stopped since.
      () => mayRenew(this.factsOf(account), this.runtime.monotonic()),
    );
    for (const place of places) held.due.set(place, dueAfter(held.due.get(place), { askedAt, isAgreed }));
    if (!isAgreed) return this.refused(held);
    held.agreedAt = askedAt;
    // Written before it could only be the earliest time; whoever takes over must not take our renewal for none.
    const dueLeft = askedAt + deadManTimeoutMs - this.runtime.monotonic();
    const agreed = { ownerId, dueInMs: Math.floor(dueLeft), places: all };
    if (held.due.size === places.length) await store.recordSwitch(id, agreed, isLeaving).catch(() => false);
  }

  private async disarm(account: OpenAccount, places: readonly string[]): Promise<void> {
    const { id } = account.config;
    const held = this.of(id);
    held.askedAt = this.runtime.monotonic();
    if (!(await account.connector.armDeadManSwitch(0, pairsOf(account, places)))) return this.refused(held);
    for (const place of places) held.due.delete(place);
    if (held.due.size > 0) return;
    const { ownerId = '' } = held;
    Object.assign(held, { ownerId: undefined, agreedAt: undefined });
    await this.engine().store.forgetSwitch(id, ownerId);
  }

  private refused(held: Held): void {
    held.refusedAt = this.runtime.monotonic();
  }

  private factsOf({ config, connector }: OpenAccount): SwitchFacts {
    const { orders, leases, clock, sessions, boot, lifecycle } = this.engine();
    const { id } = config;
    const held = this.of(id);
    const kind = connector.capabilities.cancelAllAfter;
    const running = [...sessions.values()].filter(
      ({ strategy }) => strategy.account.id === id && leases.holds(strategy.id),
    );
    const entering = [...this.entering].filter(({ accountId }) => accountId === id);
    const unended = orders
      .allUnended()
      .filter((order) => order.accountId === id && !order.ended && !leases.isElsewhere(order.strategyId));
    return {
      kind,
      isDedicated: held.isDedicated,
      isShared: leases.isTradedElsewhere(id),
      isOwnerElsewhere: held.ownerId !== undefined && leases.isTradedElsewhere(id, held.ownerId),
      isOffered: leases.isOfferedOn(id),
      isLeaving: lifecycle.state === 'stopping',
      traded: placesOf(kind, [
        ...running.map(({ strategy }) => strategy.rules.id),
        ...entering.map(({ instrument }) => instrument),
      ]),
      resting: placesOf(
        kind,
        unended.map(({ instrument }) => instrument),
      ),
      databaseAt: this.databaseAt,
      tickLateMs: clock.lateMs(),
      armed: [...held.due.keys()],
      isOurs: held.ownerId === boot.ownerId,
      dueAt: this.dueOf(id) ?? Infinity,
      renewedAt: held.renewedAt,
      askedAt: held.askedAt,
      refusedAt: held.refusedAt,
    };
  }

  private ended(order: ClientOrder, source: EvidenceSource): void {
    const { accounts, openings, orders } = this.engine();
    const open = [...accounts.values(), ...openings];
    const account = open.find(({ config }) => config.id === order.accountId);
    if (!account) return;
    const kind = account.connector.capabilities.cancelAllAfter;
    const place = kind === 'account' ? wholeAccount : order.instrument;
    const held = this.of(order.accountId);
    const now = this.runtime.monotonic();
    if (held.firedOver.has(order.clientOrderId)) return;
    if (!tellsFired(order, { kind, dueAt: held.due.get(place), source }, now)) return;
    const there = orders.allUnended().filter(({ accountId }) => accountId === order.accountId);
    held.firedAt = now;
    held.firedOver = new Set(there.map(({ clientOrderId }) => clientOrderId));
    // Behind the report that told it: whoever hears of a halt cancels what it still finds open.
    void Promise.resolve().then(() => this.fired(order));
  }

  /** A person looks before anything trades here again. What has fired is armed no more, and what it ended stays ended. */
  private async fired({ accountId, clientOrderId }: ClientOrder): Promise<void> {
    const held = this.of(accountId);
    const { ownerId } = held;
    Object.assign(held, { due: new Map(), ownerId: undefined });
    const reason = `DEAD_MAN_FIRED: the venue canceled ${clientOrderId}; its switch had not been renewed in time`;
    const scopeKey = `account:${accountId}`;
    await this.engine().halts.raise({ scopeKey, level: 'CANCEL_ONLY', reason, actor: engineActor });
    if (ownerId !== undefined) await this.forgetFired(accountId, ownerId);
  }

  /** Not before the halt is on record: until then the next engine has only the switch to find out by. */
  private async forgetFired(accountId: AccountId, ownerId: string): Promise<void> {
    const { halts, store } = this.engine();
    const halt = halts.all().find((one) => one.scopeKey === `account:${accountId}` && !one.isSaved);
    if (!halt) await store.forgetSwitch(accountId, ownerId).catch(() => undefined); // The next look tries again.
  }

  private page(accountId: AccountId, held: Held): void {
    const trouble = held.why === 'SHARED' ? undefined : this.trouble(accountId);
    if ((trouble !== undefined) === held.isPaged) return;
    held.isPaged = trouble !== undefined;
    const code = held.isPaged ? 'DEAD_MAN_NOT_RENEWED' : 'DEAD_MAN_RENEWED';
    const detail = trouble ?? "the dead-man's switch is renewed again, or nothing needs it any more";
    const severity = held.isPaged ? 'page' : 'info';
    this.engine().notify({ code, severity, detail, accountId });
  }

  private lookOf(accountId: AccountId, venue: string): SwitchLook {
    const { why, ownerId, agreedAt, since } = this.of(accountId);
    const now = this.runtime.monotonic();
    const dueAt = this.dueOf(accountId);
    const isOurs = ownerId === this.engine().boot.ownerId;
    return {
      ...{ venue, why },
      otherOwner: isOurs ? undefined : ownerId,
      renewedAgoMs: agreedAt === undefined ? undefined : now - agreedAt,
      firesInMs: dueAt === undefined ? undefined : dueAt - now,
      isOverdue: isOurs && dueAt !== undefined && isOverdue(agreedAt ?? since, now),
    };
  }

  /** When it fires: by the last renewal that the venue agreed to; otherwise by the place that is due first. */
  private dueOf(accountId: AccountId): Mono | undefined {
    const { due, agreedAt } = this.of(accountId);
    if (due.size === 0) return undefined;
    return agreedAt === undefined ? Math.min(...due.values()) : agreedAt + deadManTimeoutMs;
  }

  private of(accountId: AccountId): Held {
    const known = this.held.get(accountId);
    if (known) return known;
    const made: Held = {
      ...{ due: new Map(), isDedicated: false, ownerId: undefined, agreedAt: undefined },
      ...{ since: -Infinity, renewedAt: -Infinity, askedAt: -Infinity, refusedAt: -Infinity },
      ...{ firedAt: -Infinity, firedOver: new Set() },
      ...{ why: 'NOT_DEDICATED', isPaged: false, telling: undefined },
    };
    this.held.set(accountId, made);
    return made;
  }
}

const placesOf = (kind: SwitchFacts['kind'], pairs: readonly InstrumentId[]): readonly string[] => {
  const places = kind === 'account' ? pairs.map(() => wholeAccount) : pairs;
  return [...new Set(places)];
};

const pairsOf = ({ connector }: OpenAccount, places: readonly string[]): readonly InstrumentId[] =>
  connector.capabilities.cancelAllAfter === 'account' ? [] : places;
