import BigNumber from 'bignumber.js';
import type { Fill } from '../../../domain/fill';
import { fillKeyOf } from '../../../domain/fill';
import type { Dec, Ms } from '../../../domain/units';
import { venueKey } from '../../../domain/venue-key';
import { scopeKeysOf, stopsCreates } from './halt-scopes';
import type { HeldOrder } from './intent-row';
import { changed, heldNow, inOrderOfCommit, intentRow, isUnshown, needsOf, rowOf } from './intent-row';
import { assertBalanced, feeLines, fillLines, holdersOf, plain, storedFill } from './ledger';
import { holdersOn, strategyHolder, tradedBy } from './ledger';
import { MemoryBoots } from './memory-boots';
import { MemoryHalts } from './memory-halts';
import type { KnownStrategy } from './memory-leases';
import { MemoryLeases, tradedOn } from './memory-leases';
import { MemoryLedger } from './memory-ledger';
import type { Posting } from './memory-ledger';
import { MemorySwitches } from './memory-switches';
import type {
  Adopted,
  Adoption,
  Balance,
  CommitVerdict,
  FillResult,
  Halt,
  HaltedScope,
  IntentBatch,
  NewHalt,
  OrderEnd,
  OrderLogLine,
  OrderRow,
  Registration,
  Store,
  LeaseEnd,
  TakenLease,
  Traded,
  TradeCursor,
  Transfer,
  TransferResult,
} from './types';

const maxLogLines = 10_000;

/** The Store without a disk: the same answers as Postgres, at once, for tests, simulation and the bench. */
export class MemoryStore implements Store {
  private readonly leases: MemoryLeases;
  private readonly ledger: MemoryLedger;
  private readonly orders = new Map<string, HeldOrder>();
  /** Unended orders by strategy and slot. */
  private readonly open = new Map<string, Map<string, string>>();
  private readonly byVenueId = new Map<string, string>();
  private readonly fills = new Map<string, Fill>();
  private readonly bookedAt = new Map<string, Ms>();
  private readonly cursors = new Map<string, TradeCursor>();
  private readonly strategies = new Map<string, KnownStrategy>();
  private readonly halts: MemoryHalts;
  private readonly boots: MemoryBoots;
  readonly switches: MemorySwitches;
  private readonly lines: OrderLogLine[] = [];
  private readonly haltListeners = new Set<() => void>();

  constructor(private readonly options: { readonly now: () => Ms }) {
    this.ledger = new MemoryLedger(options.now);
    this.halts = new MemoryHalts(options.now);
    this.boots = new MemoryBoots(options.now);
    this.leases = new MemoryLeases(options.now, (ownerId) => this.boots.buildOf(ownerId));
    this.switches = new MemorySwitches(options.now, () => this.leases.elsewhere('', this.strategies));
  }

  /** Says what the database knows from its table of strategies: where the money of one lies, and what may halt it. */
  assignStrategy(strategyId: string, accountId: string, more: Partial<KnownStrategy> = {}): void {
    const number = this.strategies.size + 1;
    const known = { number, venue: 'binance', instrument: 'BTC/USDT', ...more, accountId };
    this.strategies.set(strategyId, known);
  }

  readonly postings = (): readonly Posting[] => this.ledger.postings();
  readonly logLines = (): readonly OrderLogLine[] => this.lines;

  registerEngine(
    ...[engine, nonces, bootWindowMs]: Parameters<Store['registerEngine']>
  ): Promise<Registration> {
    const lifted = this.halts.lastLifted(`engine:${engine.engineId}`) ?? 0;
    const since = Math.max(this.options.now() - bootWindowMs, lifted);
    return Promise.resolve(this.boots.register(engine, nonces, since));
  }

  readonly rejoin: Store['rejoin'] = (...args) => Promise.resolve(this.boots.rejoin(...args));

  /** Nobody watches an engine that lives in memory. */
  recordProgress(): Promise<Ms> {
    return this.now();
  }

  readonly markStopped: Store['markStopped'] = (id) => Promise.resolve(this.boots.stopped(id));

  takeLease(strategyId: string, ownerId: string, ttlMs: number): Promise<TakenLease | undefined> {
    const isHalted = this.halts.forbids(scopeKeysOf(strategyId, this.strategies.get(strategyId)));
    return new Promise((answer) =>
      answer(isHalted ? undefined : this.leases.take(strategyId, ownerId, ttlMs)),
    );
  }

  kill(halt: NewHalt): Promise<HaltedScope> {
    const kept = this.halts.add(halt);
    const members = this.membersOf(halt.scopeKey);
    if (stopsCreates(halt)) this.leases.halt(members);
    const strategies = [...members].map((id) => {
      const { number, accountId } = this.strategies.get(id)!;
      return { id, number, accountId };
    });
    this.tellHalt();
    return Promise.resolve({ halt: this.withLeases(kept), strategies });
  }

