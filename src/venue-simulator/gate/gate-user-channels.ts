import type { CoreEvent, VenueBalance } from '../venue-types';
import { uidOf } from '../venue-accounts';
import { SocketRefusal, updateFrame } from './gate-client';
import type { ChannelRequest, GateClient } from './gate-client';
import type { GateLedger } from './gate-ledger';
import { balanceEventRow, lightRow, orderEventRow, userTradeRow } from './gate-order-rows';
import type { OrderEventName, Row } from './gate-order-rows';
import type { GatePair } from './gate-pairs';
import type { GateParts } from './gate-parts';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;
type BalanceEvent = Extract<CoreEvent, { type: 'balance' }>;

interface Told {
  readonly channel: string;
  readonly account: string;
  /** Undefined where the channel knows no pairs. */
  readonly pair: GatePair | undefined;
  /** Made for each channel that somebody hears. */
  readonly rows: () => readonly Row[];
}

const balanceChannel = 'spot.balances';
const orderChannels = ['spot.orders', 'spot.orders_v2', 'spot.usertrades', 'spot.usertrades_v2'];
const lightTradeFields = ['fee', 'fee_currency', 'point_fee', 'gt_fee'];
const everyPair = '!all';
const laterMs = 2;
const none = { free: '0', locked: '0' };

export const isPrivateChannel = (channel: string): boolean =>
  channel === balanceChannel || orderChannels.includes(channel);

/** The private channels. An event may overtake the answer to the request that caused it, or follow it. */
export class UserChannels {
  private readonly clients = new Set<GateClient>();
  private readonly balances = new Map<string, Map<string, VenueBalance>>();
  /** What a change of balance is put down to. */
  private readonly causes = new Map<string, string>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly parts: GateParts,
    private readonly ledger: GateLedger,
  ) {
    for (const account of parts.secrets.keys()) {
      const rows = parts.core.balances(account).map((row) => [row.asset, row] as const);
      this.balances.set(account, new Map(rows));
    }
    this.unsubscribe = parts.core.onEvent(
      (event) => {
        if (event.type === 'order') this.onOrder(event);
        else if (event.type === 'balance') this.onBalance(event);
      },
      ['order', 'balance'],
    );
  }

  /** Throws a refusal. */
  subscribe(client: GateClient, { channel, payload }: ChannelRequest, account: string): void {
    const known = client.private.get(channel);
    const pairs = new Set(known?.account === account ? known.pairs : []);
    if (channel !== balanceChannel) for (const id of this.checked(payload)) pairs.add(id);
    client.private.set(channel, { account, pairs });
    this.clients.add(client);
  }

  end(client: GateClient, { channel, payload }: ChannelRequest): void {
    const pairs = client.private.get(channel)?.pairs;
    for (const id of payload) pairs?.delete(id);
    if (!pairs || pairs.size === 0) client.private.delete(channel);
  }

  forget(client: GateClient): void {
    this.clients.delete(client);
  }

  stop(): void {
    this.unsubscribe();
    this.clients.clear();
  }

  private checked(payload: readonly string[]): readonly string[] {
    if (payload.length === 0) throw new SocketRefusal(2, 'payload is required');
    const unknown = payload.find((id) => id !== everyPair && !this.parts.pairs.named(id));
    if (unknown !== undefined) throw new SocketRefusal(2, `unknown currency pair: ${unknown}`);
    return payload;
  }

  private onOrder(event: OrderEvent): void {
    const { order, trade } = event;
    const pair = this.parts.pairs.of(order.symbol);
    if (!pair || !this.parts.secrets.has(order.account)) return;
    this.causes.set(order.account, causeOf(event));
    // Nothing is made, and nothing held, that nobody would hear.
    if (!this.isHeard(order.account, orderChannels)) return;
    const tell = this.reportOf(event, pair);
    const { faults } = this.parts;
    if (!trade || !faults.takeHold('fill-reported')) return tell();
    faults.park('fill-reported', order.clientOrderId, (verdict) => {
      if (verdict === 'continue') tell();
    });
  }

  /** The rows as of now, told when asked. */
  private reportOf(event: OrderEvent, pair: GatePair): () => void {
    const { order, trade } = event;
    const { account } = order;
    const user = uidOf(account);
    const row = orderEventRow(order, this.ledger.context(order, pair), nameOf(event), user);
    const told = { account, pair };
    return () => {
      this.push({ ...told, channel: 'spot.orders', rows: () => [row] });
      this.push({ ...told, channel: 'spot.orders_v2', rows: () => [lightRow(row)] });
      if (!trade) return;
      const tradeRow = (): Row => userTradeRow(trade, pair, user);
      const lightTradeRow = (): Row => lightRow(tradeRow(), lightTradeFields);
      this.push({ ...told, channel: 'spot.usertrades', rows: () => [tradeRow()] });
      this.push({ ...told, channel: 'spot.usertrades_v2', rows: () => [lightTradeRow()] });
    };
  }

  /** Only what has changed since it was told last. */
  private onBalance({ account, at, balances }: BalanceEvent): void {
    const before = this.balances.get(account);
    if (!before) return;
    const changed = balances.flatMap((now) => {
      const last = before.get(now.asset) ?? { asset: now.asset, ...none };
      before.set(now.asset, now);
      return last.free === now.free && last.locked === now.locked ? [] : [{ now, last }];
    });
    if (changed.length === 0 || !this.isHeard(account, [balanceChannel])) return;
    const told = { at, user: uidOf(account), changeType: this.causes.get(account) ?? 'other' };
    const rows = changed.map(({ now, last }) => balanceEventRow(now, last, told));
    this.push({ channel: balanceChannel, account, pair: undefined, rows: () => rows });
  }

  private isHeard(account: string, channels: readonly string[]): boolean {
    for (const { private: subscriptions } of this.clients) {
      if (channels.some((channel) => subscriptions.get(channel)?.account === account)) return true;
    }
    return false;
  }

  /** In order within a socket; now or a moment later. */
  private push({ channel, account, pair, rows }: Told): void {
    for (const client of this.clients) {
      const subscription = client.private.get(channel);
      if (subscription?.account !== account) continue;
      const { pairs } = subscription;
      if (pair && !pairs.has(everyPair) && !pairs.has(pair.id)) continue;
      client.queue.push(updateFrame(channel, rows(), this.parts.now()));
      if (client.queue.length > 1) continue;
      if (this.parts.rng.int(2) === 0) flush(client);
      else this.parts.timers.set(laterMs, () => flush(client));
    }
  }
}

function flush({ ws, queue }: GateClient): void {
  for (const text of queue.splice(0)) ws.send(text);
}

function nameOf({ execution, order: { status } }: OrderEvent): OrderEventName {
  if (execution === 'NEW') return 'put';
  const isOver = status !== 'NEW' && status !== 'PARTIALLY_FILLED';
  return isOver ? 'finish' : 'update';
}

function causeOf({ execution }: OrderEvent): string {
  if (execution === 'NEW') return 'order-create';
  return execution === 'TRADE' ? 'order-match' : 'order-update';
}
