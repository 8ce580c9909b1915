import { createRealRuntime } from '../../src/runtime/real-runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { OkxWire, anOrder } from './okx-wire';
import type { OkxAnswer, Texts } from './okx-wire';

/** REST field by field, with a client that shares no code with the venue. */
const runtime = createRealRuntime();
const key = { ...demoAccount, passphrase: usualPassphrase };
const balances = { USDT: '100000', BTC: '2' };
const others = {
  live: { apiKey: 'live-key', secret: 'live-secret', balances, venueEnvironment: 'live' },
  demo: {
    apiKey: 'demo-key',
    secret: 'demo-secret',
    balances,
    venueEnvironment: 'demo',
    passphrase: 'its own',
  },
  plain: { apiKey: 'plain-key', secret: 'plain-secret', balances },
  busy: { apiKey: 'busy-key', secret: 'busy-secret', balances },
} as const;
let venue: VenueSimulator;
let okx: OkxWire;

const wireOf = (name: keyof typeof others): OkxWire => {
  const account: { apiKey: string; secret: string; passphrase?: string } = others[name];
  return new OkxWire(venue.origin, { passphrase: usualPassphrase, ...account }, runtime);
};
const item = ({ data }: OkxAnswer): Texts => data[0]!;
const sCode = (answer: OkxAnswer): string => item(answer)['sCode']!;
const skewed = (ms: number) => ({ 'OK-ACCESS-TIMESTAMP': new Date(runtime.now() + ms).toISOString() });

async function best(): Promise<{ readonly bid: number; readonly ask: number }> {
  const { data } = await okx.get('market/ticker', 'instId=BTC-USDT');
  return { bid: Number(data[0]!['bidPx']), ask: Number(data[0]!['askPx']) };
}

beforeAll(async () => {
  const accounts = Object.values(others);
  venue = await startVenueSimulator({
    runtime,
    port: 0,
    adminPort: 0,
    seed: 7,
    stepsPerSecond: 20,
    accounts,
  });
  okx = new OkxWire(venue.origin, key, runtime);
  await runtime.sleep(500);
  venue.setFlow(false);
}, 60_000);

afterEach(() => venue.faults.clearAll());

afterAll(async () => {
  await venue?.stop();
  await runtime.close();
});

describe('who asks', () => {
  it.each<[string, string, Record<string, string | undefined>]>([
    ['no key', '50103', { 'OK-ACCESS-KEY': undefined }],
    ['no passphrase', '50104', { 'OK-ACCESS-PASSPHRASE': undefined }],
    ['another passphrase', '50105', { 'OK-ACCESS-PASSPHRASE': 'another' }],
    ['no signature', '50106', { 'OK-ACCESS-SIGN': undefined }],
    ['no time', '50107', { 'OK-ACCESS-TIMESTAMP': '' }],
    ['an unknown key', '50111', { 'OK-ACCESS-KEY': 'nobody' }],
    ['a time that is none', '50112', { 'OK-ACCESS-TIMESTAMP': '1700000000' }],
    ['another signature', '50113', { 'OK-ACCESS-SIGN': 'bm90IGl0' }],
  ])('%s is %s', async (_name, code, headers) => {
    const answer = await okx.call('GET', 'trade/orders-pending', { headers });
    expect(answer).toMatchObject({ status: 401, code, data: [] });
  });

  it.each([
    [31_000, '50102'],
    [-31_000, '50102'],
    [29_000, '0'],
    [-29_000, '0'],
  ])('a clock off by %d ms is %s', async (ms, code) => {
    const answer = await okx.call('GET', 'trade/orders-pending', { headers: skewed(ms) });
    expect(answer).toMatchObject({ status: code === '0' ? 200 : 401, code });
  });

  it('signs the query and the body', async () => {
    const query = 'instType=SPOT&instId=BTC-USDT';
    expect(await okx.get('trade/orders-pending', query)).toMatchObject({ code: '0' });
    const time = new Date(runtime.now()).toISOString();
    const headers = { 'OK-ACCESS-TIMESTAMP': time, 'OK-ACCESS-SIGN': 'a'.repeat(44) };
    expect(await okx.post('trade/order', anOrder({}), { headers })).toMatchObject({ code: '50113' });
  });

  const demoHeader = { 'x-simulated-trading': '1' };
  it.each([
    ['live', {}, '0'],
    ['live', demoHeader, '50101'],
    ['demo', demoHeader, '0'],
    ['demo', {}, '50101'],
    ['plain', {}, '0'],
    ['plain', demoHeader, '0'],
  ] as const)('a %s key with %j is %s', async (name, headers, code) => {
    const answer = await wireOf(name).call('GET', 'account/balance', { headers });
    expect(answer).toMatchObject({ code, status: code === '0' ? 200 : 401 });
  });
});