  liftHalt({ scopeKey }: Parameters<Store['liftHalt']>[0]): Promise<readonly Halt[]> {
    const lifted = this.halts.lift(scopeKey).map((halt) => this.withLeases(halt));
    this.tellHalt();
    return Promise.resolve(lifted);
  }

  onHalt(changed: () => void): void {
    this.haltListeners.add(changed);
  }

  standing(ownerId: string): ReturnType<Store['standing']> {
    const halts = this.halts.all().map((halt) => this.withLeases(halt));
    const elsewhere = this.leases.elsewhere(ownerId, this.strategies);
    const offered = this.leases.offered(this.strategies);
    return Promise.resolve({ halts, elsewhere, offered, switches: this.switches.rows() });
  }

  readonly recordSwitch: Store['recordSwitch'] = (...args) => Promise.resolve(this.switches.record(...args));
  readonly forgetSwitch: Store['forgetSwitch'] = (...args) => Promise.resolve(this.switches.forget(...args));

  adopt(order: Adoption): Promise<Adopted> {
    return Promise.resolve(this.adopted(order));
  }

  readonly renewLeases: Store['renewLeases'] = (...args) => Promise.resolve(this.leases.renew(...args));

  releaseLease(strategyId: string, ownerId: string, end?: LeaseEnd): Promise<void> {
    this.leases.release(strategyId, ownerId, end);
    return Promise.resolve();
  }

  handOver(...[strategyId, ownerId, offerMs]: Parameters<Store['handOver']>): Promise<boolean> {
    const open = [...(this.open.get(strategyId)?.values() ?? [])];
    const isProven = !open.some((id) => isUnshown(this.orders.get(id)!));
    const isGiven = isProven && this.leases.handOver(strategyId, ownerId, offerMs);
    if (isGiven) this.tellHalt();
    return Promise.resolve(isGiven);
  }

  commitIntents(
    batches: readonly IntentBatch[],
    createDeadlineMs: number,
  ): Promise<ReadonlyMap<string, CommitVerdict>> {
    const verdicts = batches.map(
      (batch) => [batch.strategyId, this.commitBatch(batch, createDeadlineMs)] as const,
    );
    return Promise.resolve(new Map(verdicts));
  }

  recordAcks(
    acks: readonly { readonly clientOrderId: string; readonly venueOrderId: string }[],
  ): Promise<void> {
    for (const { clientOrderId, venueOrderId } of acks) {
      const order = this.orders.get(clientOrderId);
      if (order && order.venueOrderId === undefined) this.put(changed(order, { venueOrderId }));
    }
    return Promise.resolve();
  }

  recordFills(fills: readonly Fill[], cursors: readonly TradeCursor[]): Promise<readonly FillResult[]> {
    const results = fills.map((fill) => this.bookFill(fill));
    for (const cursor of cursors) this.cursors.set(`${cursor.accountId}|${cursor.instrument}`, cursor);
    const priced = results.map((result, index): FillResult => {
      if (result.kind === 'conflict') return result;
      return { ...result, balances: this.ledger.balances(holdersOf(fills[index]!)) };
    });
    return Promise.resolve(priced);
  }

  readonly recordFee: Store['recordFee'] = (fill) => Promise.resolve(this.postFee(fill));

  endOrders(ends: readonly OrderEnd[]): Promise<readonly Balance[]> {
    const touched: string[] = [];
    for (const { clientOrderId, ended, venueOrderId } of ends) {
      const order = this.orders.get(clientOrderId);
      if (!order || order.ended) continue;
      const at = Math.round(ended.at);
      this.put(changed(order, { venueOrderId, ended: { ...ended, at } }));
      this.ledger.release(strategyHolder(order.strategyId), order.holdAsset, heldNow(order));
      touched.push(strategyHolder(order.strategyId));
    }
    return Promise.resolve(this.ledger.balances(touched));
  }

  reopenOrder(clientOrderId: string): Promise<readonly Balance[]> {
    const order = this.orders.get(clientOrderId);
    if (!order?.ended || new BigNumber(order.bookedFilled).gte(order.quantity)) return Promise.resolve([]);
    this.put({ ...order, ended: undefined, slotKey: `reopened-${clientOrderId}` });
    this.ledger.release(strategyHolder(order.strategyId), order.holdAsset, heldNow(order).negated());
    return this.balances([strategyHolder(order.strategyId)]);
  }

  async transfer(transfer: Transfer): Promise<TransferResult> {
    assertBalanced(transfer.key, transfer.lines);
    return await Promise.resolve(this.ledger.transfer(transfer));
  }

