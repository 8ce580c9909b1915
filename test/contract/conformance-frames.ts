import type { DialectVenueId } from '../../src/domain/instrument';

/** How the sockets of a venue are known from outside: their addresses, and what tells one kind of frame from another. */
export interface FrameMarks {
  readonly publicPath: string;
  readonly privatePath: string;
  /** In every change of a book, and in no other frame. */
  readonly change: string;
  /** In the confirmation of a book's subscription. */
  readonly isAck: (frame: string) => boolean;
  /** Which pair a change or a first state of a book is of, as the core names it; undefined for other frames. */
  readonly bookOf: (frame: string) => string | undefined;
  /** In the address of a read of a book. */
  readonly depthPath: string;
}

export const marks: Readonly<Record<DialectVenueId, FrameMarks>> = {
  binance: {
    ...{ publicPath: '/binance/stream', privatePath: '/binance/ws-api' },
    change: '"e":"depthUpdate"',
    isAck: (frame) => frame.startsWith('{"result":null'),
    bookOf: (frame) =>
      frame.includes('"e":"depthUpdate"') ? /"s":"([A-Z0-9]+)"/.exec(frame)?.[1] : undefined,
    depthPath: '/depth',
  },
  okx: {
    ...{ publicPath: '/okx/ws/v5/public', privatePath: '/okx/ws/v5/private' },
    change: '"action":"update"',
    isAck: (frame) => frame.includes('"event":"subscribe"') && frame.includes('"channel":"books"'),
    bookOf: (frame) =>
      frame.includes('"action":')
        ? /"instId":"([A-Z0-9]+-[A-Z]+)"/.exec(frame)?.[1]?.replace('-', '')
        : undefined,
    depthPath: '/market/books',
  },
  gate: {
    ...{ publicPath: '/gate/ws', privatePath: '/gate/ws' },
    change: '"U":',
    isAck: (frame) => frame.includes('"event":"subscribe"') && frame.includes('"channel":"spot.obu"'),
    bookOf: (frame) =>
      frame.startsWith('{"channel":"spot.obu","result"')
        ? /"s":"ob\.([A-Z0-9]+_[A-Z]+)\./.exec(frame)?.[1]?.replace('_', '')
        : undefined,
    depthPath: '/order_book',
  },
};

type Rows = Record<string, unknown>;

/** A change of a book that names this bid and no other. */
export function withBid(venue: DialectVenueId, frame: string, price: string, quantity: string): string {
  const json = JSON.parse(frame) as Rows;
  if (venue === 'binance') json['b'] = [[price, quantity]];
  else if (venue === 'okx') (json['data'] as Rows[])[0]!['bids'] = [[price, quantity, '0', '1']];
  else (json['result'] as Rows)['b'] = [[price, quantity]];
  return JSON.stringify(json);
}