describe('what is asked', () => {
  it.each([
    ['GET', 'trade/nothing', '', 404, '404'],
    ['GET', 'trade/cancel-order', '', 405, '50115'],
    ['POST', 'trade/order', '', 400, '50000'],
    ['POST', 'trade/order', '{"instId":', 400, '50002'],
    ['POST', 'trade/batch-orders', '{}', 400, '50002'],
  ] as const)('%s %s with %j is %d', async (method, path, text, status, code) => {
    expect(await okx.call(method, path, { text })).toMatchObject({ status, code });
  });

  it('names its instruments, and none of other kinds', async () => {
    const { data } = await okx.get('public/instruments', 'instType=SPOT');
    expect(data).toHaveLength(3);
    expect(data[0]).toMatchObject({
      ...{ instType: 'SPOT', instId: 'BTC-USDT', baseCcy: 'BTC', quoteCcy: 'USDT', settleCcy: '', uly: '' },
      ...{
        tickSz: '0.01',
        lotSz: '0.00001',
        minSz: '0.00001',
        maxLmtSz: '9000',
        state: 'live',
        instIdCode: 1,
      },
      ...{ lever: '', ctVal: '', stk: '', optType: '', expTime: '' },
    });
    expect(await okx.get('public/instruments', 'instType=SWAP')).toMatchObject({ code: '0', data: [] });
    expect(await okx.get('public/instruments')).toMatchObject({ code: '50014', status: 400 });
    expect(await okx.get('public/instruments', 'instType=SPOT&instId=NO-USDT')).toMatchObject({
      code: '51001',
    });
  });

  it('writes books, tickers and trades as texts', async () => {
    const { data } = await okx.get('market/books', 'instId=BTC-USDT&sz=3');
    const book = data[0] as unknown as { bids: string[][]; asks: string[][]; seqId: number; ts: string };
    expect(book.bids).toHaveLength(3);
    expect(book.bids[0]).toEqual([expect.stringMatching(/^\d+(\.\d+)?$/), expect.any(String), '0', '1']);
    expect(book).toMatchObject({ seqId: expect.any(Number), ts: expect.stringMatching(/^\d{13}$/) });
    expect(await okx.get('market/books', 'instId=BTC-USDT&sz=401')).toMatchObject({ code: '51000' });
    const { data: tickers } = await okx.get('market/tickers', 'instType=SPOT');
    expect(tickers.map(({ instId }) => instId)).toEqual(['BTC-USDT', 'ETH-USDT', 'SOL-USDT']);
    for (const value of Object.values(tickers[0]!)) expect(typeof value).toBe('string');
    const { data: trades } = await okx.get('market/trades', 'instId=BTC-USDT&limit=2');
    expect(trades).toHaveLength(2);
    expect(Number(trades[0]!['tradeId'])).toBeGreaterThan(Number(trades[1]!['tradeId']));
    const { data: older } = await okx.get(
      'market/history-trades',
      `instId=BTC-USDT&after=${trades[1]!['tradeId']}`,
    );
    expect(Number(older[0]!['tradeId'])).toBe(Number(trades[1]!['tradeId']) - 1);
  });

  it('tells the account: mode, fees, limits and balances', async () => {
    const plain = wireOf('plain');
    expect(item(await plain.get('account/config'))).toMatchObject({ perm: 'read_only,trade', acctLv: '1' });
    const fee = item(await plain.get('account/trade-fee', 'instType=SPOT'));
    expect(fee).toMatchObject({ maker: '-0.001', taker: '-0.001' });
    expect(item(await plain.get('trade/account-rate-limit'))).toMatchObject({ accRateLimit: '1000' });
    const [row] = (await plain.get('account/balance', 'ccy=USDT,ETH')).data;
    const { details } = row as unknown as { details: Texts[] };
    expect(details).toMatchObject([{ ccy: 'USDT', eq: '100000', availBal: '100000', frozenBal: '0' }]);
  });
});

