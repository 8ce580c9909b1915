import { DeliveredFrames } from './delivered-frames';
import type { DeliveredDepth } from './delivered-frames';

const sides = { bids: [['99', '1']], asks: [['101', '1']] } as const;
const stream = 'btcusdt@depth@100ms';
const symbol = 'BTCUSDT';
const client = { name: 'first' };

/** A venue whose clock stands at 10 s, with one client whose book is valid and the judge past its start. */
class Bench {
  nowMs = 10_000;
  readonly judge = new DeliveredFrames(() => this.nowMs);

  constructor() {
    this.judge.start();
    this.nowMs += 1_000;
    this.connect(client, 10);
  }

  connect(who: object, snapshot: number): void {
    this.judge.opened(who);
    this.judge.subscribed(who, stream, symbol);
    this.judge.snapshot(symbol, snapshot, sides);
  }

  /** Written and read. */
  deliver(first: number, last: number): void {
    this.judge.acknowledged(client, this.write(first, last));
  }

  write(first: number, last: number, who: object = client): number {
    const frame: DeliveredDepth = { stream, symbol, first, last, bids: [], asks: [] };
    return this.judge.frame(who, frame)!;
  }

  /** Why a create that arrives now is invalid; undefined when it is not. */
  create(of = symbol): string | undefined {
    const before = this.judge.report().invalidCount;
    this.judge.create({ account: 'a', clientOrderId: 'c', symbol: of, at: this.nowMs });
    const { invalid, invalidCount } = this.judge.report();
    return invalidCount === before ? undefined : invalid.at(-1)!.why;
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

it('lets creates pass while the frames follow each other', () => {
  bench.deliver(11, 12);
  bench.deliver(13, 13);
  expect(bench.create()).toBeUndefined();
  expect(bench.judge.report()).toMatchObject({ judgedCount: 1, invalid: [] });
});

it('flags a create on a planted gap, until a snapshot has closed it', () => {
  bench.deliver(11, 12);
  bench.deliver(15, 16);
  expect(bench.create()).toBe('gap: 15 after 12');
  bench.nowMs += 40;
  bench.judge.snapshot(symbol, 16, sides);
  expect(bench.create()).toBeUndefined();
  expect(bench.judge.report()).toMatchObject({ judgedCount: 2, invalidCount: 1 });
  expect(bench.judge.report().spells.at(-1)).toEqual({
    ...{ symbol, why: 'gap: 15 after 12', from: 11_000, to: 11_040 },
  });
});

it('does not blame a create for a frame that its client had not read', () => {
  bench.deliver(11, 12);
  const mark = bench.write(15, 16);
  expect(bench.create()).toBeUndefined();
  bench.judge.acknowledged(client, mark);
  expect(bench.create()).toBe('gap: 15 after 12');
});

it('takes a frame as read after 250 ms, acknowledged or not', () => {
  bench.write(15, 16);
  bench.nowMs += 251;
  expect(bench.create()).toBe('gap: 15 after 10');
});

it('flags a create while nothing has been delivered for more than 5 s', () => {
  bench.nowMs += 5_001;
  expect(bench.create()).toBe('nothing delivered for 5001 ms');
  bench.judge.heard(client);
  expect(bench.create()).toBeUndefined();
});

it('flags a create on a market whose stream was never opened, or was left', () => {
  expect(bench.create('ETHUSDT')).toBe('no depth stream is open');
  bench.judge.unsubscribed(client, stream);
  expect(bench.create()).toBe('no depth stream is open');
});

it('flags a create after a cut, and on a new connection before its own snapshot', () => {
  bench.judge.closed(client);
  expect(bench.create()).toBeUndefined();
  bench.nowMs += 251;
  expect(bench.create()).toBe('no depth stream is open');
  const again = {};
  bench.judge.opened(again);
  bench.judge.subscribed(again, stream, symbol);
  bench.write(17, 18, again);
  expect(bench.create()).toBe('no snapshot delivered');
  bench.judge.snapshot(symbol, 18, sides);
  expect(bench.create()).toBeUndefined();
});

it('is content with one client that holds a valid book', () => {
  bench.connect({}, 10);
  bench.deliver(15, 16);
  expect(bench.create()).toBeUndefined();
});

it('keeps the first 1,000 invalid creates and counts them all', () => {
  bench.deliver(15, 16);
  for (let i = 0; i < 1_200; i += 1) bench.create();
  expect(bench.judge.report().invalid).toHaveLength(1_000);
  expect(bench.judge.report().invalidCount).toBe(1_200);
});

it('judges nothing until it is started', () => {
  const judge = new DeliveredFrames(() => 1);
  judge.opened(client);
  judge.create({ account: 'a', clientOrderId: 'c', symbol, at: 1 });
  expect(judge.frame(client, { stream, symbol, first: 1, last: 1, ...sides })).toBeUndefined();
  expect(judge.report()).toMatchObject({ isOn: false, judgedCount: 0 });
});
