import type { DialectVenueId } from '../../src/domain/instrument';
import type { FillReport, OrderReport } from '../../src/domain/venue-event';
import type { NewOrder } from '../../src/modules/execution/connectors/types';
import { defaultMarkets } from '../../src/venue-simulator/default-markets';
import type { Market, OwnTrade, VenueOrder } from '../../src/venue-simulator/venue-types';
import { plain } from '../support/ccxt-account';
import { simulatedProfiles } from '../support/ccxt-profiles';
import { account, ConformanceScene, dialects, id, nextId, symbol } from './conformance-scene';

jest.setTimeout(60_000);

interface Door {
  readonly name: string;
  readonly venueId: DialectVenueId;
  readonly isOurs: boolean;
}

/** Each dialect of ours, and each again through ccxt whole where a case asks for both. */
const doors: readonly Door[] = [
  ...dialects.map((venueId) => ({ name: venueId, venueId, isOurs: true })),
  ...dialects.map((venueId) => ({ name: `${venueId} through ccxt`, venueId, isOurs: false })),
];
const dust: Market = {
  ...{ symbol: 'DUSTUSDT', base: 'DUST', quote: 'USDT', startPrice: '0.00000004', status: 'TRADING' },
  ...{ tickSize: '0.00000001', lotSize: '0.00000001', minQuantity: '0.00000001', maxQuantity: '99999999' },
  ...{ minNotional: '0', maxOpenOrders: 200 },
};
const gold: Market = { ...dust, symbol: 'GOLDUSDT', base: 'GOLD', startPrice: '80' };
const ends: readonly OrderReport['status'][] = ['canceled', 'expired', 'rejected', 'filled'];

const isIn =
  (trades: readonly OwnTrade[]) =>
  (fill: FillReport): boolean =>
    trades.some(({ tradeId }) => String(tradeId) === fill.tradeId);