describe('placing', () => {
  it('answers a name and nothing of what became of it', async () => {
    const answer = await okx.place({ clOrdId: 'named1', tag: 'tag1', px: '60000' });
    expect(answer).toMatchObject({ status: 200, code: '0', msg: '' });
    expect(answer.body).toMatchObject({
      inTime: expect.stringMatching(/^\d{16}$/),
      outTime: expect.any(String),
    });
    expect(item(answer)).toEqual({
      ...{ ordId: expect.stringMatching(/^\d{19}$/), clOrdId: 'named1', tag: 'tag1' },
      ...{ ts: expect.stringMatching(/^\d{13}$/), sCode: '0', sMsg: '', subCode: '' },
    });
    const row = await okx.order({ ordId: item(answer)['ordId']! });
    expect(row).toMatchObject({
      ...{ instType: 'SPOT', instId: 'BTC-USDT', clOrdId: 'named1', tag: 'tag1', px: '60000', sz: '0.01' },
      ...{ ordType: 'limit', side: 'buy', tdMode: 'cash', tgtCcy: '', state: 'live', accFillSz: '0' },
      ...{ avgPx: '', fillPx: '', fillSz: '0', fillTime: '', tradeId: '', fee: '0', feeCcy: 'BTC' },
      ...{ rebate: '0', rebateCcy: 'USDT', stpMode: 'cancel_maker', category: 'normal', source: '' },
      ...{ cancelSource: '', cancelSourceReason: '' },
    });
    const nested = ['attachAlgoOrds', 'linkedAlgoOrd'];
    for (const [name, value] of Object.entries(row)) {
      if (!nested.includes(name)) expect([name, typeof value]).toEqual([name, 'string']);
    }
    await okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'named1' });
  });

  it.each<[string, Texts, string]>([
    ['an unknown instrument', { instId: 'NO-USDT' }, '51001'],
    ['no instrument', { instId: '' }, '50014'],
    ['no mode', { tdMode: '' }, '50014'],
    ['a mode with borrowing', { tdMode: 'cross' }, '51010'],
    ['an unknown side', { side: 'hold' }, '51000'],
    ['an unknown type', { ordType: 'iceberg' }, '51000'],
    ['a client id with a dash', { clOrdId: 'not-this' }, '51000'],
    ['a client id of 33 letters', { clOrdId: 'a'.repeat(33) }, '51000'],
    ['a tag too long', { tag: 'a'.repeat(17) }, '51000'],
    ['an unknown prevention of self-trades', { stpMode: 'none' }, '51000'],
    ['no price', { px: '' }, '50014'],
    ['a price off the grid', { px: '60000.001' }, '51000'],
    ['a negative price', { px: '-1' }, '51000'],
    ['a size below the least', { sz: '0.000001' }, '51020'],
    ['a size off the grid', { sz: '0.0100001' }, '51121'],
    ['a size above the most', { sz: '9000.1' }, '51005'],
    ['a price far above', { px: '1000000' }, '51137'],
    ['a price far below', { side: 'sell', px: '100' }, '51138'],
    ['more than there is', { sz: '1000' }, '51008'],
    ['a market order above the most', { ordType: 'market', sz: '2000000' }, '51201'],
    ['a market order below the least', { ordType: 'market', sz: '0.1' }, '51020'],
  ])('%s is refused', async (_name, order, code) => {
    const answer = await okx.call('POST', 'trade/batch-orders', { body: [anOrder(order)] });
    expect(answer).toMatchObject({ status: 200, code: '1', msg: 'All operations failed' });
    expect(item(answer)).toMatchObject({ sCode: code, ordId: '' });
    expect(await okx.get('trade/orders-pending')).toMatchObject({ data: [] });
  });

  it('takes what it can of a batch, in order, and at most twenty', async () => {
    const orders = [
      { clOrdId: 'b1' },
      { clOrdId: 'b2', sz: '0.000001' },
      { clOrdId: 'b1' },
      { clOrdId: 'b3' },
    ];
    const answer = await okx.post('trade/batch-orders', orders.map(anOrder));
    expect(answer.code).toBe('2');
    expect(answer.data.map((row) => [row['clOrdId'], row['sCode']])).toEqual([
      ...[
        ['b1', '0'],
        ['b2', '51020'],
        ['b1', '51016'],
        ['b3', '0'],
      ],
    ]);
    const { data } = await okx.get('trade/orders-pending');
    expect(data.map(({ clOrdId }) => clOrdId)).toEqual(['b3', 'b1']);
    const many = Array.from({ length: 21 }, (_, i) => anOrder({ clOrdId: `many${i}` }));
    expect(await okx.post('trade/batch-orders', many)).toMatchObject({ code: '51111', data: [] });
    const cancels = ['b1', 'b3', 'b2'].map((clOrdId) => ({ instId: 'BTC-USDT', clOrdId }));
    const canceled = await okx.post('trade/cancel-batch-orders', cancels);
    expect(canceled.data.map((row) => row['sCode'])).toEqual(['0', '0', '51400']);
    expect(canceled.code).toBe('2');
  });

  it('takes no order behind its expTime, also when it was held until then', async () => {
    const past = { headers: { expTime: String(runtime.now() - 1) } };
    const late = await okx.place({ clOrdId: 'late1' }, past);
    expect(late).toMatchObject({ status: 200, code: '1' });
    expect(sCode(late)).toBe('50036');
    venue.faults.holdNext('create-received', 1);
    const soon = { headers: { expTime: String(runtime.now() + 150) } };
    const held = okx.place({ clOrdId: 'late2' }, soon);
    await runtime.sleep(200);
    expect(venue.faults.held()).toMatchObject([{ clientOrderId: 'late2', point: 'create-received' }]);
    venue.faults.release('all', 'continue');
    expect(sCode(await held)).toBe('50037');
    const coming = { headers: { expTime: String(runtime.now() + 5_000) } };
    expect(sCode(await okx.place({ clOrdId: 'intime' }, coming))).toBe('0');
    expect((await okx.get('trade/orders-pending')).data.map(({ clOrdId }) => clOrdId)).toEqual(['intime']);
    const change = { instId: 'BTC-USDT', clOrdId: 'intime', newSz: '0.02' };
    expect(sCode(await okx.post('trade/amend-order', change, past))).toBe('50036');
    // A cancel knows no expiry.
    const cancel = { instId: 'BTC-USDT', clOrdId: 'intime' };
    expect(sCode(await okx.post('trade/cancel-order', cancel, past))).toBe('0');
  });

  it('ends a post-only order that would take, and says why', async () => {
    const { bid, ask } = await best();
    const crossing = await okx.place({ ordType: 'post_only', side: 'sell', px: String(bid) });
    expect(sCode(crossing)).toBe('0');
    const row = await okx.order({ ordId: item(crossing)['ordId']! });
    expect(row).toMatchObject({ state: 'canceled', cancelSource: '31', accFillSz: '0', clOrdId: '' });
    const rests = await okx.place({ ordType: 'post_only', clOrdId: 'rests', px: String(bid) });
    expect(sCode(rests)).toBe('0');
    const change = { instId: 'BTC-USDT', clOrdId: 'rests', newPx: (ask + 1).toFixed(2) };
    expect(sCode(await okx.post('trade/amend-order', change))).toBe('51511');
    expect(await okx.order({ clOrdId: 'rests' })).toMatchObject({ state: 'live', px: String(bid) });
    const withIt = { ...change, cxlOnFail: true };
    expect(sCode(await okx.post('trade/amend-order', withIt))).toBe('51511');
    expect(await okx.order({ clOrdId: 'rests' })).toMatchObject({ state: 'canceled', cancelSource: '0' });
  });

  it.each([
    ['ioc', '14'],
    ['fok', '13'],
  ])('ends an %s order that finds nobody with %s', async (ordType, cancelSource) => {
    const answer = await okx.place({ ordType, px: '50000' });
    const row = await okx.order({ ordId: item(answer)['ordId']! });
    expect(row).toMatchObject({ state: 'canceled', ordType, cancelSource, accFillSz: '0' });
  });

  it.each([
    ['cancel_maker', 'canceled', '32', 'filled', ''],
    ['cancel_taker', 'live', '', 'canceled', '32'],
    ['cancel_both', 'canceled', '32', 'canceled', '32'],
  ])(
    '%s decides who of an account goes',
    async (stpMode, makerState, makerSource, takerState, takerSource) => {
      const { bid } = await best();
      const px = (bid + 0.01).toFixed(2);
      await okx.place({ clOrdId: 'own1', px, ordType: 'post_only' });
      await okx.place({ clOrdId: 'own2', px: (bid - 200).toFixed(2), side: 'sell', sz: '0.001', stpMode });
      const cancelSource = (name: string) => okx.order({ clOrdId: name });
      expect(await cancelSource('own1')).toMatchObject({ state: makerState, cancelSource: makerSource });
      expect(await cancelSource('own2')).toMatchObject({
        state: takerState,
        cancelSource: takerSource,
        stpMode,
      });
      await okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'own1' });
    },
  );

  it('takes no order while the market is halted, and cancels the ones there are', async () => {
    await okx.place({ clOrdId: 'before' });
    venue.changeMarket('BTCUSDT', { status: 'HALT' });
    const { data } = await okx.get('public/instruments', 'instType=SPOT&instId=BTC-USDT');
    expect(data[0]).toMatchObject({ state: 'suspend' });
    expect(sCode(await okx.place({ clOrdId: 'during' }))).toBe('51022');
    expect(sCode(await okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'before' }))).toBe('0');
    venue.changeMarket('BTCUSDT', { status: 'TRADING' });
  });
});