  load(accountId: string): ReturnType<Store['load']> {
    const orders = [...this.orders.values()].filter((one) => one.accountId === accountId && !one.ended);
    const ids = [...this.strategies].filter(([, known]) => known.accountId === accountId).map(([id]) => id);
    return Promise.resolve({
      orders: orders.sort(inOrderOfCommit).map(rowOf),
      cursors: [...this.cursors.values()]
        .filter((cursor) => cursor.accountId === accountId)
        .sort((a, b) => (a.instrument < b.instrument ? -1 : 1)),
      pendingFees: [...this.fills.values()].filter((f) => f.accountId === accountId && f.fee === undefined),
      holders: holdersOn(accountId, ids),
      instruments: tradedOn(accountId, this.strategies),
      settled: this.ledger.settled(accountId),
    });
  }

  findOrder(by: Parameters<Store['findOrder']>[0]): Promise<OrderRow | undefined> {
    const id = 'clientOrderId' in by ? by.clientOrderId : this.byVenueId.get(venueKey(by, by.venueOrderId));
    const order = id === undefined ? undefined : this.orders.get(id);
    return Promise.resolve(order && rowOf(order));
  }

  balances(holders: readonly string[]): Promise<readonly Balance[]> {
    return Promise.resolve(this.ledger.balances(holders));
  }

  tradedSince(strategyId: string, from: Ms, liftedCodes: readonly string[]): Promise<Traded> {
    const since = Math.max(from, this.halts.lastLifted(`strategy:${strategyId}`, liftedCodes) ?? from);
    const isIt = ([key, fill]: readonly [string, Fill]): boolean =>
      fill.strategyId === strategyId && this.bookedAt.get(key)! >= since;
    const fills = [...this.fills].filter(isIt).map(([, fill]) => fill);
    return Promise.resolve({ since, ...tradedBy(fills) });
  }

  readonly now: Store['now'] = () => Promise.resolve(this.options.now());

  log(lines: readonly OrderLogLine[]): void {
    this.lines.push(...lines);
    if (this.lines.length > maxLogLines) this.lines.splice(0, this.lines.length - maxLogLines);
  }

  close(): Promise<void> {
    return Promise.resolve(); // Nothing to close: it lives as long as its process.
  }

  private tellHalt(): void {
    for (const changed of this.haltListeners) changed();
  }

  private membersOf(scopeKey: string): ReadonlySet<string> {
    const ids = [...this.strategies].filter(([id, known]) => scopeKeysOf(id, known).includes(scopeKey));
    return new Set(ids.map(([id]) => id));
  }

  private withLeases(halt: Omit<Halt, 'leases'>): Halt {
    return { ...halt, leases: this.leases.haltedAmong(this.membersOf(halt.scopeKey)) };
  }

  private adopted({ strategyNumber, ownerId, ...order }: Adoption): Adopted {
    const row = this.orders.get(order.clientOrderId);
    if (row) return { kind: 'known', row: rowOf(row) };
    const found = [...this.strategies].find(([, { number }]) => number === strategyNumber);
    if (found?.[1].accountId !== order.accountId) return { kind: 'foreign' };
    const [strategyId] = found;
    if (this.leases.isElsewhere(strategyId, ownerId)) return { kind: 'elsewhere' };
    const before = [...this.orders.values()].filter(
      (one) => one.strategyId === strategyId && one.slotKey.startsWith('adopted-'),
    );
    const at = Math.floor(this.options.now());
    const made: HeldOrder = {
      ...{ ...order, strategyId, slotKey: `adopted-${before.length + 1}`, type: 'limit', timeInForce: 'gtc' },
      ...{ price: plain(order.price), quantity: plain(order.quantity), holdRate: plain(order.holdRate) },
      ...{ epoch: 0, committedAt: at, deadlineAt: at, ended: undefined },
      bookedFilled: this.bookedOf(order.clientOrderId), // Its fills may be there without it.
    };
    this.put(made);
    this.ledger.release(strategyHolder(strategyId), made.holdAsset, heldNow(made).negated());
    return { kind: 'adopted', row: rowOf(made) };
  }

  private commitBatch(batch: IntentBatch, createDeadlineMs: number): CommitVerdict {
    const { strategyId, epoch } = batch;
    const refusal = this.leases.refusal(batch) ?? this.occupied(batch);
    if (refusal) return { kind: 'refused', ...refusal };
    const rows = batch.orders.map(intentRow);
    const short = this.ledger.reserve(strategyHolder(strategyId), needsOf(rows));
    if (short !== undefined) return { kind: 'refused', reason: 'INSUFFICIENT_FUNDS', detail: short };
    const committedAt = Math.floor(this.options.now());
    const deadlineAt = committedAt + createDeadlineMs;
    for (const row of rows) {
      const facts = { venueOrderId: undefined, bookedFilled: '0', ended: undefined };
      this.put({ strategyId, epoch, committedAt, deadlineAt, ...facts, ...row });
    }
    return { kind: 'committed', committedAt, deadlineAt };
  }

