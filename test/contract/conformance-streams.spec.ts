import type { DialectVenueId } from '../../src/domain/instrument';
import type { VenueEvent } from '../../src/domain/venue-event';
import type { ExchangeConnector } from '../../src/modules/execution/connectors/types';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { simulatedProfiles } from '../support/ccxt-profiles';
import { marks } from './conformance-frames';
import { account, ConformanceScene, dialects, id, symbol } from './conformance-scene';

jest.setTimeout(20_000);

/** In the frame that ends an order which has filled. */
const ends: Readonly<Record<string, RegExp>> = {
  binance: /"X":"FILLED"/,
  okx: /"state":"filled"/,
  gate: /"channel":"spot\.orders".*"event":"finish"/,
};
/** Words of the venue that nobody has heard before. */
const strange: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  binance: [[/"X":"NEW"/, '"X":"PONDERED"']],
  okx: [[/"state":"live"/, '"state":"pondered"']],
  gate: [
    [/"status":"open"/, '"status":"pondered"'],
    [/"event":"put"/, '"event":"pondered"'],
  ],
};
/** A fee that is not said. */
const noFee: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  binance: [[/"n":"[^"]*","N":"[A-Z]+"/, '"n":"0","N":null']],
  okx: [
    [/"fillFee":"[^"]*"/, '"fillFee":""'],
    [/"fillFeeCcy":"[^"]*"/, '"fillFeeCcy":""'],
  ],
  gate: [
    [/"fee":"[^"]*"/, '"fee":""'],
    [/"fee_currency":"[^"]*"/, '"fee_currency":""'],
  ],
};
/** A fee in an asset that the pair does not hold, and one that the venue pays. */
const fees: Readonly<Record<string, (fee: string, asset: string) => readonly (readonly [RegExp, string])[]>> =
  {
    binance: (fee, asset) => [[/"n":"[^"]*","N":"[A-Z]+"/, `"n":"${fee}","N":"${asset}"`]],
    okx: (fee, asset) => [
      // OKX says what the account gets.
      [/"fillFee":"[^"]*"/, `"fillFee":"${fee.startsWith('-') ? fee.slice(1) : `-${fee}`}"`],
      [/"fillFeeCcy":"[^"]*"/, `"fillFeeCcy":"${asset}"`],
    ],
    gate: (fee, asset) => [
      [/"fee":"[^"]*"/, `"fee":"${fee}"`],
      [/"fee_currency":"[^"]*"/, `"fee_currency":"${asset}"`],
    ],
  };

describe.each(dialects)('%s', (venueId) => {
  const scene = new ConformanceScene(venueId, {
    isTapped: true,
  });
  const { events } = scene;
  const { privatePath } = marks[venueId];
  let venue: VenueSimulator;
  let connector: ExchangeConnector;

  beforeAll(async () => {
    await scene.open();
    ({ venue, connector } = scene);
  }, 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());

  const replaced = (frame: string, words: readonly (readonly [RegExp, string])[]): string =>
    words.reduce((text, [from, to]) => text.replace(from, to), frame);
  const change = (words: readonly (readonly [RegExp, string])[], holds = ''): void =>
    venue.wire.changeFrames({ path: privatePath, holds, change: (frame) => [replaced(frame, words)] });
  const live = () => scene.connections().filter(({ state }) => state === 'live');
  const quarantined = (): readonly VenueEvent[] => events.filter(({ type }) => type === 'quarantine');
  const traded = async (of: string): Promise<readonly string[]> => {
    const { rows } = await connector.fillsSince({ instrument: id, since: scene.runtime.now() - 60_000 });
    return rows.filter(({ venueOrderId }) => venueOrderId === of).map(({ tradeId }) => tradeId);
  };
  /** A bid at the top of the book. */
  const bid = async () => {
    const sent = scene.order({ price: scene.touch('buy') + 1 });
    const answer = await connector.place(sent, scene.call());
    return { ...sent, venueOrderId: answer.kind === 'accepted' ? (answer.venueOrderId ?? '') : '' };
  };

  it('case 53: hears every step of an order that fills at once, in their order', async () => {
    const held: string[] = [];
    let isOver = false;
    venue.wire.changeFrames({
      ...{ path: privatePath, holds: '' },
      change: (frame) => {
        held.push(frame);
        isOver ||= ends[venueId]!.test(frame);
        return isOver ? held.splice(0) : [];
      },
    });
    const sent = await bid();
    for (const lots of [200, 300, 500]) venue.take(symbol, 'sell', lots, sent.price);
    const steps = (): readonly string[] =>
      scene.reports(sent.clientOrderId).map(({ status, cumFilled }) => `${status} ${Number(cumFilled)}`);
    await scene.until('all is heard', () => scene.fills().length === 3 && steps().length >= 4);
    expect(steps()).toEqual(['open 0', 'partiallyFilled 0.002', 'partiallyFilled 0.005', 'filled 0.01']);
    expect(scene.fills(sent.clientOrderId).map(({ quantity }) => Number(quantity))).toEqual([
      ...[0.002, 0.003, 0.005],
    ]);
    expect(new Set(scene.fills().map(({ tradeId }) => tradeId)).size).toBe(3);
    expect(quarantined()).toEqual([]);
  });

  it('case 54: comes back as one new generation, asks nothing by itself, and the trades it missed are listed once', async () => {
    const sent = await bid();
    const [before] = [connector.health().reconnects];
    venue.faults.cutSockets('private');
    venue.take(symbol, 'sell', 400, sent.price);
    venue.take(symbol, 'sell', 600, sent.price);
    const asked = scene.tap.requests.length;
    await scene.until('it is back', () => live().length > 0, 15_000);
    await scene.runtime.sleep(300);
    expect(live()).toHaveLength(1);
    expect(connector.health().reconnects).toBe(before + 1);
    const reads = scene.tap.requests.slice(asked).filter(({ text }) => !/upgrade: websocket/i.test(text));
    expect(reads.filter(({ route }) => route !== '')).toEqual([]);
    expect(scene.fills()).toEqual([]);
    expect(new Set(await traded(sent.venueOrderId)).size).toBe(2);
    expect(await traded(sent.venueOrderId)).toHaveLength(2);
  });

  it('case 55: passes on what comes twice or overtaken as it comes, each trade under its own number', async () => {
    const late: string[] = [];
    let count = 0;
    venue.wire.changeFrames({
      ...{ path: privatePath, holds: '' },
      change: (frame) => {
        count += 1;
        if (count % 3 === 1) {
          late.push(frame);
          return [];
        }
        return [frame, ...late.splice(0), ...(count % 2 === 0 ? [frame] : [])];
      },
    });
    const sent = await bid();
    for (const lots of [100, 200, 300, 400]) venue.take(symbol, 'sell', lots, sent.price);
    const heard = (): readonly string[] => [...new Set(scene.fills().map(({ tradeId }) => tradeId))];
    await scene.until('all but the last are heard', () => heard().length >= 3);
    const own = await traded(sent.venueOrderId);
    expect(own).toHaveLength(4);
    expect(own).toEqual(expect.arrayContaining([...heard()]));
    expect(quarantined()).toEqual([]);
  });

  it('case 58: tells balances whether they come before their order, behind it, or alone', async () => {
    const balances = () => events.flatMap((event) => (event.type === 'balance' ? [event] : []));
    await scene.admin('/balances/move', { asset: 'USDT', quantity: 25 });
    const free = (): number =>
      Number(venue.core.balances(account).find(({ asset }) => asset === 'USDT')!.free);
    const isTold = (): boolean =>
      balances().some(({ assets }) =>
        assets.some(({ asset, free: told }) => asset === 'USDT' && Number(told) === free()),
      );
    await scene.until('the money that came is told', isTold);
    expect(events.some(({ type }) => type === 'order')).toBe(false);
    const moved = events.flatMap((event) =>
      event.type === 'moved' ? [event.asset, Number(event.delta)] : [],
    );
    if (venueId === 'binance') expect(moved).toEqual(['USDT', 25]);
    await scene.admin('/balances/move', { kind: 'lock', asset: 'USDT', quantity: 10 });
    await scene.until('what was locked is told', isTold);
    await scene.admin('/balances/move', { kind: 'lock', asset: 'USDT', quantity: -10 });
    events.length = 0;
    const sent = await bid();
    await scene.until('both are told', () => isTold() && scene.reports(sent.clientOrderId).length > 0);
    const { rows } = await connector.getBalances();
    expect(Number(rows.find(({ asset }) => asset === 'USDT')!.free)).toBe(free());
  });

  it('case 59: names a state it does not know, and hears on', async () => {
    change(strange[venueId]!);
    const sent = await bid();
    const states = (): readonly string[] => scene.reports(sent.clientOrderId).map(({ status }) => status);
    await scene.until('the state is named', () => states().includes('unrecognised'));
    venue.wire.clear();
    change(noFee[venueId]!);
    venue.take(symbol, 'sell', 400, sent.price);
    await scene.until('the trade is heard', () => scene.fills(sent.clientOrderId).length === 1);
    const [fill] = scene.fills();
    expect([fill!.fee, fill!.feeAsset]).toEqual([undefined, undefined]);
    venue.wire.clear();
    // A frame that cannot be read is set aside; the one behind it is read.
    const price = /"(p|px|price)":"[\d.]+"/;
    venue.wire.changeFrames({
      ...{ path: privatePath, holds: sent.clientOrderId, count: 1 },
      change: (frame) => [frame.replace(price, '"$1":{}'), '{"event":"unheard-of","e":"unheard-of"}', frame],
    });
    await connector.cancel(scene.refOf(sent));
    await scene.until('the end is heard', () => states().includes('canceled'));
    expect(live()).toEqual([]);
    expect(connector.health().privateLive).toBe(true);
  });

  it('case 60: tells an order of somebody else under its own name, and cancels none of them', async () => {
    const price = scene.rules.price(scene.touch('buy') - 200_000);
    const foreign = { symbol, side: 'buy', price, quantity: '0.01', clientOrderId: 'placed-by-a-person' };
    await scene.admin('/orders/foreign', foreign);
    const named = (): readonly (string | undefined)[] =>
      events.flatMap((event) => (event.type === 'order' ? [event.report.clientOrderId] : []));
    await scene.until('it is told', () => named().length > 0);
    for (const name of named()) expect(name ?? 'none').not.toMatch(/^m0/);
    const own = scene.order();
    await connector.place(own, scene.call());
    await connector.cancelAll(id, 'm0');
    expect(scene.openIds()).toEqual(['placed-by-a-person']);
  });

  it('case 61: reads a fee in the base, the quote or another asset, and one that the venue pays', async () => {
    const buy = await bid();
    venue.take(symbol, 'sell', 100, buy.price);
    await scene.until('the buy', () => scene.fills(buy.clientOrderId).length === 1);
    const sell = scene.order({ side: 'sell', price: scene.touch('sell') - 1 });
    await connector.place(sell, scene.call());
    venue.take(symbol, 'buy', 100, sell.price);
    await scene.until('the sell', () => scene.fills(sell.clientOrderId).length === 1);
    const feeOf = (clientOrderId: string) =>
      scene.fills(clientOrderId).map(({ fee, feeAsset }) => [Number(fee), feeAsset]);
    const own = venue.core.trades(account, symbol).slice(-2);
    expect(feeOf(buy.clientOrderId)).toEqual([[Number(own[0]!.fee), 'BTC']]);
    expect(feeOf(sell.clientOrderId)).toEqual([[Number(own[1]!.fee), 'USDT']]);
    const third = async (fee: string) => {
      change(fees[venueId]!(fee, 'BNB'));
      const sent = await bid();
      venue.take(symbol, 'sell', 100, sent.price);
      await scene.until('the trade', () => scene.fills(sent.clientOrderId).length === 1);
      venue.wire.clear();
      await connector.cancel(scene.refOf(sent));
      return feeOf(sent.clientOrderId);
    };
    expect(await third('0.0003')).toEqual([[0.0003, 'BNB']]);
    expect(await third('-0.0002')).toEqual([[-0.0002, 'BNB']]);
  });
});

/** Where trades are listed, and how a row says its fee. OKX writes what is paid as a negative change of the balance. */
const listed: Readonly<
  Record<
    DialectVenueId,
    { readonly path: string; readonly fee: (fee: string) => readonly (readonly [RegExp, string])[] }
  >
> = {
  binance: {
    path: '/myTrades',
    fee: (fee) => [
      [/"commission":"[^"]*","commissionAsset":"[A-Z]+"/g, `"commission":"${fee}","commissionAsset":"BNB"`],
    ],
  },
  okx: {
    path: '/trade/fills',
    fee: (fee) => [
      [/"fee":"[^"]*"/g, `"fee":"${-Number(fee)}"`],
      [/"feeCcy":"[^"]*"/g, '"feeCcy":"BNB"'],
    ],
  },
  gate: {
    path: '/my_trades',
    fee: (fee) => [
      [/"fee":"[^"]*"/g, `"fee":"${fee}"`],
      [/"fee_currency":"[^"]*"/g, '"fee_currency":"BNB"'],
    ],
  },
};

describe.each(dialects)('%s through ccxt', (venueId) => {
  const scene = new ConformanceScene(venueId, {
    ...{ profiles: simulatedProfiles, venue: { stepsPerSecond: 0 }, isTapped: true },
  });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());

  it('case 61: lists a fee in the base, the quote or another asset, and one that the venue pays; what the stream cannot say rightly it leaves out', async () => {
    const { venue, connector } = scene;
    const fill = async (side: 'buy' | 'sell') => {
      const sent = scene.order({ side, price: scene.touch(side) + (side === 'buy' ? 1 : -1) });
      const placed = await connector.place(sent, scene.call());
      venue.take(symbol, side === 'buy' ? 'sell' : 'buy', 100, sent.price);
      const venueOrderId = placed.kind === 'accepted' ? placed.venueOrderId : '';
      const ofIt = () => scene.fills().filter((one) => one.venueOrderId === venueOrderId);
      await scene.until(`the ${side}`, () => ofIt().length === 1);
      return { venueOrderId, heard: ofIt()[0]! };
    };
    const rowsOf = async (venueOrderId: string) => {
      const { rows } = await connector.fillsSince({ instrument: id, venueOrderId });
      return rows.map(({ fee, feeAsset }) => [Number(fee), feeAsset]);
    };
    for (const [side, asset] of [
      ['buy', 'BTC'],
      ['sell', 'USDT'],
    ] as const) {
      const { venueOrderId, heard } = await fill(side);
      const own = venue.core.trades(account, symbol).at(-1)!;
      expect(await rowsOf(venueOrderId)).toEqual([[Number(own.fee), asset]]);
      expect([
        heard.fee === undefined ? Number(own.fee) : Number(heard.fee),
        heard.feeAsset ?? asset,
      ]).toEqual([Number(own.fee), asset]);
      expect(heard.fee !== undefined).toBe(simulatedProfiles[venueId].feesOnStream);
    }
    const { venueOrderId } = await fill('buy');
    const { path, fee: words } = listed[venueId];
    await rowsOf(venueOrderId);
    const said = scene.tap.answers.findLast(({ text }) => text.includes(venueOrderId))!.text;
    const body = /\r\n\r\n[0-9a-f]+\r\n([^]*?)\r\n0\r\n/.exec(said)![1]!; // It comes in one chunk.
    for (const fee of ['0.0003', '-0.0002']) {
      const text = words(fee).reduce((all, [from, to]) => all.replace(from, to), body);
      const set = {
        method: 'GET',
        path,
        isExecuted: false,
        status: 200,
        headers: { 'content-type': 'application/json' },
      };
      venue.wire.answerNext(9, { ...set, body: 'given', text });
      expect(await rowsOf(venueOrderId)).toEqual([[Number(fee), 'BNB']]);
      venue.wire.clear();
    }
  });
});
