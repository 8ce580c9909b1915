import * as fc from 'fast-check';
import type { ClientOrder, OrderStatus, Report } from '../../../domain/order';
import { classOf, statusOf } from '../../../domain/order';
import { applyReport } from './apply-report';

const at = { at: 100, atMs: 1_000 };
const anOrder = (facts: Partial<ClientOrder> = {}): ClientOrder => ({
  clientOrderId: 'm0',
  strategyId: 's',
  accountId: 'a',
  venue: 'binance',
  instrument: 'BTC/USDT',
  slotKey: 'bid-0',
  side: 'buy',
  price: 100,
  quantity: 10,
  type: 'limit',
  timeInForce: 'postOnly',
  epoch: 1,
  committedAt: 1,
  deadlineAt: 2,
  sentAt: undefined,
  acknowledged: false,
  venueOrderId: undefined,
  maxFilled: 0,
  bookedFilled: 0,
  doubtSince: undefined,
  ended: undefined,
  command: 'NONE',
  commandSentAt: undefined,
  lastLocalChangeAt: 0,
  evidence: { source: 'local', at: 0 },
  ...facts,
});

const orders: Readonly<Record<string, ClientOrder>> = {
  INTENT: anOrder(),
  PENDING_CREATE: anOrder({ sentAt: 1 }),
  UNKNOWN: anOrder({ sentAt: 1, doubtSince: 5 }),
  OPEN: anOrder({ sentAt: 1, acknowledged: true }),
  PARTIALLY_FILLED: anOrder({ sentAt: 1, acknowledged: true, maxFilled: 3, bookedFilled: 3 }),
  LOST: anOrder({ sentAt: 1, acknowledged: true, doubtSince: 5 }),
  CANCELED: anOrder({ acknowledged: true, ended: { why: 'canceled', at: 1 } }),
  EXPIRED: anOrder({ acknowledged: true, ended: { why: 'expired', at: 1 } }),
  FILLED: anOrder({ acknowledged: true, maxFilled: 10, bookedFilled: 10, ended: { why: 'filled', at: 1 } }),
  REJECTED: anOrder({ ended: { why: 'rejected', at: 1 } }),
  DENIED: anOrder({ ended: { why: 'denied', at: 1 } }),
  ABSENT: anOrder({ ended: { why: 'absent', at: 1 } }),
};

const reports: Readonly<Record<string, Report>> = {
  acknowledged: { kind: 'seen', ...at, filled: 0, source: 'reply' },
  partial: { kind: 'booked', ...at, quantity: 4, source: 'ws-trade' },
  full: { kind: 'booked', ...at, quantity: 10, source: 'ws-trade' },
  canceled: { kind: 'seen', ...at, filled: 0, end: { why: 'canceled', at: 9 }, source: 'ws-order' },
  expired: { kind: 'seen', ...at, filled: 0, end: { why: 'expired', at: 9 }, source: 'ws-order' },
  reject: { kind: 'refused', ...at, end: { why: 'rejected', at: 9 } },
  ambiguous: { kind: 'ambiguous', ...at },
  vanished: { kind: 'vanished', ...at },
  absent: { kind: 'absent', ...at, end: { why: 'absent', at: 9 } },
};

/** The written table: `-` keeps the word. Rows are what we believed, columns what arrived. */
const table = `
from             | acknowledged | partial          | full   | canceled | expired | reject   | ambiguous | vanished | absent
INTENT           | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | REJECTED | UNKNOWN   | -        | ABSENT
PENDING_CREATE   | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | REJECTED | UNKNOWN   | -        | ABSENT
UNKNOWN          | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | REJECTED | -         | -        | ABSENT
OPEN             | -            | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | REJECTED | -         | LOST     | -
PARTIALLY_FILLED | -            | -                | FILLED | -        | -       | -        | -         | LOST     | -
LOST             | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | -        | -         | -        | -
CANCELED         | -            | -                | FILLED | -        | -       | -        | -         | -        | -
EXPIRED          | -            | -                | FILLED | -        | -       | -        | -         | -        | -
FILLED           | -            | -                | -      | -        | -       | -        | -         | -        | -
REJECTED         | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | -        | -         | -        | -
DENIED           | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | -        | -         | -        | -
ABSENT           | OPEN         | PARTIALLY_FILLED | FILLED | CANCELED | EXPIRED | -        | -         | -        | -`;

