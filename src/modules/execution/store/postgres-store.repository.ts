import { DatabaseError } from 'pg';
import type { Fill } from '../../../domain/fill';
import type { Dec, Ms } from '../../../domain/units';
import type { Runtime } from '../../../runtime/runtime';
import { HaltListener } from './halt-listener.repository';
import { intentRow } from './intent-row';
import { assertBalanced, balancesFor, holdersOf } from './ledger';
import * as halts from './halts.repository';
import * as leases from './leases.repository';
import { LogWriter } from './log-writer.repository';
import * as reads from './order-reads.repository';
import { StoreConnection } from './store-connection.repository';
import * as switches from './switches.repository';
import type {
  Adopted,
  Adoption,
  ArmedSwitch,
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

type FillAnswer =
  | { readonly kind: 'booked' | 'duplicate'; readonly bookedFilled: Dec }
  | { readonly kind: 'conflict'; readonly detail: string };

/**
 * The Store in Postgres. Connections that never share: intents and leases; fills, ends and transfers; halts; the log;
 * and one that listens for halts once somebody asks. So a fill cannot delay an intent, and neither delays a halt. What
 * is decided in the database is one call of one function there.
 */
export class PostgresStore implements Store {
  private readonly intents: StoreConnection;
  private readonly facts: StoreConnection;
  private readonly halting: StoreConnection;
  private readonly logConnection: StoreConnection;
  private readonly logWriter: LogWriter;
  private readonly listeners: HaltListener[] = [];

  constructor(
    private readonly url: string,
    private readonly runtime: Runtime,
  ) {
    this.intents = new StoreConnection({ url, name: 'intents', isDurable: true });
    this.facts = new StoreConnection({ url, name: 'facts', isDurable: true });
    this.halting = new StoreConnection({ url, name: 'halts', isDurable: true });
    this.logConnection = new StoreConnection({ url, name: 'log', isDurable: false });
    this.logWriter = new LogWriter(runtime, this.logConnection);
  }

  registerEngine(
    ...[engine, nonces, bootWindowMs]: Parameters<Store['registerEngine']>
  ): Promise<Registration> {
    return leases.registerEngine(this.intents, engine, nonces, bootWindowMs);
  }

  rejoin(...[boot, engine]: Parameters<Store['rejoin']>): Promise<void> {
    return leases.rejoin(this.facts, boot, engine);
  }

  recordProgress(ownerId: string): Promise<Ms> {
    return leases.recordProgress(this.facts, ownerId);
  }

  markStopped(ownerId: string): Promise<void> {
    return leases.markStopped(this.intents, ownerId);
  }

  takeLease(strategyId: string, ownerId: string, ttlMs: number): Promise<TakenLease | undefined> {
    return leases.takeLease(this.intents, strategyId, ownerId, ttlMs);
  }

  kill(halt: NewHalt): Promise<HaltedScope> {
    return halts.kill(this.halting, halt);
  }

  liftHalt(lift: Parameters<Store['liftHalt']>[0]): Promise<readonly Halt[]> {
    return halts.liftHalt(this.halting, lift);
  }

  onHalt(changed: () => void): void {
    const listener = new HaltListener(this.runtime, this.url, changed);
    this.listeners.push(listener);
    void listener.listen();
  }

  standing(ownerId: string): ReturnType<Store['standing']> {
    return halts.standing(this.halting, ownerId);
  }

  recordSwitch(accountId: string, armed: ArmedSwitch, isLeaving = false): Promise<boolean> {
    return switches.record(this.halting, accountId, armed, isLeaving);
  }

  forgetSwitch(accountId: string, ownerId: string): Promise<void> {
    return switches.forget(this.halting, accountId, ownerId);
  }

  adopt(order: Adoption): Promise<Adopted> {
    return reads.adopt(this.facts, order);
  }

  renewLeases(ownerId: string, ttlMs: number): Promise<ReadonlyMap<string, number>> {
    return leases.renewLeases(this.intents, ownerId, ttlMs);
  }

  releaseLease(strategyId: string, ownerId: string, end?: LeaseEnd): Promise<void> {
    return leases.releaseLease(this.intents, strategyId, ownerId, end);
  }

  handOver(...given: Parameters<Store['handOver']>): Promise<boolean> {
    return leases.handOver(this.intents, ...given);
  }

  async commitIntents(
    batches: readonly IntentBatch[],
    createDeadlineMs: number,
  ): Promise<ReadonlyMap<string, CommitVerdict>> {
    if (batches.length === 0) return new Map();
    const rows = batches.map((batch) => ({ ...batch, orders: batch.orders.map(intentRow) }));
    const answer = await this.intents.query<{
      verdicts: readonly (CommitVerdict & { readonly strategyId: string })[];
    }>('commit', 'select commit_intents($1, $2) as verdicts', [JSON.stringify(rows), createDeadlineMs]);
    return new Map((answer[0]?.verdicts ?? []).map(({ strategyId, ...verdict }) => [strategyId, verdict]));
  }

  async recordAcks(
    acks: readonly { readonly clientOrderId: string; readonly venueOrderId: string }[],
  ): Promise<void> {
    if (acks.length === 0) return;
    const sql = `
update client_orders o set venue_order_id = a."venueOrderId"
from jsonb_to_recordset($1) as a ("clientOrderId" text, "venueOrderId" text)
where o.client_order_id = a."clientOrderId" and o.venue_order_id is null`;
    await this.facts.query('acks', sql, [JSON.stringify(acks)]);
  }

  /** A fill that no table can hold is a conflict of its own and keeps no other from the books. */
  async recordFills(fills: readonly Fill[], cursors: readonly TradeCursor[]): Promise<readonly FillResult[]> {
    const conflict = (error: unknown): readonly FillResult[] => [
      { kind: 'conflict', detail: unfitText(error) },
    ];
    try {
      return await this.recordTogether(fills, cursors);
    } catch (error) {
      unfitText(error);
      const results: FillResult[] = [];
      for (const fill of fills) results.push(...(await this.recordTogether([fill], []).catch(conflict)));
      await this.recordTogether([], cursors);
      return results;
    }
  }

  private async recordTogether(
    fills: readonly Fill[],
    cursors: readonly TradeCursor[],
  ): Promise<readonly FillResult[]> {
    if (fills.length + cursors.length === 0) return [];
    const holders = [...new Set(fills.flatMap(holdersOf))];
    const answer = await this.facts.query<{
      done: { readonly results: readonly FillAnswer[]; readonly balances: readonly Balance[] };
    }>('fills', 'select record_fills($1, $2, $3) as done', [
      JSON.stringify(fills.map(fillRow)),
      JSON.stringify(cursors),
      holders,
    ]);
    const { results, balances } = answer[0]!.done;
    return results.map((result, index) =>
      result.kind === 'conflict' ? result : { ...result, balances: balancesFor(fills[index]!, balances) },
    );
  }

  async recordFee(fill: Fill): Promise<FillResult> {
    if (fill.fee === undefined || fill.feeAsset === undefined) {
      return { kind: 'conflict', detail: 'the fill still has no fee' };
    }
    const holders = [...holdersOf(fill)];
    const answer = await this.facts.query<{ done: FillResult }>('fee', 'select record_fee($1, $2) as done', [
      JSON.stringify(fillRow(fill)),
      holders,
    ]);
    const { done } = answer[0]!;
    return done.kind === 'duplicate' ? { ...done, balances: await this.balances(holders) } : done;
  }

  /** An end may be that of an intent whose commit was given up on: it is told once that one has had its effect or none. */
  async endOrders(ends: readonly OrderEnd[]): Promise<readonly Balance[]> {
    if (ends.length === 0) return [];
    await this.intents.heard();
    const rows = ends.map(({ clientOrderId, venueOrderId, ended }) => ({
      ...{ clientOrderId, venueOrderId, why: ended.why, code: ended.code },
      at: Math.round(ended.at),
    }));
    const sql = 'select end_orders($1) as balances';
    const answer = await this.facts.query<{ balances: readonly Balance[] }>('ends', sql, [
      JSON.stringify(rows),
    ]);
    return answer[0]?.balances ?? [];
  }

  async reopenOrder(clientOrderId: string): Promise<readonly Balance[]> {
    const sql = `
with o as (
  update client_orders set ended_why = null, ended_code = null, ended_at = null,
    slot_key = 'reopened-' || client_order_id
  where client_order_id = $1 and ended_why is not null and booked_filled < quantity
  returning 'strategy:' || strategy_id as holder, hold_asset, held(hold_rate, quantity - booked_filled) as amount),
moved as (select apply_deltas(array_agg(row(holder, hold_asset, 0, amount)::balance_delta)) from o)
select holder from o, moved`;
    const rows = await this.facts.query<{ holder: string }>('reopen', sql, [clientOrderId]);
    return rows[0] ? this.balances([rows[0].holder]) : [];
  }

  async transfer(transfer: Transfer): Promise<TransferResult> {
    assertBalanced(transfer.key, transfer.lines);
    const sql = 'select transfer($1) as done';
    const answer = await this.facts.query<{ done: TransferResult }>('transfer', sql, [
      JSON.stringify(transfer),
    ]);
    return answer[0]!.done;
  }

  load(accountId: string): ReturnType<Store['load']> {
    return reads.load(this.facts, accountId);
  }

  findOrder(by: Parameters<Store['findOrder']>[0]): Promise<OrderRow | undefined> {
    return reads.findOrder(this.facts, by);
  }

  balances(holders: readonly string[]): Promise<readonly Balance[]> {
    return reads.balances(this.facts, holders);
  }

  /** On the connection of the fills, so behind those that were told before. */
  tradedSince(strategyId: string, from: Ms, liftedCodes: readonly string[]): Promise<Traded> {
    return reads.tradedSince(this.facts, strategyId, from, liftedCodes);
  }

  async now(): Promise<Ms> {
    const sql = 'select ms_of(clock_timestamp())::float8 as now';
    const answer = await this.intents.query<{ now: Ms }>('now', sql, []);
    return answer[0]!.now;
  }

  log(lines: readonly OrderLogLine[]): void {
    this.logWriter.add(lines);
  }

  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
    await this.logWriter.close();
    const connections = [this.intents, this.facts, this.halting, this.logConnection];
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

const fillRow = (fill: Fill): Fill => ({ ...fill, venueTime: Math.round(fill.venueTime) });

/** What the tables have against the data; any other error is thrown on. */
function unfitText(error: unknown): string {
  if (error instanceof DatabaseError && /^(22|23)/.test(error.code ?? '')) return error.message;
  throw error;
}
