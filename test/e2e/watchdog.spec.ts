import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { foreignIds, ShippedScene } from '../support/shipped-scene';

const scene = new ShippedScene();
let watchdog: ChildProcess;
let text = '';

beforeAll(async () => {
  await scene.open();
  await scene.start('one', 'two');
  await scene.eventually('both quote', () => scene.ours().length === 8, 20_000);
  watchdog = scene.engine.spawn('watchdog.js');
  for (const stream of [watchdog.stdout, watchdog.stderr])
    stream?.on('data', (bytes) => (text += String(bytes)));
  await scene.eventually('it is ready', () => text.includes('ready for account'), 20_000);
}, 180_000);
afterAll(async () => {
  watchdog?.kill('SIGKILL');
  await scene.close();
}, 30_000);

describe('the watchdog', () => {
  it('leaves an engine that works alone', async () => {
    await scene.runtime.sleep(20_000);
    expect(scene.ours()).toHaveLength(8);
    expect(text).not.toContain('no progress');
  }, 40_000);

  it('cancels what a dead engine left, after 15 s and not before, and leaves the orders of others', async () => {
    await scene.engine.kill();
    const died = scene.runtime.monotonic();
    await scene.runtime.sleep(10_000);
    expect(scene.ours()).toHaveLength(8);
    await scene.eventually('nothing of ours rests', () => scene.ours().length === 0, 12_000);
    expect(scene.runtime.monotonic() - died).toBeLessThan(20_000);
    expect(scene.foreign()).toEqual(foreignIds);
    await scene.eventually('it is proved', () => text.includes('swept: shows none again'), 20_000);
  }, 60_000);

  it('lets the engine that starts again quote', async () => {
    await scene.start();
    await scene.eventually('both quote again', () => scene.ours().length === 8, 60_000);
    await scene.runtime.sleep(3_000);
    expect(scene.ours()).toHaveLength(8);
  }, 90_000);

  it('cancels what was left to another engine and taken by none once the offer is over, and ends when it is told to', async () => {
    const offer = (until: string): Promise<unknown> =>
      scene.database.query(
        `update strategy_leases set owner_id = null, handover = true, expires_at = ${until}`,
      );
    await scene.engine.kill();
    await offer(`clock_timestamp() + interval '1 minute'`);
    await scene.runtime.sleep(18_000);
    expect(scene.ours()).toHaveLength(8);
    await offer('clock_timestamp()');
    await scene.eventually('nothing of ours rests', () => scene.ours().length === 0, 20_000);
    expect(text).toContain('an offer nobody took');
    const ended = once(watchdog, 'exit');
    watchdog.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }, 90_000);
});
