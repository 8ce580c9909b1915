import type { CoreEvent, VenueBalance } from '../venue-types';
import { uidOf } from '../venue-accounts';
import { accountText, balanceAndPositionRow, isHeld } from './okx-balance-rows';
import { SocketRefusal, feeTier, noChannel, pushText } from './okx-client';
import type { OkxClient } from './okx-client';
import type { Fields } from './okx-fields';
import type { OkxLedger } from './okx-ledger';
import { orderEventText } from './okx-order-rows';
import type { OkxParts } from './okx-parts';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;
type BalanceEvent = Extract<CoreEvent, { type: 'balance' }>;

const channels: readonly string[] = ['orders', 'account', 'balance_and_position'];
const orderTypes: readonly unknown[] = ['SPOT', 'ANY'];
const laterMs = 2;

export const isPrivateChannel = (channel: unknown): boolean =>
  channels.includes(String(channel)) || channel === 'fills';

/** The private channels. An event may overtake the answer to the request that caused it, or follow it. */
export class UserChannels {
  private readonly clients = new Set<OkxClient>();
  /** Trades that the next cash of their account tells of. */
  private readonly trades = new Map<string, Fields>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly parts: OkxParts,
    private readonly ledger: OkxLedger,
  ) {
    this.unsubscribe = parts.core.onEvent(
      (event) => {
        if (event.type === 'order') this.onOrder(event);
        else if (event.type === 'balance') this.onBalance(event);
      },
      ['order', 'balance'],
    );
  }

  /** What the client gets behind its acknowledgement. Throws a refusal. */
  subscribe(client: OkxClient, arg: Fields): string | undefined {
    const account = this.accountOf(client, arg);
    client.private.set(termsOf(arg), arg);
    this.clients.add(client);
    return this.first(account, arg);
  }

  end(client: OkxClient, arg: Fields): void {
    this.accountOf(client, arg);
    client.private.delete(termsOf(arg));
  }

  /** How many sockets of the account hear the channel, told to each of them. */
  tellCount({ account }: OkxClient, channel: unknown): void {
    const heard = [...this.clients].filter(
      (client) =>
        client.account === account && [...client.private.values()].some((arg) => arg['channel'] === channel),
    );
    for (const { ws, connectionId } of heard) {
      const count = { event: 'channel-conn-count', channel, connCount: String(heard.length) };
      ws.send(JSON.stringify({ ...count, connId: connectionId }));
    }
  }

  forget(client: OkxClient): void {
    this.clients.delete(client);
  }

  stop(): void {
    this.unsubscribe();
    this.clients.clear();
  }

  private accountOf(client: OkxClient, arg: Fields): string {
    const { channel, instId, instType } = arg;
    if (client.kind !== 'private') throw noChannel(arg);
    if (client.account === undefined) throw new SocketRefusal('60011', 'Please log in');
    if (channel === 'fills') throw feeTier();
    const isListed = typeof instId === 'string' && this.parts.instruments.named(instId) !== undefined;
    const isRight = orderTypes.includes(instType) && (instId === undefined || isListed);
    if (channel === 'orders' && !isRight) throw noChannel(arg);
    return client.account;
  }

  /** Accounts begin with how they stand, orders with silence. */
  private first(account: string, arg: Fields): string | undefined {
    const { core, now } = this.parts;
    const balances = core.balances(account).filter((balance) => isHeld(balance) && isAsked(arg, balance));
    const told = { ...arg, uid: String(uidOf(account)) };
    if (arg['channel'] === 'account') {
      const row = accountText(balances, now(), this.parts);
      return pushText(told, row, { eventType: 'snapshot', curPage: 1, lastPage: true });
    }
    if (arg['channel'] !== 'balance_and_position') return undefined;
    const row = balanceAndPositionRow(balances, now(), { eventType: 'snapshot', trades: [] });
    return pushText(told, JSON.stringify(row));
  }

  private onOrder(event: OrderEvent): void {
    const { order, trade } = event;
    const { core, faults, keys, instruments } = this.parts;
    const instrument = instruments.of(order.symbol);
    if (!instrument || !keys.has(order.account)) return;
    if (trade) this.trades.set(order.account, { instId: instrument.id, tradeId: String(trade.tradeId) });
    // Nothing is made, and nothing held, that nobody would hear.
    if (!this.isHeard(order.account, 'orders')) return;
    const last = core.publicTrades(order.symbol).at(-1)?.price ?? order.price;
    const row = orderEventText(event, instrument, this.ledger.tradesOf(order), last);
    const tell = (): void =>
      this.push(order.account, 'orders', (arg) =>
        (arg['instId'] ?? instrument.id) === instrument.id ? { row } : undefined,
      );
    if (!trade || !faults.takeHold('fill-reported')) return tell();
    faults.park('fill-reported', order.clientOrderId, (verdict) => {
      if (verdict === 'continue') tell();
    });
  }

  private onBalance({ account, at, balances }: BalanceEvent): void {
    const trade = this.trades.get(account);
    this.trades.delete(account);
    if (this.isHeard(account, 'account')) {
      const more = { eventType: 'event_update', curPage: 1, lastPage: true };
      this.push(account, 'account', (arg) => {
        const asked = balances.filter((balance) => isAsked(arg, balance));
        return asked.length === 0 ? undefined : { row: accountText(asked, at, this.parts), more };
      });
    }
    // What orders hold is still cash: only trades move it.
    if (!trade || !this.isHeard(account, 'balance_and_position')) return;
    const row = JSON.stringify(balanceAndPositionRow(balances, at, { eventType: 'filled', trades: [trade] }));
    this.push(account, 'balance_and_position', () => ({ row }));
  }

  private isHeard(account: string, channel: string): boolean {
    for (const client of this.clients) {
      if (client.account !== account) continue;
      for (const arg of client.private.values()) if (arg['channel'] === channel) return true;
    }
    return false;
  }

  /** In order within a socket; now or a moment later. */
  private push(
    account: string,
    channel: string,
    frameOf: (arg: Fields) => { readonly row: string; readonly more?: Fields } | undefined,
  ): void {
    for (const client of this.clients) {
      if (client.account !== account) continue;
      for (const arg of client.private.values()) {
        const frame = arg['channel'] === channel ? frameOf(arg) : undefined;
        if (!frame) continue;
        this.send(client, pushText({ ...arg, uid: String(uidOf(account)) }, frame.row, frame.more));
      }
    }
  }

  private send(client: OkxClient, text: string): void {
    client.queue.push(text);
    if (client.queue.length > 1) return;
    if (this.parts.rng.int(2) === 0) this.flush(client);
    else this.parts.timers.set(laterMs, () => this.flush(client));
  }

  private flush(client: OkxClient): void {
    client.activeAt = this.parts.now();
    for (const text of client.queue.splice(0)) client.ws.send(text);
  }
}

/** The subscription, whatever the order of its fields. */
const termsOf = (arg: Fields): string =>
  JSON.stringify(Object.entries(arg).sort(([a], [b]) => (a < b ? -1 : 1)));

const isAsked = ({ ccy }: Fields, { asset }: VenueBalance): boolean => ccy === undefined || ccy === asset;
