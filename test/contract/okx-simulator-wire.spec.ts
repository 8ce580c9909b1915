import { item, okxBench } from './okx-bench';
import { anOrder } from './okx-wire';
import type { Texts } from './okx-wire';

/** REST field by field, with a client that shares no code with the venue. */
const bench = okxBench();
const { runtime } = bench;
const skewed = (ms: number) => ({ 'OK-ACCESS-TIMESTAMP': new Date(runtime.now() + ms).toISOString() });

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
    const answer = await bench.okx.call('GET', 'trade/orders-pending', { headers });
    expect(answer).toMatchObject({ status: 401, code, data: [] });
  });

  it.each([
    [31_000, '50102'],
    [-31_000, '50102'],
    [29_000, '0'],
    [-29_000, '0'],
  ])('a clock off by %d ms is %s', async (ms, code) => {
    const answer = await bench.okx.call('GET', 'trade/orders-pending', { headers: skewed(ms) });
    expect(answer).toMatchObject({ status: code === '0' ? 200 : 401, code });
  });

  it('signs the query and the body', async () => {
    const query = 'instType=SPOT&instId=BTC-USDT';
    expect(await bench.okx.get('trade/orders-pending', query)).toMatchObject({ code: '0' });
    const time = new Date(runtime.now()).toISOString();
    const headers = { 'OK-ACCESS-TIMESTAMP': time, 'OK-ACCESS-SIGN': 'a'.repeat(44) };
    expect(await bench.okx.post('trade/order', anOrder({}), { headers })).toMatchObject({ code: '50113' });
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
    const answer = await bench.wireOf(name).call('GET', 'account/balance', { headers });
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
    expect(await bench.okx.call(method, path, { text })).toMatchObject({ status, code });
  });

  it('names its instruments, and none of other kinds', async () => {
    const { data } = await bench.okx.get('public/instruments', 'instType=SPOT');
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
    expect(await bench.okx.get('public/instruments', 'instType=SWAP')).toMatchObject({ code: '0', data: [] });
    expect(await bench.okx.get('public/instruments')).toMatchObject({ code: '50014', status: 400 });
    expect(await bench.okx.get('public/instruments', 'instType=SPOT&instId=NO-USDT')).toMatchObject({
      code: '51001',
    });
  });

  it('writes books, tickers and trades as texts', async () => {
    const { data } = await bench.okx.get('market/books', 'instId=BTC-USDT&sz=3');
    const book = data[0] as unknown as { bids: string[][]; asks: string[][]; seqId: number; ts: string };
    expect(book.bids).toHaveLength(3);
    expect(book.bids[0]).toEqual([expect.stringMatching(/^\d+(\.\d+)?$/), expect.any(String), '0', '1']);
    expect(book).toMatchObject({ seqId: expect.any(Number), ts: expect.stringMatching(/^\d{13}$/) });
    expect(await bench.okx.get('market/books', 'instId=BTC-USDT&sz=401')).toMatchObject({ code: '51000' });
    const { data: tickers } = await bench.okx.get('market/tickers', 'instType=SPOT');
    expect(tickers.map(({ instId }) => instId)).toEqual(['BTC-USDT', 'ETH-USDT', 'SOL-USDT']);
    for (const value of Object.values(tickers[0]!)) expect(typeof value).toBe('string');
    const { data: trades } = await bench.okx.get('market/trades', 'instId=BTC-USDT&limit=2');
    expect(trades).toHaveLength(2);
    expect(Number(trades[0]!['tradeId'])).toBeGreaterThan(Number(trades[1]!['tradeId']));
    const { data: older } = await bench.okx.get(
      'market/history-trades',
      `instId=BTC-USDT&after=${trades[1]!['tradeId']}`,
    );
    expect(Number(older[0]!['tradeId'])).toBe(Number(trades[1]!['tradeId']) - 1);
  });

  it('tells the account: mode, fees, limits and balances', async () => {
    const plain = bench.wireOf('plain');
    expect(item(await plain.get('account/config'))).toMatchObject({ perm: 'read_only,trade', acctLv: '1' });
    const fee = item(await plain.get('account/trade-fee', 'instType=SPOT'));
    expect(fee).toMatchObject({ maker: '-0.001', taker: '-0.001' });
    expect(item(await plain.get('trade/account-rate-limit'))).toMatchObject({ accRateLimit: '1000' });
    const [row] = (await plain.get('account/balance', 'ccy=USDT,ETH')).data;
    const { details } = row as unknown as { details: Texts[] };
    expect(details).toMatchObject([{ ccy: 'USDT', eq: '100000', availBal: '100000', frozenBal: '0' }]);
  });
});