describe('amending', () => {
  const amend = (change: Texts) => okx.post('trade/amend-order', { instId: 'BTC-USDT', ...change });

  it('changes size and price, and names its request', async () => {
    const { ordId } = item(await okx.place({ clOrdId: 'change1' }));
    const answer = await amend({ clOrdId: 'change1', newSz: '0.02', newPx: '59000', reqId: 'req1' });
    expect(item(answer)).toMatchObject({
      ordId,
      clOrdId: 'change1',
      reqId: 'req1',
      sCode: '0',
      ts: expect.any(String),
    });
    expect(await okx.order({ ordId: ordId! })).toMatchObject({ sz: '0.02', px: '59000', state: 'live' });
    const both = [
      { instId: 'BTC-USDT', clOrdId: 'change1', newSz: '0.03' },
      { instId: 'BTC-USDT', clOrdId: 'nobody', newSz: '0.03' },
    ];
    const batch = await okx.post('trade/amend-batch-orders', both);
    expect(batch.data.map((row) => row['sCode'])).toEqual(['0', '51503']);
    await okx.post('trade/cancel-order', { instId: 'BTC-USDT', ordId });
    expect(sCode(await amend({ ordId: ordId!, newSz: '0.01' }))).toBe('51509');
  });

  it.each<[string, Texts, string]>([
    ['nothing', {}, '51500'],
    ['a size below the least', { newSz: '0.000001' }, '51020'],
    ['a price off the grid', { newPx: '1.001' }, '51000'],
    ['more than there is', { newSz: '1000' }, '51502'],
  ])('to %s is refused', async (_name, change, code) => {
    await okx.place({ clOrdId: 'kept1' });
    expect(sCode(await amend({ clOrdId: 'kept1', ...change }))).toBe(code);
    await okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'kept1' });
  });

  it('to no more than has been filled makes the order a filled one', async () => {
    const { bid } = await best();
    const px = (bid + 0.01).toFixed(2);
    await okx.place({ clOrdId: 'part1', px, ordType: 'post_only' });
    venue.take('BTCUSDT', 'sell', 400, Math.round((bid + 0.01) * 100));
    expect(await okx.order({ clOrdId: 'part1' })).toMatchObject({
      state: 'partially_filled',
      accFillSz: '0.004',
    });
    expect(sCode(await amend({ clOrdId: 'part1', newSz: '0.004' }))).toBe('0');
    const row = await okx.order({ clOrdId: 'part1' });
    expect(row).toMatchObject({ state: 'filled', sz: '0.004', accFillSz: '0.004', cancelSource: '' });
    expect(sCode(await okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'part1' }))).toBe(
      '51402',
    );
    expect(sCode(await amend({ clOrdId: 'part1', newSz: '0.01' }))).toBe('51510');
  });
});

