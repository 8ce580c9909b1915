import type { EngineBench } from '../support/engine-bench';
import { account, session, startBench, strategyId } from '../support/engine-bench';
import type { SecondEngine } from '../support/second-engine';
import { startSecondEngine } from '../support/second-engine';

let bench: EngineBench;
const scopeKey = `strategy:${strategyId}`;
const quotes = () => bench.eventually('quotes', () => bench.atVenue().length === 4, 10_000);
const nothingRests = () => bench.eventually('nothing rests', () => bench.atVenue().length === 0, 5_000);
const halts = () =>
  bench.database.query<{ scope_key: string; level: string; actor: string }[]>(
    'select scope_key, level, actor from halts where lifted_at is null order by id',
  );
const lift = (key: string) => bench.execution.liftHalt({ scopeKey: key, actor: 'anna', reason: 'looked' });
const another = async (engineId: string, use: (other: SecondEngine) => Promise<void>) => {
  const other = await startSecondEngine(bench.venue.origin, engineId);
  try {
    await use(other);
  } finally {
    await other.stop();
  }
};

beforeAll(async () => {
  bench = await startBench({ stepsPerSecond: 0, tickMs: 100 });
}, 60_000);
afterAll(() => bench?.stop(), 30_000);

describe('halts', () => {
  it('act from memory while the database is away, and are written when it answers', async () => {
    await another('cut-off', async (other) => {
      await other.execution.open(session);
      await quotes();
      other.database.cut();
      const kill = await other.execution.kill({ scopeKey: 'global', reason: 'now', actor: 'anna' });
      expect(kill).toMatchObject({ isSaved: false, sweptAtMs: undefined });
      await nothingRests();
      const creates = bench.venue.creates().length;
      expect(await halts()).toEqual([]);
      await bench.runtime.sleep(1_000);
      expect(bench.venue.creates()).toHaveLength(creates);
      other.database.mend();
      await bench.eventually('saved', () => other.execution.killView('global')!.isSaved, 5_000);
      expect(await halts()).toEqual([{ scope_key: 'global', level: 'HALTED', actor: 'anna' }]);
      await bench.eventually('seen by the other engine', () => bench.execution.halts().length === 1, 5_000);
      await expect(bench.execution.open(session)).rejects.toMatchObject({ code: 'KILL_SWITCH_ENGAGED' });
      expect(await other.execution.close(strategyId, 10_000)).toMatchObject({ confirmed: true });
    });
    await lift('global');
  }, 40_000);

  it('reach the orders of every engine within a second or so', async () => {
    await another('reached', async (other) => {
      await other.execution.open(session);
      await quotes();
      await bench.execution.kill({ scopeKey: `account:${account.id}`, reason: 'now', actor: 'anna' });
      await nothingRests();
      const isConfirmed = () =>
        bench.execution.killView(`account:${account.id}`)!.confirmedAtMs !== undefined;
      await bench.eventually('confirmed for orders of both', isConfirmed, 10_000);
      expect(await other.execution.close(strategyId, 10_000)).toMatchObject({ confirmed: true });
    });
    await lift(`account:${account.id}`);
  }, 40_000);

  it('name what is left while the venue refuses to cancel, page after 10 s, and confirm once it has', async () => {
    await another('refused', async (other) => {
      await other.execution.open(session);
      await quotes();
      bench.venue.faults.failNext('cancel', 100_000, 503);
      const ids = bench.atVenue().map((order) => order.clientOrderId);
      await other.execution.kill({ scopeKey: 'venue:binance', reason: 'now', actor: 'anna' });
      await bench.runtime.sleep(9_000);
      const view = other.execution.killView('venue:binance')!;
      expect(view).toMatchObject({ isSaved: true, confirmedAtMs: undefined, sweptAtMs: undefined });
      expect(view.remaining.map(({ clientOrderId }) => clientOrderId).sort()).toEqual([...ids].sort());
      const pages = () => other.notices.filter(({ code }) => code === 'STOP_NOT_CONFIRMED');
      expect(pages()).toEqual([]);
      await bench.eventually('a page', () => pages().length === 1, 5_000);
      for (const id of ids) expect(pages()[0]!.detail).toContain(id);
      bench.venue.faults.clearAll();
      const isConfirmed = () => other.execution.killView('venue:binance')!.confirmedAtMs !== undefined;
      await bench.eventually('confirmed', isConfirmed, 12_000);
      expect(bench.atVenue()).toEqual([]);
      await other.execution.close(strategyId, 10_000);
    });
    await lift('venue:binance');
  }, 50_000);

  it('let only what reduces the position be placed under REDUCE_ONLY', async () => {
    await bench.execution.tighten({ scopeKey, level: 'REDUCE_ONLY', reason: 'careful', actor: 'anna' });
    await bench.execution.open(session);
    await bench.eventually('one side rests', () => bench.sidesAtVenue() !== '', 10_000);
    await bench.runtime.sleep(1_000);
    const lean = bench.execution.session(strategyId)!.lean;
    expect(bench.sidesAtVenue()).toBe(lean > 0 ? 'sell' : 'buy');
    const reasons = bench.execution.session(strategyId)!.reasons;
    expect(reasons).toContainEqual(expect.objectContaining({ code: 'REDUCE_ONLY' }));
    await lift(scopeKey);
    await quotes();
  }, 30_000);

  it('of the engine itself stand as those of a person: money that is not there stops its strategy', async () => {
    const lines = [
      { holder: scopeKey, asset: 'USDT', quantity: '-49999' },
      { holder: `unallocated:${account.id}`, asset: 'USDT', quantity: '49999' },
    ];
    await bench.execution.transfer({ key: 'taken', kind: 'adjustment', lines, guarded: [] });
    const bid = bench.atVenue().find((order) => order.side === 'buy')!;
    bench.venue.take('BTCUSDT', 'sell', 200_000_000, bid.price);
    await nothingRests();
    expect(await halts()).toEqual([{ scope_key: scopeKey, level: 'CANCEL_ONLY', actor: 'engine' }]);
    const saysWhy = () =>
      bench.execution.session(strategyId)!.reasons.some(({ code }) => code === 'PAUSED_BY_RISK');
    await bench.eventually('it says why', saysWhy, 5_000);
    await bench.execution.close(strategyId, 10_000);
    await expect(bench.execution.open(session)).rejects.toMatchObject({ code: 'KILL_SWITCH_ENGAGED' });
    await lift(scopeKey);
  }, 30_000);

  it('keep an engine that dies again and again from trading, until a person has looked', async () => {
    for (const nonce of ['bbbbbb', 'cccccc', 'dddddd']) {
      await bench.database.query(
        `insert into engines (owner_id, nonce, engine_id) values ('crashy-' || $1, $1, 'crashy')`,
        [nonce],
      );
    }
    await another('crashy', async (other) => {
      expect(other.notices).toContainEqual(
        expect.objectContaining({ severity: 'page', detail: expect.stringContaining('BOOT_BREAKER') }),
      );
      await expect(other.execution.open(session)).rejects.toMatchObject({ code: 'BOOT_BREAKER' });
    });
    expect(await halts()).toEqual([{ scope_key: 'engine:crashy', level: 'CANCEL_ONLY', actor: 'engine' }]);
    await bench.execution.open(session); // It binds that engine alone.
    await bench.execution.close(strategyId, 10_000);
    await lift('engine:crashy');
    await another('crashy', async (other) => {
      await other.execution.open(session);
      await other.execution.close(strategyId, 10_000);
    });
  }, 40_000);
});
