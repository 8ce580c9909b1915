import { once } from 'node:events';
import { encodeClientOrderId } from '../../src/domain/ids';
import { foreignIds, ShippedScene } from '../support/shipped-scene';

const scene = new ShippedScene();
let strategies: readonly string[];

/** Runs the command line to its end. */
async function cli(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const child = scene.engine.spawn('cli.js', args);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (text += String(bytes)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
}

beforeAll(async () => {
  await scene.open();
  strategies = await scene.start('one', 'two');
  await scene.eventually('both quote', () => scene.ours().length === 8, 20_000);
}, 180_000);
afterAll(() => scene.close(), 30_000);

describe('the kill switch without an engine', () => {
  it('refuses what it cannot understand, and does nothing', async () => {
    const { code, text } = await cli('kill', '--scope', 'everything', '--reason', 'drill');
    expect({ code, usage: text.startsWith('usage:') }).toEqual({ code: 2, usage: true });
    const unknown = await cli('kill', '--scope', 'account:nobody', '--reason', 'drill');
    expect(unknown).toMatchObject({
      code: 2,
      text: expect.stringContaining(`account:${scene.accountId}  sim`),
    });
    expect(await scene.database.query('select 1 from halts')).toEqual([]);
  }, 30_000);

  it('stops one strategy at the venue while its engine is dead', async () => {
    await scene.engine.kill();
    expect(scene.ours()).toHaveLength(8);
    const { code, text } = await cli('kill', '--scope', `strategy:${strategies[0]}`, '--reason', 'drill');
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('swept') });
    expect(scene.ours()).toHaveLength(4);
    expect(scene.foreign()).toEqual(foreignIds);
  }, 60_000);

  it('stops everything of ours, also what no row explains, and leaves the orders of others', async () => {
    const [row] = await scene.database.query<{ id: string }[]>('select id from installation');
    const lost = { installation: row!.id, strategyNumber: 77, nonce: 'zzzzzz', counter: 5 };
    scene.plant(encodeClientOrderId(lost));
    expect(scene.ours()).toHaveLength(5);
    const { code, text } = await cli('kill', '--scope', 'global', '--reason', 'the host is gone');
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('5 cancelled') });
    expect(text).toContain('2 of others stay');
    expect(scene.ours()).toEqual([]);
    expect(scene.foreign()).toEqual(foreignIds);
    const halts = await scene.database.query(
      `select scope_key, level, reason, actor like 'cli:%' as by_hand from halts where scope_key = 'global'`,
    );
    expect(halts).toEqual([
      { scope_key: 'global', level: 'HALTED', reason: 'the host is gone', by_hand: true },
    ]);
  }, 60_000);

  it('and the engine that starts again obeys', async () => {
    await scene.start();
    await scene.runtime.sleep(3_000);
    expect(scene.ours()).toEqual([]);
  }, 60_000);
});