describe('fills and history', () => {
  it('tells each fill with its own fee, and the order with the sum', async () => {
    const spent = await okx.place({ ordType: 'market', sz: '6000', clOrdId: 'walk1', tag: 'walker' });
    const row = await okx.order({ ordId: item(spent)['ordId']! });
    expect(row).toMatchObject({
      state: 'filled',
      tgtCcy: 'quote_ccy',
      sz: '6000',
      px: '',
      ordType: 'market',
    });
    const { data } = await okx.get('trade/fills', `instType=SPOT&ordId=${row['ordId']}`);
    expect(data.length).toBeGreaterThan(1);
    const sum = (name: string): number => data.reduce((all, fill) => all + Number(fill[name]), 0);
    expect(sum('fillSz')).toBeCloseTo(Number(row['accFillSz']), 10);
    expect(sum('fee')).toBeCloseTo(Number(row['fee']), 12);
    expect(sum('fee')).toBeCloseTo(-0.001 * sum('fillSz'), 8);
    expect(data[0]).toMatchObject({
      ...{
        instType: 'SPOT',
        instId: 'BTC-USDT',
        clOrdId: 'walk1',
        tag: 'walker',
        side: 'buy',
        execType: 'T',
      },
      ...{
        tradeId: row['tradeId'],
        fillPx: row['fillPx'],
        feeCcy: 'BTC',
        billId: expect.stringMatching(/^\d{19}$/),
      },
    });
    const worth = data.reduce((all, fill) => all + Number(fill['fillPx']) * Number(fill['fillSz']), 0);
    expect(worth).toBeLessThanOrEqual(6_000);
    expect(worth).toBeGreaterThan(5_999);
  });

  it('pages by bill: what is newer, newest first, and what is older', async () => {
    const { data: all } = await okx.get('trade/fills', 'instType=SPOT');
    const bills = all.map(({ billId }) => billId!);
    expect(bills).toEqual([...bills].sort().reverse());
    expect(bills.length).toBeGreaterThan(3);
    const page = async (query: string) =>
      (await okx.get('trade/fills', `instType=SPOT&${query}`)).data.map(({ billId }) => billId!);
    expect(await page(`before=${bills[2]}`)).toEqual(bills.slice(0, 2));
    expect(await page(`before=${bills[3]}&limit=1`)).toEqual(bills.slice(0, 1));
    expect(await page(`after=${bills[0]}&limit=2`)).toEqual(bills.slice(1, 3));
    expect(await okx.get('trade/fills', 'instType=SPOT&limit=101')).toMatchObject({ code: '51000' });
    const { data: history } = await okx.get('trade/fills-history', 'instType=SPOT');
    expect(history).toEqual(all);
  });

  it('keeps ended orders, the archive only those that traded', async () => {
    const { data: recent } = await okx.get('trade/orders-history', 'instType=SPOT');
    const { data: archive } = await okx.get('trade/orders-history-archive', 'instType=SPOT');
    const isCanceled = (row: Texts): boolean => row['state'] === 'canceled' && row['accFillSz'] === '0';
    expect(recent.some(isCanceled)).toBe(true);
    expect(archive).toEqual(recent.filter((row) => !isCanceled(row)));
    const filled = (await okx.get('trade/orders-history', 'instType=SPOT&state=filled')).data;
    expect(filled).toEqual(recent.filter(({ state }) => state === 'filled'));
    const types = (await okx.get('trade/orders-history', 'instType=SPOT&ordType=ioc,fok')).data;
    expect(types.map(({ ordType }) => ordType)).toEqual(['fok', 'ioc']);
    const ids = recent.map(({ ordId }) => ordId!);
    const { data: older } = await okx.get('trade/orders-history', `instType=SPOT&after=${ids[1]}&limit=2`);
    expect(older.map(({ ordId }) => ordId)).toEqual(ids.slice(2, 4));
    expect(await okx.get('trade/orders-history')).toMatchObject({ code: '50014' });
    expect(await okx.get('trade/order', 'instId=BTC-USDT')).toMatchObject({ code: '51003' });
    expect(await okx.get('trade/order', 'instId=BTC-USDT&clOrdId=nobody')).toMatchObject({ code: '51603' });
  });
});

