import type { Side } from '../domain/units';
import { AdminProblem, numberField, textField } from './admin-fields';
import type { AdminFields, AdminRoute } from './admin-fields';
import type { BinanceControl } from './binance/binance-control';
import type { BinanceParts } from './binance/binance-parts';
import { changeTerms } from './binance/market-format';
import type { MarketFormat } from './binance/market-format';
import { faultRoutes } from './fault-routes';
import type { FlowDriver } from './flow-driver';
import type { GateTerms } from './gate/gate-parts';
import type { OkxControl } from './okx/okx-control';
import type { VenueKeys } from './venue-keys';
import type { WireFaults } from './wire-faults';
import { wireRoutes } from './wire-routes';
import type { VenueAccountKey } from './venue-accounts';
import { demoAccount } from './venue-accounts';
import type { MarketStatus } from './venue-types';

export interface AdminParts extends BinanceParts {
  readonly flow: FlowDriver;
  readonly accounts: readonly VenueAccountKey[];
  readonly gate: GateTerms;
  readonly okx: OkxControl;
  readonly keys: VenueKeys;
  readonly wire: WireFaults;
}

export function adminRoutes(parts: AdminParts): ReadonlyMap<string, AdminRoute> {
  const { core, creates, flow } = parts;
  return new Map<string, AdminRoute>([
    ['GET /accounts', () => parts.accounts.map(({ apiKey, balances }) => ({ account: apiKey, balances }))],
    ['GET /markets', () => [...parts.formats.values()].map(({ market }) => market)],
    ['POST /markets', (fields) => changeMarket(parts, fields)],
    ['GET /orders', (fields) => core.allOrders(accountOf(fields))],
    ['GET /trades', (fields) => core.trades(accountOf(fields), formatOf(parts, fields).market.symbol)],
    ['GET /balances', (fields) => core.balances(accountOf(fields))],
    ['GET /creates', () => ({ creates: creates.creates(), duplicateCreates: creates.duplicates() })],
    ['GET /delivered', () => parts.delivered.report()],
    ['POST /delivered', () => judgeDelivered(parts)],
    ['POST /flow', (fields) => setFlow(flow, fields)],
    ['POST /push-mid', (fields) => pushMid(parts, fields)],
    ['POST /take', (fields) => take(parts, fields)],
    ['POST /binance/terms', (fields) => changeBinance(parts.control, fields)],
    ['POST /binance/shutdown', (fields) => announceShutdown(parts.control, fields)],
    ['POST /binance/terminateStreams', (fields) => terminateStreams(parts.control, fields)],
    ['POST /gate/terms', (fields) => changeGate(parts.gate, fields)],
    ['POST /gate/failChannel', (fields) => failChannel(parts.gate, fields)],
    ['POST /okx/terms', (fields) => changeOkx(parts.okx, fields)],
    ['POST /okx/notice', (fields) => announceUpgrade(parts.okx, fields)],
    ['POST /okx/refuseLogins', (fields) => refuseLogins(parts.okx, fields)],
    ['POST /okx/resetSequence', (fields) => resetSequence(parts, fields)],
    ['POST /balances/move', (fields) => move(parts, fields)],
    ['POST /orders/foreign', (fields) => placeForeign(parts, fields)],
    ...wireRoutes(parts.wire, parts.keys),
    ...faultRoutes(parts.faults),
    ['POST /faults/clearAll', () => clearAll(parts)],
  ]);
}

function clearAll({ faults, wire }: AdminParts): unknown {
  faults.clearAll();
  wire.clear();
  return { ok: true };
}

const marketStatuses: readonly MarketStatus[] = ['TRADING', 'HALT', 'BREAK', 'CANCEL_ONLY', 'DELISTED'];

const accountOf = (fields: AdminFields): string => textField(fields, 'account', demoAccount.apiKey);

/** The terms named change; the others stay. */
function changeMarket(parts: AdminParts, fields: AdminFields): unknown {
  const { market } = formatOf(parts, fields);
  const status = textField(fields, 'status', market.status ?? 'TRADING');
  const known = marketStatuses.find((each) => each === status);
  if (!known) throw new AdminProblem(`status is one of ${marketStatuses.join(', ')}`);
  const minQuantity = textField(fields, 'minQuantity', market.minQuantity);
  const minNotional = textField(fields, 'minNotional', market.minNotional);
  return changeTerms(parts.formats, market.symbol, { status: known, minQuantity, minNotional });
}

/** How old a connection may become, and how late subscriptions are confirmed. */
function changeBinance(control: BinanceControl, fields: AdminFields): unknown {
  const { connectionAgeMs, acksAfterMs } = control;
  control.connectionAgeMs = 1_000 * numberField(fields, 'connectionAgeSeconds', connectionAgeMs / 1_000);
  control.acksAfterMs = numberField(fields, 'acksAfterMs', acksAfterMs);
  return { connectionAgeSeconds: control.connectionAgeMs / 1_000, acksAfterMs: control.acksAfterMs };
}

function announceShutdown(control: BinanceControl, fields: AdminFields): unknown {
  control.announceShutdown(1_000 * numberField(fields, 'closeAfterSeconds', 60));
  return { ok: true };
}