/** What becomes of orders; the venue's own books decide. */
describe.each(doors)('$name', ({ venueId, isOurs }) => {
  const scene = new ConformanceScene(venueId, {
    ...(isOurs ? { times: 2 } : { profiles: simulatedProfiles }),
    venue: { stepsPerSecond: 0 },
  });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());
  beforeEach(() => scene.calm());
  const longCall = () => scene.call({ sendBy: scene.runtime.monotonic() + 60_000 });
  const place = (order: NewOrder) => scene.connector.place(order, longCall());
  const atVenue = ({ clientOrderId }: NewOrder): VenueOrder | undefined =>
    scene.venue.core.order({ account, symbol, clientOrderId: scene.idAtVenue(clientOrderId) });
  const tradesOf = ({ clientOrderId }: NewOrder): readonly OwnTrade[] =>
    scene.venue.core
      .trades(account, symbol)
      .filter((trade) => trade.clientOrderId === scene.idAtVenue(clientOrderId));
  const bestAsk = (): readonly [price: number, lots: number] => scene.venue.core.depth(symbol, 1).asks[0]!;
  /** A bid that takes at once. */
  const taking = (change: Partial<NewOrder> = {}): NewOrder =>
    scene.order({ price: bestAsk()[0], quantity: 100, timeInForce: 'gtc', ...change });
  const ended = (order: NewOrder): Promise<void> =>
    scene.until('its end is heard', () =>
      scene.reports(order.clientOrderId).some(({ status }) => ends.includes(status)),
    );
  /** ccxt names the order of a trade by the venue's id alone; at Gate a trade is heard at once, so all are the order's. */
  const fillsOf = (order: NewOrder): readonly FillReport[] =>
    isOurs
      ? scene.fills(order.clientOrderId)
      : scene.fills().filter((fill) => venueId === 'gate' || isIn(tradesOf(order))(fill));
  const heardIds = (order: NewOrder): readonly string[] => [
    ...new Set(fillsOf(order).map(({ tradeId }) => tradeId)),
  ];

  // ccxt does not pass on that Gate killed an order.
  if (isOurs || venueId !== 'gate')
    it('case 23: a GTC order rests with what it cannot take, an IOC order does not, a FOK order takes all or nothing', async () => {
      const [price, lots] = bestAsk();
      const fok = taking({ price, quantity: lots + 100, timeInForce: 'fok' });
      await place(fok);
      await ended(fok);
      expect(atVenue(fok)).toMatchObject({ timeInForce: 'FOK', filled: 0 });
      expect(bestAsk()).toEqual([price, lots]);
      const small = taking({ timeInForce: 'fok' });
      await place(small);
      await ended(small);
      expect(atVenue(small)).toMatchObject({ timeInForce: 'FOK', filled: 100, status: 'FILLED' });
      const ioc = taking({ price, quantity: lots, timeInForce: 'ioc' });
      await place(ioc);
      await ended(ioc);
      expect(atVenue(ioc)).toMatchObject({ timeInForce: 'IOC', filled: lots - 100 });
      expect(scene.openIds()).toEqual([]);
      const [next, more] = bestAsk();
      const gtc = taking({ price: next, quantity: more + 100 });
      expect((await place(gtc)).kind).toBe('accepted');
      expect(atVenue(gtc)).toMatchObject({ timeInForce: 'GTC', filled: more, status: 'PARTIALLY_FILLED' });
      expect(scene.openIds()).toEqual([gtc.clientOrderId]);
    });

  // A fill whose fee ccxt has to ask for is heard after the ack.
  const bothWays =
    isOurs || venueId === 'gate' ? ['fill before ack', 'ack before fill'] : ['ack before fill'];
  it.each(bothWays)('case 24: %s', async (order) => {
    const isAckHeld = order === 'fill before ack';
    scene.venue.faults.holdNext(isAckHeld ? 'create-executed' : 'fill-reported', 1);
    const sent = taking();
    let isAnswered = false;
    const placing = place(sent).then((answer) => ((isAnswered = true), answer));
    if (isAckHeld) {
      await scene.until('the fill is heard', () => heardIds(sent).length === 1);
      expect(isAnswered).toBe(false);
    } else {
      expect((await placing).kind).toBe('accepted');
      expect(heardIds(sent)).toEqual([]);
    }
    scene.venue.faults.release('all', 'continue');
    expect(await placing).toMatchObject({ kind: 'accepted' });
    await scene.until('the fill is heard', () => heardIds(sent).length === 1);
    expect(tradesOf(sent)).toHaveLength(1);
    await ended(sent);
  });

  if (isOurs)
    it('case 25: a fill that an ack tells of is one with that of the stream and of the list', async () => {
      const sent = taking();
      const answer = await place(sent);
      if (venueId === 'okx') expect(answer).not.toHaveProperty('report');
      else expect(answer).toMatchObject({ kind: 'accepted', report: { status: 'filled' } });
      await scene.until('the fill is heard', () => heardIds(sent).length === 1);
      const replied = answer.kind === 'accepted' ? (answer.fills ?? []) : [];
      if (venueId === 'binance') expect(replied.map(({ tradeId }) => tradeId)).toEqual(heardIds(sent));
      else expect(replied).toEqual([]);
      const { rows } = await scene.connector.fillsSince({ instrument: id, fromId: heardIds(sent)[0] });
      expect(rows.map(({ tradeId }) => tradeId)).toEqual(heardIds(sent));
      expect(tradesOf(sent)).toHaveLength(1);
    });

  it('case 29: an order is canceled by our id before the venue has told its own', async () => {
    scene.venue.faults.holdNext('create-executed', 1);
    const sent = scene.order();
    const placing = place(sent);
    await scene.until('it rests', () => scene.openIds().length === 1);
    expect(await scene.connector.cancel(scene.refOf(sent))).toMatchObject({ kind: 'accepted' });
    expect(scene.openIds()).toEqual([]);
    scene.venue.faults.release('all', 'continue');
    await placing;
    expect(await scene.connector.queryOrder(scene.refOf(sent))).toMatchObject({
      ...{ kind: 'found', report: { status: 'canceled' } },
    });
  });

  if (isOurs)
    it('case 30: a cancel of what is filled, canceled, unknown or not yet there ends nothing', async () => {
      const over = /^(not_found|already_done)$/;
      const canceled = async (order: NewOrder): Promise<string> => {
        const answer = await scene.connector.cancel(scene.refOf(order));
        return answer.kind === 'rejected' ? answer.code : answer.kind;
      };
      const filled = taking();
      await place(filled);
      expect(await canceled(filled)).toMatch(over);
      expect(await scene.connector.queryOrder(scene.refOf(filled))).toMatchObject({
        report: { status: 'filled' },
      });
      const gone = scene.order();
      await place(gone);
      expect(await canceled(gone)).toBe('accepted');
      expect(await canceled(gone)).toMatch(over);
      expect(await canceled(scene.order())).toBe('not_found');
      scene.venue.faults.holdNext('create-received', 1);
      const onItsWay = scene.order();
      const placing = place(onItsWay);
      await scene.until('it is on its way', () => scene.venue.faults.held().length === 1);
      expect(await canceled(onItsWay)).toBe('not_found');
      scene.venue.faults.release('all', 'continue');
      expect((await placing).kind).toBe('accepted');
      expect(scene.openIds()).toEqual([onItsWay.clientOrderId]);
      expect(await canceled(onItsWay)).toBe('accepted');
    });

  it.each([
    ['a part', 400],
    ['all', 1_000],
  ])('case 31: a fill of %s that overtakes a cancel is heard', async (_, lots) => {
    const sent = scene.order({ price: scene.touch('buy') + 1 });
    await place(sent);
    scene.venue.faults.holdNext('cancel-received', 1);
    const canceling = scene.connector.cancel(scene.refOf(sent));
    await scene.until('the cancel is there', () => scene.venue.faults.held().length === 1);
    scene.venue.take(symbol, 'sell', lots, sent.price);
    scene.venue.faults.release('all', 'continue');
    const answer = await canceling;
    if (lots === sent.quantity) expect(answer.kind).toBe('rejected');
    else expect(answer.kind).toBe('accepted');
    await scene.until('the fill is heard', () => heardIds(sent).length === 1);
    expect(fillsOf(sent).map(({ quantity }) => Number(quantity))).toEqual([lots / 100_000]);
    const status = lots === sent.quantity ? 'filled' : 'canceled';
    const found = await scene.connector.queryOrder(scene.refOf(sent));
    expect(found).toMatchObject({ report: { status } });
    expect(Number(found.kind === 'found' && found.report.cumFilled)).toBe(lots / 100_000);
  });

  // ccxt does not know that Gate takes ten orders of a pair in a second.
  it.each([0, 1, isOurs || venueId !== 'gate' ? 45 : 5])(
    'case 32: all of %i own orders are canceled, and three foreign ones survive',
    async (count) => {
      if (venueId === 'gate') await scene.runtime.sleep(1_100);
      const foreign = [1, 2, 3].map((i) => scene.order({ clientOrderId: `other${count}x${i}` }));
      const own = Array.from({ length: count }, () => scene.order());
      const sent = await scene.connector.placeMany([...foreign, ...own], longCall());
      expect(sent.every(({ kind }) => kind === 'accepted')).toBe(true);
      const answers = await scene.connector.cancelAll(id, 'm0');
      expect(answers.map(({ kind }) => kind)).toEqual(own.map(() => 'accepted'));
      await scene.until('they are gone', () => scene.openIds().length === foreign.length);
      expect([...scene.openIds()].sort()).toEqual(foreign.map(({ clientOrderId }) => clientOrderId));
    },
  );

  if (!isOurs) return;

  it('case 38: a filter that changes refuses one order, and the next one is legal again', async () => {
    scene.venue.changeMarket(symbol, { minQuantity: '0.02' });
    expect(await place(scene.order())).toMatchObject({ kind: 'rejected', code: 'FILTER' });
    const rules = await scene.connector.feed.rereadRules(id);
    expect(Number(rules.rules.minQuantity)).toBe(0.02);
    expect(await place(scene.order({ rules, quantity: 2_000 }))).toMatchObject({ kind: 'accepted' });
    scene.venue.changeMarket(symbol, { minQuantity: '0.00001' });
    await scene.connector.feed.rereadRules(id);
  });

  it.each([
    ['HALT', 'halted'],
    ['CANCEL_ONLY', venueId === 'binance' ? 'cancel_only' : 'halted'],
  ] as const)(
    'case 39: in a market that is in %s nothing rests anew, and what rests can be canceled',
    async (status, read) => {
      const resting = scene.order();
      await place(resting);
      scene.venue.changeMarket(symbol, { status });
      const answer = await place(scene.order());
      expect(answer.kind).not.toBe('accepted');
      expect(scene.openIds()).toEqual([resting.clientOrderId]);
      expect((await scene.connector.feed.rereadRules(id)).rules.status).toBe(read);
      expect([venueId, status, answer]).toMatchObject([
        venueId,
        status,
        { kind: 'rejected', code: 'MARKET_CLOSED' },
      ]);
      const canceled = await scene.connector.cancel(scene.refOf(resting));
      if (status === 'CANCEL_ONLY') expect(canceled.kind).toBe('accepted');
      scene.venue.changeMarket(symbol, { status: 'TRADING' });
      await scene.connector.feed.rereadRules(id);
      expect((await place(scene.order())).kind).toBe('accepted');
    },
  );

  const stpGroup = (group: number): Promise<unknown> =>
    scene.admin('/gate/terms', { account, stpGroup: group });

  it.each(
    venueId === 'gate' ? (['in a group', 'outside a group'] as const) : (['by its own words'] as const),
  )('case 35: an order that would trade with our own ends instead, %s', async (where) => {
    if (venueId === 'gate') await stpGroup(where === 'in a group' ? 7 : 0);
    const price = scene.touch('buy') + 1;
    const resting = scene.order({ side: 'sell', price });
    expect((await place(resting)).kind).toBe('accepted');
    const crossing = scene.order({ price, timeInForce: 'gtc', quantity: 400 });
    expect((await place(crossing)).kind).toBe('accepted');
    await ended(crossing);
    const isPrevented = where !== 'outside a group';
    expect(tradesOf(crossing)).toHaveLength(isPrevented ? 0 : 1);
    expect(scene.openIds()).toEqual([resting.clientOrderId]);
    const found = await scene.connector.queryOrder(scene.refOf(crossing));
    const status = venueId === 'okx' ? 'canceled' : 'expired';
    expect(found).toMatchObject({ report: { status: isPrevented ? status : 'filled' } });
    if (venueId === 'gate') await stpGroup(0);
  });

  it.each(['EXPIRE_MAKER', 'EXPIRE_BOTH'] as const)(
    'case 35: an order of ours that a mode of the venue ends is heard to end, %s',
    async (stp) => {
      const price = scene.touch('buy') + 1;
      const resting = scene.order({ side: 'sell', price });
      await place(resting);
      const other = { account, symbol, side: 'buy', type: 'limit', timeInForce: 'GTC', price } as const;
      scene.venue.core.place({ ...other, clientOrderId: scene.idAtVenue(nextId()), quantity: 400, stp });
      await ended(resting);
      expect(tradesOf(resting)).toEqual([]);
      expect(scene.reports(resting.clientOrderId).at(-1)).toMatchObject({
        status: venueId === 'okx' ? 'canceled' : 'expired',
      });
      expect(await scene.connector.queryOrder(scene.refOf(resting))).toMatchObject({
        report: {
          status: venueId === 'okx' ? 'canceled' : 'expired',
          ...(venueId === 'binance' ? { endReason: 'SELF_TRADE', cumFilled: '0.00000000' } : {}),
        },
      });
    },
  );
});