describe('limits', () => {
  it('refuses the sixty-first order of an instrument in two seconds, and no cancel', async () => {
    const busy = wireOf('busy');
    await busy.nextWindow();
    const answers = [];
    for (let i = 0; i < 61; i += 1)
      answers.push(await busy.post('trade/order', anOrder({ clOrdId: `n${i}`, sz: '0.0001', px: '50000' })));
    const codes = answers.map(({ code, status }) => `${status} ${code}`);
    expect(codes.filter((text) => text === '200 0')).toHaveLength(60);
    expect(codes.at(-1)).toBe('429 50011');
    const elsewhere = await busy.place({ instId: 'ETH-USDT', sz: '0.001', px: '2000' });
    expect(elsewhere.code).toBe('0');
    const cancels = answers.slice(0, 20).map((_, i) => ({ instId: 'BTC-USDT', clOrdId: `n${i}` }));
    expect(await busy.post('trade/cancel-batch-orders', cancels)).toMatchObject({ code: '0' });
  }, 20_000);

  it('counts every order of a batch against the account', async () => {
    const busy = wireOf('busy');
    await busy.nextWindow();
    const batch = (instId: string) =>
      busy.post(
        'trade/batch-orders',
        Array.from({ length: 20 }, () => anOrder({ instId, sz: '0' })),
      );
    const codes: string[] = [];
    for (let i = 0; i < 16; i += 1) codes.push((await batch('BTC-USDT')).code);
    expect(codes).toEqual([...Array.from({ length: 15 }, () => '1'), '50011']);
  }, 20_000);

  it('answers as if over the limit, or not at all, when that is set', async () => {
    venue.faults.rateLimitNext(1);
    expect(await okx.get('account/balance')).toMatchObject({ status: 429, code: '50011' });
    const failed: [number, string][] = [
      [400, '50004'],
      [429, '50013'],
      [500, '50026'],
      [503, '50001'],
    ];
    for (const [status, code] of failed) {
      venue.faults.failNext('create', 1, status);
      expect(await okx.place({ clOrdId: 'never' })).toMatchObject({ status, code });
    }
    venue.faults.dropReply('create', 1);
    await expect(okx.place({ clOrdId: 'unheard' })).rejects.toThrow();
    expect(await okx.order({ clOrdId: 'unheard' })).toMatchObject({ state: 'live' });
    venue.faults.dropReply('cancel', 1);
    await expect(
      okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'unheard' }),
    ).rejects.toThrow();
    expect(await okx.order({ clOrdId: 'unheard' })).toMatchObject({ state: 'canceled', cancelSource: '1' });
    expect((await okx.get('trade/orders-pending')).data).toEqual([]);
  });
});