  private occupied({ strategyId, orders }: IntentBatch): CommitRefused | undefined {
    const open = this.open.get(strategyId);
    const slots = new Set<string>();
    for (const { slotKey, clientOrderId } of orders) {
      if (open?.has(slotKey) || slots.has(slotKey) || this.orders.has(clientOrderId)) {
        return { reason: 'SLOT_OCCUPIED', detail: `${slotKey} or ${clientOrderId} is in use` };
      }
      slots.add(slotKey);
    }
    return undefined;
  }

  private postFee(fill: Fill): FillResult {
    if (fill.fee === undefined || fill.feeAsset === undefined) {
      return { kind: 'conflict', detail: 'the fill still has no fee' };
    }
    const key = fillKeyOf(fill);
    const stored = this.fills.get(key);
    if (!stored) return { kind: 'conflict', detail: 'the fill is not booked' };
    const bookedFilled = this.bookedOf(stored.clientOrderId);
    if (stored.fee !== undefined) {
      const isSame = new BigNumber(stored.fee).eq(fill.fee) && stored.feeAsset === fill.feeAsset;
      return isSame
        ? { kind: 'duplicate', bookedFilled, balances: this.ledger.balances(holdersOf(fill)) }
        : {
            kind: 'conflict',
            detail: `the fee is booked as ${plain(stored.fee)} ${stored.feeAsset}, now said to be ${fill.fee} ${fill.feeAsset}`,
          };
    }
    this.fills.set(key, { ...stored, fee: fill.fee, feeAsset: fill.feeAsset });
    this.ledger.post(`fee:${key}`, 'fee', feeLines(fill));
    return { kind: 'booked', bookedFilled, balances: this.ledger.balances(holdersOf(fill)) };
  }

  private bookFill(fill: Fill): FillResult {
    const key = fillKeyOf(fill);
    const old = this.fills.get(key);
    if (old) return this.booked(old, fill);
    this.fills.set(key, storedFill(fill));
    this.bookedAt.set(key, Math.floor(this.options.now()));
    this.raiseBooked(fill);
    this.ledger.post(`fill:${key}`, 'fill', fillLines(fill));
    this.ledger.post(`fee:${key}`, 'fee', feeLines(fill));
    return { kind: 'booked', bookedFilled: this.bookedOf(fill.clientOrderId), balances: [] };
  }

  private booked(old: Fill, fill: Fill): FillResult {
    const isSame = new BigNumber(old.price).eq(fill.price) && new BigNumber(old.quantity).eq(fill.quantity);
    if (isSame) return { kind: 'duplicate', bookedFilled: this.bookedOf(old.clientOrderId), balances: [] };
    const was = `${plain(old.quantity)} at ${plain(old.price)}`;
    return {
      kind: 'conflict',
      detail: `booked as ${was}, now said to be ${fill.quantity} at ${fill.price}`,
    };
  }

  private raiseBooked(fill: Fill): void {
    const order = this.orders.get(fill.clientOrderId);
    if (!order) return;
    const bookedFilled = plain(new BigNumber(order.bookedFilled).plus(fill.quantity));
    const isComplete = !order.ended && new BigNumber(bookedFilled).gte(order.quantity);
    const ended = isComplete ? ({ why: 'filled', at: Math.round(fill.venueTime) } as const) : order.ended;
    const next = changed(order, { venueOrderId: fill.venueOrderId, ended }, bookedFilled);
    this.put(next);
    if (order.ended) return;
    const freed = heldNow(order).minus(heldNow(next));
    this.ledger.release(strategyHolder(order.strategyId), order.holdAsset, freed);
  }

  private bookedOf(clientOrderId: string): Dec {
    const order = this.orders.get(clientOrderId);
    if (order) return order.bookedFilled;
    const fills = [...this.fills.values()].filter((fill) => fill.clientOrderId === clientOrderId);
    return plain(fills.reduce((sum, fill) => sum.plus(fill.quantity), new BigNumber(0)));
  }

  private put(order: HeldOrder): void {
    const { clientOrderId, strategyId, slotKey, venueOrderId } = order;
    const before = this.orders.get(clientOrderId);
    this.orders.set(clientOrderId, order);
    const slots = this.open.get(strategyId) ?? new Map<string, string>();
    if (!order.ended) this.open.set(strategyId, slots.set(slotKey, clientOrderId));
    else if (slots.get(slotKey) === clientOrderId) slots.delete(slotKey);
    if (venueOrderId !== undefined && venueOrderId !== before?.venueOrderId)
      this.byVenueId.set(venueKey(order, venueOrderId), clientOrderId);
  }
}

type CommitRefused = Omit<Extract<CommitVerdict, { kind: 'refused' }>, 'kind'>;
