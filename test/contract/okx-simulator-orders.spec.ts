import { item, okxBench, sCode } from './okx-bench';
import { anOrder } from './okx-wire';
import type { Texts } from './okx-wire';

/** Orders over REST, with a client that shares no code with the venue. */
const bench = okxBench();
const { runtime } = bench;

describe('placing', () => {
  it('answers a name and nothing of what became of it', async () => {
    const answer = await bench.okx.place({ clOrdId: 'named1', tag: 'tag1', px: '60000' });
    expect(answer).toMatchObject({ status: 200, code: '0', msg: '' });
    expect(answer.body).toMatchObject({
      inTime: expect.stringMatching(/^\d{16}$/),
      outTime: expect.any(String),
    });
    expect(item(answer)).toEqual({
      ...{ ordId: expect.stringMatching(/^\d{19}$/), clOrdId: 'named1', tag: 'tag1' },
      ...{ ts: expect.stringMatching(/^\d{13}$/), sCode: '0', sMsg: '', subCode: '' },
    });
    const row = await bench.okx.order({ ordId: item(answer)['ordId']! });
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
    await bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'named1' });
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
    const answer = await bench.okx.call('POST', 'trade/batch-orders', { body: [anOrder(order)] });
    expect(answer).toMatchObject({ status: 200, code: '1', msg: 'All operations failed' });
    expect(item(answer)).toMatchObject({ sCode: code, ordId: '' });
    expect(await bench.okx.get('trade/orders-pending')).toMatchObject({ data: [] });
  });

  it('takes what it can of a batch, in order, and at most twenty', async () => {
    const orders = [
      { clOrdId: 'b1' },
      { clOrdId: 'b2', sz: '0.000001' },
      { clOrdId: 'b1' },
      { clOrdId: 'b3' },
    ];
    const answer = await bench.okx.post('trade/batch-orders', orders.map(anOrder));
    expect(answer.code).toBe('2');
    expect(answer.data.map((row) => [row['clOrdId'], row['sCode']])).toEqual([
      ...[
        ['b1', '0'],
        ['b2', '51020'],
        ['b1', '51016'],
        ['b3', '0'],
      ],
    ]);
    const { data } = await bench.okx.get('trade/orders-pending');
    expect(data.map(({ clOrdId }) => clOrdId)).toEqual(['b3', 'b1']);
    const many = Array.from({ length: 21 }, (_, i) => anOrder({ clOrdId: `many${i}` }));
    expect(await bench.okx.post('trade/batch-orders', many)).toMatchObject({ code: '51111', data: [] });
    const cancels = ['b1', 'b3', 'b2'].map((clOrdId) => ({ instId: 'BTC-USDT', clOrdId }));
    const canceled = await bench.okx.post('trade/cancel-batch-orders', cancels);
    expect(canceled.data.map((row) => row['sCode'])).toEqual(['0', '0', '51400']);
    expect(canceled.code).toBe('2');
  });

  it('takes no order behind its expTime, also when it was held until then', async () => {
    const past = { headers: { expTime: String(runtime.now() - 1) } };
    const late = await bench.okx.place({ clOrdId: 'late1' }, past);
    expect(late).toMatchObject({ status: 200, code: '1' });
    expect(sCode(late)).toBe('50036');
    bench.venue.faults.holdNext('create-received', 1);
    const soon = { headers: { expTime: String(runtime.now() + 150) } };
    const held = bench.okx.place({ clOrdId: 'late2' }, soon);
    await runtime.sleep(200);
    expect(bench.venue.faults.held()).toMatchObject([{ clientOrderId: 'late2', point: 'create-received' }]);
    bench.venue.faults.release('all', 'continue');
    expect(sCode(await held)).toBe('50037');
    const coming = { headers: { expTime: String(runtime.now() + 5_000) } };
    expect(sCode(await bench.okx.place({ clOrdId: 'intime' }, coming))).toBe('0');
    expect((await bench.okx.get('trade/orders-pending')).data.map(({ clOrdId }) => clOrdId)).toEqual([
      'intime',
    ]);
    const change = { instId: 'BTC-USDT', clOrdId: 'intime', newSz: '0.02' };
    expect(sCode(await bench.okx.post('trade/amend-order', change, past))).toBe('50036');
    // A cancel knows no expiry.
    const cancel = { instId: 'BTC-USDT', clOrdId: 'intime' };
    expect(sCode(await bench.okx.post('trade/cancel-order', cancel, past))).toBe('0');
  });

  it('ends a post-only order that would take, and says why', async () => {
    const { bid, ask } = await bench.best();
    const crossing = await bench.okx.place({ ordType: 'post_only', side: 'sell', px: String(bid) });
    expect(sCode(crossing)).toBe('0');
    const row = await bench.okx.order({ ordId: item(crossing)['ordId']! });
    expect(row).toMatchObject({ state: 'canceled', cancelSource: '31', accFillSz: '0', clOrdId: '' });
    const rests = await bench.okx.place({ ordType: 'post_only', clOrdId: 'rests', px: String(bid) });
    expect(sCode(rests)).toBe('0');
    const change = { instId: 'BTC-USDT', clOrdId: 'rests', newPx: (ask + 1).toFixed(2) };
    expect(sCode(await bench.okx.post('trade/amend-order', change))).toBe('51511');
    expect(await bench.okx.order({ clOrdId: 'rests' })).toMatchObject({ state: 'live', px: String(bid) });
    const withIt = { ...change, cxlOnFail: true };
    expect(sCode(await bench.okx.post('trade/amend-order', withIt))).toBe('51511');
    expect(await bench.okx.order({ clOrdId: 'rests' })).toMatchObject({
      state: 'canceled',
      cancelSource: '0',
    });
  });

  it.each([
    ['ioc', '14'],
    ['fok', '13'],
  ])('ends an %s order that finds nobody with %s', async (ordType, cancelSource) => {
    const answer = await bench.okx.place({ ordType, px: '50000' });
    const row = await bench.okx.order({ ordId: item(answer)['ordId']! });
    expect(row).toMatchObject({ state: 'canceled', ordType, cancelSource, accFillSz: '0' });
  });

  it.each([
    ['cancel_maker', 'canceled', '32', 'filled', ''],
    ['cancel_taker', 'live', '', 'canceled', '32'],
    ['cancel_both', 'canceled', '32', 'canceled', '32'],
  ])(
    '%s decides who of an account goes',
    async (stpMode, makerState, makerSource, takerState, takerSource) => {
      const { bid } = await bench.best();
      const px = (bid + 0.01).toFixed(2);
      await bench.okx.place({ clOrdId: 'own1', px, ordType: 'post_only' });
      await bench.okx.place({
        clOrdId: 'own2',
        px: (bid - 200).toFixed(2),
        side: 'sell',
        sz: '0.001',
        stpMode,
      });
      const cancelSource = (name: string) => bench.okx.order({ clOrdId: name });
      expect(await cancelSource('own1')).toMatchObject({ state: makerState, cancelSource: makerSource });
      expect(await cancelSource('own2')).toMatchObject({
        state: takerState,
        cancelSource: takerSource,
        stpMode,
      });
      await bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'own1' });
    },
  );

  it('takes no order while the market is halted, and cancels the ones there are', async () => {
    await bench.okx.place({ clOrdId: 'before' });
    bench.venue.changeMarket('BTCUSDT', { status: 'HALT' });
    const { data } = await bench.okx.get('public/instruments', 'instType=SPOT&instId=BTC-USDT');
    expect(data[0]).toMatchObject({ state: 'suspend' });
    expect(sCode(await bench.okx.place({ clOrdId: 'during' }))).toBe('51022');
    expect(sCode(await bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'before' }))).toBe(
      '0',
    );
    bench.venue.changeMarket('BTCUSDT', { status: 'TRADING' });
  });
});