describe('a refusal that is set in advance', () => {
  it.each([
    ['51149', false],
    ['51149', true],
    ['59999', false],
  ])('%s is told of one item, and whether it was carried out is not (%s)', async (code, isExecuted) => {
    const names = [`set${code}a${isExecuted}`, `set${code}b${isExecuted}`];
    venue.faults.refuseNext('create', 1, { code, text: 'as was said', isExecuted });
    const answer = await okx.post(
      'trade/batch-orders',
      names.map((clOrdId) => anOrder({ clOrdId })),
    );
    expect(answer.code).toBe('2');
    expect(answer.data.map((row) => [row['sCode'], row['sMsg']])).toEqual([
      ...[
        [code, 'as was said'],
        ['0', ''],
      ],
    ]);
    expect(answer.data[0]).toMatchObject({ clOrdId: names[0], ordId: '' });
    const open = (await okx.get('trade/orders-pending')).data.map(({ clOrdId }) => clOrdId);
    expect(open.includes(names[0])).toBe(isExecuted);
    venue.faults.refuseNext('cancel', 1, { code: '51410', text: 'pending', isExecuted });
    const cancel = { instId: 'BTC-USDT', clOrdId: names[1] };
    expect(sCode(await okx.post('trade/cancel-order', cancel))).toBe('51410');
    const row = await okx.order({ clOrdId: names[1]! });
    expect(row['state']).toBe(isExecuted ? 'canceled' : 'live');
    await okx.post(
      'trade/cancel-batch-orders',
      names.map((clOrdId) => ({ instId: 'BTC-USDT', clOrdId })),
    );
  });
});

