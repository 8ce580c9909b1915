import { SwitchScene, switchVenues } from '../support/switch-scene';

const scene = new SwitchScene();
const { runtime } = scene;
const quotes = (): readonly number[] => switchVenues.map((venue) => scene.resting(venue).length);
const firedHalts = (): readonly string[] =>
  switchVenues.map((venue) => `account:${scene.accounts[venue]} CANCEL_ONLY DEAD_MAN_FIRED`).sort();
const bothQuote = (withinMs: number): Promise<void> =>
  scene.eventually('both accounts quote', () => quotes().every((count) => count === 4), withinMs);
const armed = async (venue: (typeof switchVenues)[number]): Promise<string> =>
  (await scene.account(venue))['deadMan'].state as string;

beforeAll(async () => {
  await scene.open();
  await scene.quote();
  await bothQuote(30_000);
}, 180_000);
afterAll(() => scene.close(), 30_000);

describe("the venue's own switch", () => {
  it('is never armed on an account that others may use', async () => {
    await runtime.sleep(11_000);
    for (const venue of switchVenues) {
      expect(scene.asked(venue)).toEqual([]);
      const { dedicated, deadMan } = await scene.account(venue);
      expect({ dedicated, state: deadMan.state }).toEqual({ dedicated: false, state: 'off' });
      expect(deadMan.text).toContain('not declared dedicated');
    }
  }, 30_000);

  it('is armed and renewed while the engine works, and does not fire', async () => {
    for (const venue of switchVenues)
      expect(await scene.declare(venue, true)).toMatchObject({ dedicated: true });
    for (const venue of switchVenues)
      await scene.eventually(`${venue} armed`, async () => (await armed(venue)) === 'armed', 4_000);
    const since = runtime.monotonic();
    while (runtime.monotonic() - since < 42_000) {
      await runtime.sleep(1_000);
      // A quote may be on its way from one price to another; all of them at once never are.
      expect(quotes().every((count) => count > 0)).toBe(true);
    }
    for (const venue of switchVenues) {
      const seconds = scene.asked(venue);
      expect(seconds.length).toBeGreaterThanOrEqual(8);
      expect(seconds.length).toBeLessThanOrEqual(11);
      expect(new Set(seconds)).toEqual(new Set([30]));
      expect((await scene.account(venue))['deadMan']['text']).toMatch(
        /^Orders die 30 s .* last renewed \d s ago/,
      );
    }
    expect(await scene.halts()).toEqual([]);
  }, 60_000);

  it('clears the venue when the engine stands still, and a person lifts what it then finds', async () => {
    const since = runtime.monotonic();
    scene.engine.freeze(true);
    await scene.eventually('nothing rests', () => quotes().every((count) => count === 0), 35_000);
    expect(runtime.monotonic() - since).toBeGreaterThan(20_000);
    scene.engine.freeze(false);
    await scene.eventually('both halted', async () => (await scene.halts()).length === 2, 15_000);
    expect(await scene.halts()).toEqual(firedHalts());
    await runtime.sleep(3_000);
    expect(quotes()).toEqual([0, 0]);
    for (const venue of switchVenues) await scene.lift(venue);
    await bothQuote(30_000);
  }, 120_000);

  it('does not fire when another engine takes over in time', async () => {
    for (const venue of switchVenues)
      await scene.eventually(`${venue} armed`, async () => (await armed(venue)) === 'armed', 10_000);
    await scene.engine.kill();
    const died = runtime.monotonic();
    const left = new Set(switchVenues.flatMap((venue) => scene.resting(venue)).map(({ orderId }) => orderId));
    await scene.start();
    await scene.eventually(
      'nothing of the dead engine rests',
      () => switchVenues.every((venue) => !scene.resting(venue).some(({ orderId }) => left.has(orderId))),
      20_000,
    );
    await bothQuote(40_000);
    expect(runtime.monotonic() - died).toBeLessThan(28_000);
    while (runtime.monotonic() - died < 40_000) {
      await runtime.sleep(1_000);
      expect(quotes().every((count) => count > 0)).toBe(true);
    }
    expect(await scene.halts()).toEqual([]);
  }, 120_000);

  it('clears the venue when the engine is killed, and the next engine finds out', async () => {
    for (const venue of switchVenues)
      await scene.eventually(`${venue} armed`, async () => (await armed(venue)) === 'armed', 10_000);
    await scene.engine.kill();
    const died = runtime.monotonic();
    await runtime.sleep(20_000);
    expect(quotes().every((count) => count > 0)).toBe(true);
    await scene.eventually('nothing rests', () => quotes().every((count) => count === 0), 15_000);
    expect(runtime.monotonic() - died).toBeLessThan(35_000);
    await scene.start();
    await scene.eventually('both halted', async () => (await scene.halts()).length === 2, 40_000);
    expect(await scene.halts()).toEqual(firedHalts());
    for (const venue of switchVenues) await scene.lift(venue);
    await bothQuote(60_000);
  }, 180_000);

  it('is ended when the account is not dedicated any more', async () => {
    await scene.eventually('armed', async () => (await armed('gate')) === 'armed', 10_000);
    const since = runtime.monotonic();
    await scene.declare('gate', false);
    await scene.eventually('disarmed', async () => (await armed('gate')) === 'off', 10_000);
    await runtime.sleep(6_000);
    expect(scene.asked('gate', since).slice(-1)).toEqual([0]);
    expect(scene.resting('gate')).toHaveLength(4);
  }, 40_000);

  it('is ended by a clean stop, after the last order', async () => {
    for (const venue of switchVenues) await scene.declare(venue, true);
    for (const venue of switchVenues)
      await scene.eventually(`${venue} armed`, async () => (await armed(venue)) === 'armed', 10_000);
    expect(await scene.engine.terminate(25_000)).toBe(0);
    expect(quotes()).toEqual([0, 0]);
    for (const venue of switchVenues) expect(scene.asked(venue).slice(-1)).toEqual([0]);
  }, 60_000);
});