describe('amending', () => {
  const amend = (change: Texts) => bench.okx.post('trade/amend-order', { instId: 'BTC-USDT', ...change });

  it('changes size and price, and names its request', async () => {
    const { ordId } = item(await bench.okx.place({ clOrdId: 'change1' }));
    const answer = await amend({ clOrdId: 'change1', newSz: '0.02', newPx: '59000', reqId: 'req1' });
    expect(item(answer)).toMatchObject({
      ordId,
      clOrdId: 'change1',
      reqId: 'req1',
      sCode: '0',
      ts: expect.any(String),
    });
    expect(await bench.okx.order({ ordId: ordId! })).toMatchObject({
      sz: '0.02',
      px: '59000',
      state: 'live',
    });
    const both = [
      { instId: 'BTC-USDT', clOrdId: 'change1', newSz: '0.03' },
      { instId: 'BTC-USDT', clOrdId: 'nobody', newSz: '0.03' },
    ];
    const batch = await bench.okx.post('trade/amend-batch-orders', both);
    expect(batch.data.map((row) => row['sCode'])).toEqual(['0', '51503']);
    await bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', ordId });
    expect(sCode(await amend({ ordId: ordId!, newSz: '0.01' }))).toBe('51509');
  });

  it.each<[string, Texts, string]>([
    ['nothing', {}, '51500'],
    ['a size below the least', { newSz: '0.000001' }, '51020'],
    ['a price off the grid', { newPx: '1.001' }, '51000'],
    ['more than there is', { newSz: '1000' }, '51502'],
  ])('to %s is refused', async (_name, change, code) => {
    await bench.okx.place({ clOrdId: 'kept1' });
    expect(sCode(await amend({ clOrdId: 'kept1', ...change }))).toBe(code);
    await bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'kept1' });
  });

  it('to no more than has been filled makes the order a filled one', async () => {
    const { bid } = await bench.best();
    const px = (bid + 0.01).toFixed(2);
    await bench.okx.place({ clOrdId: 'part1', px, ordType: 'post_only' });
    bench.venue.take('BTCUSDT', 'sell', 400, Math.round((bid + 0.01) * 100));
    expect(await bench.okx.order({ clOrdId: 'part1' })).toMatchObject({
      state: 'partially_filled',
      accFillSz: '0.004',
    });
    expect(sCode(await amend({ clOrdId: 'part1', newSz: '0.004' }))).toBe('0');
    const row = await bench.okx.order({ clOrdId: 'part1' });
    expect(row).toMatchObject({ state: 'filled', sz: '0.004', accFillSz: '0.004', cancelSource: '' });
    expect(sCode(await bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'part1' }))).toBe(
      '51402',
    );
    expect(sCode(await amend({ clOrdId: 'part1', newSz: '0.01' }))).toBe('51510');
  });
});