describe('fills and history', () => {
  it('tells each fill with its own fee, and the order with the sum', async () => {
    const spent = await bench.okx.place({ ordType: 'market', sz: '6000', clOrdId: 'walk1', tag: 'walker' });
    const row = await bench.okx.order({ ordId: item(spent)['ordId']! });
    expect(row).toMatchObject({
      state: 'filled',
      tgtCcy: 'quote_ccy',
      sz: '6000',
      px: '',
      ordType: 'market',
    });
    const { data } = await bench.okx.get('trade/fills', `instType=SPOT&ordId=${row['ordId']}`);
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
    // As many levels as the book happens to have at the touch are as many fills.
    for (let i = 0; i < 3; i += 1) await bench.okx.place({ ordType: 'market', sz: '50', px: '' });
    const { data: all } = await bench.okx.get('trade/fills', 'instType=SPOT');
    const bills = all.map(({ billId }) => billId!);
    expect(bills).toEqual([...bills].sort().reverse());
    expect(bills.length).toBeGreaterThan(3);
    const page = async (query: string) =>
      (await bench.okx.get('trade/fills', `instType=SPOT&${query}`)).data.map(({ billId }) => billId!);
    expect(await page(`before=${bills[2]}`)).toEqual(bills.slice(0, 2));
    expect(await page(`before=${bills[3]}&limit=1`)).toEqual(bills.slice(0, 1));
    expect(await page(`after=${bills[0]}&limit=2`)).toEqual(bills.slice(1, 3));
    expect(await bench.okx.get('trade/fills', 'instType=SPOT&limit=101')).toMatchObject({ code: '51000' });
    const { data: history } = await bench.okx.get('trade/fills-history', 'instType=SPOT');
    expect(history).toEqual(all);
  });

  it('keeps ended orders, the archive only those that traded', async () => {
    for (const ordType of ['ioc', 'fok']) await bench.okx.place({ ordType, px: '50000' });
    const { ask } = await bench.best();
    await bench.okx.place({ px: String(ask), sz: '0.0001' });
    const { data: recent } = await bench.okx.get('trade/orders-history', 'instType=SPOT');
    const { data: archive } = await bench.okx.get('trade/orders-history-archive', 'instType=SPOT');
    const isCanceled = (row: Texts): boolean => row['state'] === 'canceled' && row['accFillSz'] === '0';
    expect(recent.some(isCanceled)).toBe(true);
    expect(archive).toEqual(recent.filter((row) => !isCanceled(row)));
    const filled = (await bench.okx.get('trade/orders-history', 'instType=SPOT&state=filled')).data;
    expect(filled).toEqual(recent.filter(({ state }) => state === 'filled'));
    const types = (await bench.okx.get('trade/orders-history', 'instType=SPOT&ordType=ioc,fok')).data;
    expect(types.map(({ ordType }) => ordType)).toEqual(['fok', 'ioc']);
    const ids = recent.map(({ ordId }) => ordId!);
    const { data: older } = await bench.okx.get(
      'trade/orders-history',
      `instType=SPOT&after=${ids[1]}&limit=2`,
    );
    expect(older.map(({ ordId }) => ordId)).toEqual(ids.slice(2, 4));
    expect(await bench.okx.get('trade/orders-history')).toMatchObject({ code: '50014' });
    expect(await bench.okx.get('trade/order', 'instId=BTC-USDT')).toMatchObject({ code: '51003' });
    expect(await bench.okx.get('trade/order', 'instId=BTC-USDT&clOrdId=nobody')).toMatchObject({
      code: '51603',
    });
  });
});