describe('the dead-man switch', () => {
  const arm = (body: Texts) => okx.post('trade/cancel-all-after', body);

  it.each(['5', '9', '121', '1.5', 'soon'])('takes no %s seconds', async (timeOut) => {
    await okx.nextWindow(1_000);
    expect(await arm({ timeOut })).toMatchObject({ code: '51000', data: [] });
  });

  it('cancels every order of the account ten seconds after it was renewed last', async () => {
    await okx.nextWindow(1_000);
    await okx.place({ clOrdId: 'watched1' });
    await okx.place({ instId: 'ETH-USDT', clOrdId: 'watched2', sz: '0.1', px: '2500' });
    const plain = wireOf('plain');
    await plain.place({ clOrdId: 'foreign1', px: '50000' });
    await arm({ timeOut: '10' });
    await okx.nextWindow(1_000);
    const { data } = await arm({ timeOut: '10' });
    const firesAt = Number(data[0]!['triggerTime']);
    expect(firesAt - Number(data[0]!['ts'])).toBe(10_000);
    await runtime.sleep(firesAt - runtime.now() - 300);
    expect((await okx.get('trade/orders-pending')).data).toHaveLength(2);
    await runtime.sleep(500);
    expect((await okx.get('trade/orders-pending')).data).toEqual([]);
    expect(await okx.order({ clOrdId: 'watched1' })).toMatchObject({ state: 'canceled', cancelSource: '20' });
    expect((await plain.get('trade/orders-pending')).data).toHaveLength(1);
  }, 30_000);
});