function terminateStreams(control: BinanceControl, fields: AdminFields): unknown {
  control.terminateStreams(accountOf(fields));
  return { ok: true };
}

/** How long texts are kept, and the self-trade prevention group of an account; 0 for none. */
function changeGate(gate: GateTerms, fields: AdminFields): unknown {
  const { stpGroups } = gate;
  gate.textKeptMs = 1_000 * numberField(fields, 'textKeptSeconds', gate.textKeptMs / 1_000);
  const account = accountOf(fields);
  const group = numberField(fields, 'stpGroup', stpGroups.get(account) ?? 0);
  if (group === 0) stpGroups.delete(account);
  else stpGroups.set(account, group);
  return { textKeptSeconds: gate.textKeptMs / 1_000, account, stpGroup: group };
}

function failChannel(gate: GateTerms, fields: AdminFields): unknown {
  gate.failingChannels.set(textField(fields, 'channel'), numberField(fields, 'count', 1));
  return { ok: true };
}

/** How long a book channel and a socket may be silent. */
function changeOkx(okx: OkxControl, fields: AdminFields): unknown {
  okx.quietMs = 1_000 * numberField(fields, 'quietSeconds', okx.quietMs / 1_000);
  okx.idleMs = 1_000 * numberField(fields, 'idleSeconds', okx.idleMs / 1_000);
  return { quietSeconds: okx.quietMs / 1_000, idleSeconds: okx.idleMs / 1_000 };
}

/** Every open socket is told, and closed after the time. */
function announceUpgrade(okx: OkxControl, fields: AdminFields): unknown {
  okx.announceUpgrade(1_000 * numberField(fields, 'closeAfterSeconds', 60));
  return { ok: true };
}

function refuseLogins(okx: OkxControl, fields: AdminFields): unknown {
  okx.refuseLogins(numberField(fields, 'count', 1));
  return { ok: true };
}

function resetSequence(parts: AdminParts, fields: AdminFields): unknown {
  parts.okx.resetSequence(formatOf(parts, fields).market.symbol);
  return { ok: true };
}

/** Public sockets are cut, so that every stream is known from its first frame. */
function judgeDelivered({ delivered, faults }: AdminParts): unknown {
  const isNew = !delivered.isOn;
  delivered.start();
  if (isNew) faults.cutSockets('public');
  return delivered.report();
}

function setFlow(flow: FlowDriver, fields: AdminFields): unknown {
  flow.setRunning(fields['running'] !== false);
  return { running: flow.isRunning };
}

function pushMid(parts: AdminParts, fields: AdminFields): unknown {
  const { symbol } = formatOf(parts, fields).market;
  parts.flow.push(symbol, numberField(fields, 'bps'));
  const depth = parts.core.depth(symbol, 1);
  return { bid: depth.bids[0], ask: depth.asks[0] };
}

/** Without a price it takes whatever stands there. */
function take(parts: AdminParts, fields: AdminFields): unknown {
  const format = formatOf(parts, fields);
  const quantity = stepsField(fields, 'quantity', (text) => format.lotsOf(text));
  const hasPrice = fields['price'] !== undefined;
  const limit = hasPrice ? stepsField(fields, 'price', (text) => format.ticksOf(text)) : undefined;
  const { symbol } = format.market;
  parts.flow.take(symbol, sideField(fields), quantity, limit);
  return { last: parts.core.publicTrades(symbol).at(-1) ?? null };
}

/** Money that comes to an account or leaves it, or that something outside the market locks. */
function move({ core }: AdminParts, fields: AdminFields): unknown {
  const account = accountOf(fields);
  const kind = textField(fields, 'kind', 'transfer');
  if (kind !== 'transfer' && kind !== 'lock') throw new AdminProblem('kind is transfer or lock');
  const quantity = String(numberField(fields, 'quantity'));
  core.move(account, { kind, asset: textField(fields, 'asset'), quantity });
  return core.balances(account);
}

/** An order on an account that none of its programs placed. */
function placeForeign(parts: AdminParts, fields: AdminFields): unknown {
  const format = formatOf(parts, fields);
  return parts.core.place({
    ...{ account: accountOf(fields), symbol: format.market.symbol },
    clientOrderId: textField(fields, 'clientOrderId', 'placed-by-a-person'),
    ...{ side: sideField(fields), type: 'limit', timeInForce: 'GTC', stp: 'NONE' },
    price: stepsField(fields, 'price', (text) => format.ticksOf(text)),
    quantity: stepsField(fields, 'quantity', (text) => format.lotsOf(text)),
  });
}

function formatOf(parts: AdminParts, fields: AdminFields): MarketFormat {
  const symbol = textField(fields, 'symbol');
  const format = parts.formats.get(symbol);
  if (!format) throw new AdminProblem(`symbol ${symbol} is not listed`);
  return format;
}

function stepsField(
  fields: AdminFields,
  name: string,
  stepsOf: (text: string) => number | undefined,
): number {
  const steps = stepsOf(textField(fields, name));
  if (steps === undefined) throw new AdminProblem(`${name} is not a positive multiple of the market's step`);
  return steps;
}

function sideField(fields: AdminFields): Side {
  const side = textField(fields, 'side').toLowerCase();
  if (side !== 'buy' && side !== 'sell') throw new AdminProblem('side is buy or sell');
  return side;
}