/** Dust: the smallest step of a price, and more digits of a quantity than a double has. */
describe.each(doors)('$name', ({ venueId, isOurs }) => {
  const scene = new ConformanceScene(venueId, {
    ...(isOurs ? {} : { profiles: simulatedProfiles }),
    venue: { stepsPerSecond: 0, markets: [...defaultMarkets, dust, gold] },
    isTapped: true,
  });
  beforeAll(() => scene.open(), 60_000);
  afterAll(() => scene.close());

  it.each([
    ['the smallest price', 1, 100_000_000_000, '0.00000001', '1000'],
    ['the largest exact quantity', 1, 9_007_199_254_740_991, '0.00000001', '90071992.54740991'],
    ['a quantity of the last digit', 7_000_000_000, 1, '70', '0.00000001'],
  ])(
    'case 40: %s leaves as it is, and without an exponent',
    async (_, price, quantity, priceText, quantityText) => {
      const base = price === 1 ? 'DUST' : 'GOLD';
      const rules = scene.connector.feed.rulesOf(`${base}/USDT`)!;
      const order = scene.order({ rules, price, quantity });
      scene.tap.requests.length = 0;
      expect(await scene.connector.place(order, scene.call())).toMatchObject({ kind: 'accepted' });
      const text = scene.tap.requests.map((one) => one.text).join('');
      const valueOf = (...names: readonly string[]): string | undefined =>
        new RegExp(`[&?"](?:${names.join('|')})[="]+:?"?([^&"]+)`).exec(text)?.[1];
      expect([valueOf('price', 'px'), valueOf('quantity', 'amount', 'sz')]).toEqual([
        priceText,
        quantityText,
      ]);
      // A signature is of such digits by chance.
      const unsigned = text.replace(/(signature=|"?sign"?[:=] ?"?)[0-9a-f]+/gi, '$1');
      expect(unsigned).not.toMatch(/[=":]\d+(\.\d+)?e[-+]?\d/i);
      const { clientOrderId } = order;
      const ref = { instrument: `${base}/USDT`, clientOrderId };
      const found = await scene.connector.queryOrder(ref);
      expect(found.kind === 'found' && [found.report.price, found.report.quantity].map(plain)).toEqual([
        priceText,
        quantityText,
      ]);
      expect(scene.venue.core.openOrders(account, `${base}USDT`)).toMatchObject([{ price, quantity }]);
      expect(await scene.connector.cancel(ref)).toMatchObject({ kind: 'accepted' });
    },
  );
});