const [header, ...rows] = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const cells = rows.flatMap(([from, ...words]) =>
  words.map((word, i) => [from!, header![i + 1]!, word === '-' ? from! : word] as const),
);

describe('applyReport', () => {
  it.each(cells)('%s on %s is %s', (from, report, to) => {
    expect(statusOf(applyReport(orders[from]!, reports[report]!).order)).toBe(to as OrderStatus);
  });

  it.each(cells)('leaves the %s it is given as it was on %s', (from, report) => {
    const before = structuredClone(orders[from]!);
    applyReport(Object.freeze({ ...before }), reports[report]!);
    const known = orders[from]!;
    applyReport(known, reports[report]!);
    expect(known).toEqual(before);
  });

  it.each(['REJECTED', 'DENIED', 'ABSENT'])('pages when a %s order is shown to live', (from) => {
    expect(applyReport(orders[from]!, reports['acknowledged']!).effects).toContain('PAGE_RESURRECTED');
  });

  it('asks for trades when a report shows more than is booked, and keeps the end open until they come', () => {
    const filled: Report = {
      kind: 'seen',
      ...at,
      filled: 10,
      end: { why: 'filled', at: 9 },
      source: 'ws-order',
    };
    const { order, effects } = applyReport(orders['OPEN']!, filled);
    expect(effects).toEqual(['ASK_TRADES']);
    expect([order.maxFilled, order.bookedFilled]).toEqual([10, 0]);
  });

  it('ignores an ended report with a smaller figure but asks the venue', () => {
    const stale: Report = {
      kind: 'seen',
      ...at,
      filled: 1,
      end: { why: 'canceled', at: 9 },
      source: 'ws-order',
    };
    expect(applyReport(orders['PARTIALLY_FILLED']!, stale)).toEqual({
      order: orders['PARTIALLY_FILLED'],
      effects: ['ASK_ORDER'],
    });
  });

  it('halts on a fill beyond the quantity, and books it', () => {
    const { order, effects } = applyReport(orders['FILLED']!, reports['partial']!);
    expect(order.bookedFilled).toBe(14);
    expect(effects).toContain('HALT_OVERFILL');
  });

  it('ends in the same class and quantities however a consistent venue is shuffled and repeated', () => {
    const seen = (filled: number, why?: 'filled' | 'canceled'): Report => ({
      kind: 'seen',
      ...at,
      filled,
      source: 'ws-order',
      ...(why ? { end: { why, at: 9 } } : {}),
    });
    const story = [seen(0), seen(3), seen(7), seen(7, 'canceled')];
    const shuffled = fc.shuffledSubarray([...story, ...story], { minLength: 8 });
    fc.assert(
      fc.property(shuffled, (sequence) => {
        const last = sequence.reduce(
          (order, report) => applyReport(order, report).order,
          orders['PENDING_CREATE']!,
        );
        expect([classOf(last), last.maxFilled]).toEqual(['ended', 7]);
      }),
    );
  });

  it('never lets a fact shrink', () => {
    const any = fc.constantFrom(...Object.values(reports));
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(orders)), any, (order, report) => {
        const after = applyReport(order, report).order;
        expect(after.maxFilled).toBeGreaterThanOrEqual(order.maxFilled);
        expect(after.bookedFilled).toBeGreaterThanOrEqual(order.bookedFilled);
        expect(after.acknowledged || !order.acknowledged).toBe(true);
      }),
    );
  });
});
