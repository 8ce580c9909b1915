import { okxBench, sCode } from './okx-bench';
import { anOrder } from './okx-wire';
import type { Texts } from './okx-wire';

/** What the venue refuses or ends by itself. */
const bench = okxBench();
const { runtime } = bench;

describe('limits', () => {
  it('refuses the sixty-first order of an instrument in two seconds, and no cancel', async () => {
    const busy = bench.wireOf('busy');
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
    const busy = bench.wireOf('busy');
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
    bench.venue.faults.rateLimitNext(1);
    expect(await bench.okx.get('account/balance')).toMatchObject({ status: 429, code: '50011' });
    const failed: [number, string][] = [
      [400, '50004'],
      [429, '50013'],
      [500, '50026'],
      [503, '50001'],
    ];
    for (const [status, code] of failed) {
      bench.venue.faults.failNext('create', 1, status);
      expect(await bench.okx.place({ clOrdId: 'never' })).toMatchObject({ status, code });
    }
    bench.venue.faults.dropReply('create', 1);
    await expect(bench.okx.place({ clOrdId: 'unheard' })).rejects.toThrow();
    expect(await bench.okx.order({ clOrdId: 'unheard' })).toMatchObject({ state: 'live' });
    bench.venue.faults.dropReply('cancel', 1);
    await expect(
      bench.okx.post('trade/cancel-order', { instId: 'BTC-USDT', clOrdId: 'unheard' }),
    ).rejects.toThrow();
    expect(await bench.okx.order({ clOrdId: 'unheard' })).toMatchObject({
      state: 'canceled',
      cancelSource: '1',
    });
    expect((await bench.okx.get('trade/orders-pending')).data).toEqual([]);
  });
});

describe('a refusal that is set in advance', () => {
  it.each([
    ['51149', false],
    ['51149', true],
    ['59999', false],
  ])('%s is told of one item, and whether it was carried out is not (%s)', async (code, isExecuted) => {
    const names = [`set${code}a${isExecuted}`, `set${code}b${isExecuted}`];
    bench.venue.faults.refuseNext('create', 1, { code, text: 'as was said', isExecuted });
    const answer = await bench.okx.post(
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
    const open = (await bench.okx.get('trade/orders-pending')).data.map(({ clOrdId }) => clOrdId);
    expect(open.includes(names[0])).toBe(isExecuted);
    bench.venue.faults.refuseNext('cancel', 1, { code: '51410', text: 'pending', isExecuted });
    const cancel = { instId: 'BTC-USDT', clOrdId: names[1] };
    expect(sCode(await bench.okx.post('trade/cancel-order', cancel))).toBe('51410');
    const row = await bench.okx.order({ clOrdId: names[1]! });
    expect(row['state']).toBe(isExecuted ? 'canceled' : 'live');
    await bench.okx.post(
      'trade/cancel-batch-orders',
      names.map((clOrdId) => ({ instId: 'BTC-USDT', clOrdId })),
    );
  });
});

describe('the dead-man switch', () => {
  const arm = (body: Texts) => bench.okx.post('trade/cancel-all-after', body);

  it.each(['5', '9', '121', '1.5', 'soon'])('takes no %s seconds', async (timeOut) => {
    await bench.okx.nextWindow(1_000);
    expect(await arm({ timeOut })).toMatchObject({ code: '51000', data: [] });
  });

  it('cancels every order of the account ten seconds after it was renewed last', async () => {
    await bench.okx.nextWindow(1_000);
    await bench.okx.place({ clOrdId: 'watched1' });
    await bench.okx.place({ instId: 'ETH-USDT', clOrdId: 'watched2', sz: '0.1', px: '2500' });
    const plain = bench.wireOf('plain');
    await plain.place({ clOrdId: 'foreign1', px: '50000' });
    await arm({ timeOut: '10' });
    await bench.okx.nextWindow(1_000);
    const { data } = await arm({ timeOut: '10' });
    const firesAt = Number(data[0]!['triggerTime']);
    expect(firesAt - Number(data[0]!['ts'])).toBe(10_000);
    await runtime.sleep(firesAt - runtime.now() - 300);
    expect((await bench.okx.get('trade/orders-pending')).data).toHaveLength(2);
    await runtime.sleep(500);
    expect((await bench.okx.get('trade/orders-pending')).data).toEqual([]);
    expect(await bench.okx.order({ clOrdId: 'watched1' })).toMatchObject({
      state: 'canceled',
      cancelSource: '20',
    });
    expect((await plain.get('trade/orders-pending')).data).toHaveLength(1);
  }, 30_000);
});
