import { isOpen } from '../order-shelf';
import type { OwnTrade, VenueOrder } from '../venue-types';
import type { Countdowns } from './okx-countdown';
import { refusals } from './okx-errors';
import {
  fieldsOf,
  instrumentOf,
  isInSpan,
  isSpot,
  optionalInstrumentOf,
  pageFrom,
  pageOf,
  textOf,
} from './okx-fields';
import type { Fields } from './okx-fields';
import type { OkxInstrument, Row } from './okx-instruments';
import type { OkxLedger } from './okx-ledger';
import { asking } from './okx-meter';
import { timeOutOf } from './okx-order-params';
import { fillRow, stateOf } from './okx-order-rows';
import type { OkxParts } from './okx-parts';
import { route, success } from './okx-routes';
import type { Routes, SignedCall, SignedRoute } from './okx-routes';

const day = 86_400_000;
const second = 1_000;
const recentMs = 7 * day;
const archivedMs = 90 * day;
const fillsMs = 3 * day;

/** What an account may ask about its orders and trades, and its dead-man's switch. */
export function queryRoutes(parts: OkxParts, ledger: OkxLedger, countdowns: Countdowns): Routes<SignedRoute> {
  const query = (
    path: string,
    limit: number,
    rows: (call: SignedCall) => readonly Row[],
  ): readonly [string, SignedRoute] => [
    route('GET', path),
    {
      kind: 'query',
      charges: ({ account }) => [asking(path, account, limit)],
      handle: (call) => ({ body: success(rows(call)) }),
    },
  ];
  return [
    [
      route('GET', 'trade/order'),
      {
        kind: 'query',
        charges: ({ account, query: { instId } }) => [
          asking('trade/order', `${account}/${String(instId)}`, 60),
        ],
        handle: (call) => ({ body: success([order(parts, ledger, call)]) }),
      },
    ],
    query('trade/orders-pending', 60, (call) => pending(parts, ledger, call)),
    query('trade/orders-history', 40, (call) => ended(parts, ledger, call, recentMs)),
    query('trade/orders-history-archive', 20, (call) => ended(parts, ledger, call, archivedMs)),
    query('trade/fills', 60, (call) => fills(parts, call, fillsMs)),
    query('trade/fills-history', 10, (call) => fills(parts, call, archivedMs)),
    [
      route('POST', 'trade/cancel-all-after'),
      {
        kind: 'query',
        charges: ({ account, body }) => [
          asking('cancel-all-after', `${account}/${textOf(fieldsOf(body), 'tag') ?? ''}`, 1, second),
        ],
        handle: (call) => ({ body: success([countdown(parts, countdowns, call)]) }),
      },
    ],
  ];
}

const asOf = ({ faults, now }: OkxParts): number | undefined => faults.queriedAsOf(now());

function order(parts: OkxParts, ledger: OkxLedger, { account, query }: SignedCall): Row {
  const found = ledger.find(account, query, instrumentOf(query, parts.instruments), asOf(parts));
  const [row] = found ? ledger.rows([found]) : [];
  if (!row) throw refusals.noOrder();
  return row;
}

function pending(parts: OkxParts, ledger: OkxLedger, { account, query }: SignedCall): readonly Row[] {
  if (!isSpot(query, 'SPOT')) return [];
  const symbol = optionalInstrumentOf(query, parts.instruments)?.symbol;
  const open = parts.history.openOrders(account, symbol, asOf(parts)).toSorted((a, b) => b.stamp - a.stamp);
  return page(parts, ledger, open, query);
}

/** An order that was canceled before it traded is in the recent list only. */
function ended(
  parts: OkxParts,
  ledger: OkxLedger,
  { account, query }: SignedCall,
  span: number,
): readonly Row[] {
  if (!isSpot(query)) return [];
  const symbol = optionalInstrumentOf(query, parts.instruments)?.symbol;
  const oldest = parts.now() - span;
  const found = ledger
    .orders(account, symbol, asOf(parts))
    .filter((one) => !isOpen(one) && one.updatedAt >= oldest && isInSpan(query, one.createdAt))
    .filter((one) => span === recentMs || one.filled > 0);
  return page(parts, ledger, found, query);
}

function page(
  parts: OkxParts,
  ledger: OkxLedger,
  orders: readonly VenueOrder[],
  query: Fields,
): readonly Row[] {
  const [state, types] = [textOf(query, 'state'), textOf(query, 'ordType')?.split(',')];
  const idOf = (one: VenueOrder): string => parts.instruments.of(one.symbol)?.idOf(one) ?? '';
  const ofState = orders.filter((one) => state === undefined || stateOf(one) === state);
  if (!types) return ledger.rows(pageFrom(ofState, pageOf(query), idOf));
  // The type is known of the row alone.
  const rows = ledger.rows(ofState).filter((row) => types.includes(String(row['ordType'])));
  return pageFrom(rows, pageOf(query), (row) => String(row['ordId']));
}

function fills(parts: OkxParts, { account, query }: SignedCall, span: number): readonly Row[] {
  if (!isSpot(query, 'SPOT')) return [];
  const { instruments, history, now } = parts;
  const given = optionalInstrumentOf(query, instruments);
  const orderId = textOf(query, 'ordId');
  const oldest = now() - span;
  const found = (given ? [given] : instruments.all)
    .flatMap((instrument) =>
      history.trades(account, instrument.symbol, asOf(parts)).map((trade) => ({ trade, instrument })),
    )
    .filter(({ trade: { at } }) => at >= oldest && isInSpan(query, at))
    .filter(({ trade, instrument }) => orderId === undefined || orderIdOf(trade, instrument) === orderId)
    .toSorted((a, b) => b.trade.stamp - a.trade.stamp);
  return pageFrom(found, pageOf(query), ({ trade, instrument }) => instrument.idOf(trade)).map(
    ({ trade, instrument }) => fillRow(trade, instrument, tagOf(parts, trade)),
  );
}

const orderIdOf = ({ orderStamp: stamp }: OwnTrade, instrument: OkxInstrument): string =>
  instrument.idOf({ stamp });

function tagOf({ core }: OkxParts, { account, symbol, orderId }: OwnTrade): string {
  return core.order({ account, symbol, orderId })?.memo?.['tag'] ?? '';
}

function countdown({ now }: OkxParts, countdowns: Countdowns, { account, body }: SignedCall): Row {
  const fields = fieldsOf(body);
  const tag = textOf(fields, 'tag') ?? '';
  const firesAt = countdowns.set(account, tag, timeOutOf(fields));
  return { triggerTime: String(firesAt ?? 0), tag, ts: String(now()) };
}
