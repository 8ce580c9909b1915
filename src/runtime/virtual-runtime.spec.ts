import { createVirtualRuntime } from './virtual-runtime';

it('runs timers at their own moments, in order, and settles promises between them', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_000 });
  const log: string[] = [];
  const note = (name: string): void => void log.push(`${name}@${runtime.now()}`);
  runtime.timers.set(20, () => note('late'));
  runtime.timers.set(10, () => {
    void Promise.resolve().then(() => note('promise'));
    runtime.timers.set(5, () => note('nested'));
  });
  const every = runtime.timers.every(8, () => note('every'));
  await runtime.advance(20);
  expect(log).toEqual(['every@1008', 'promise@1010', 'nested@1015', 'every@1016', 'late@1020']);
  runtime.timers.clear(every);
  expect(runtime.timers.active()).toBe(0);
});

it('ends a sleep when its time has passed or its signal says so', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const log: string[] = [];
  const stop = new AbortController();
  void runtime.sleep(5).then(() => log.push('slept'));
  void runtime.sleep(50, stop.signal).catch(() => log.push('aborted'));
  await runtime.advance(5);
  stop.abort();
  await runtime.advance(1);
  expect([log, runtime.timers.active()]).toEqual([['slept', 'aborted'], 0]);
});

it('lets a frozen process do on waking what fell due, and a dead one nothing', async () => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  const log: string[] = [];
  runtime.timers.set(10, () => log.push(`once@${runtime.monotonic()}`));
  runtime.timers.every(30, () => log.push(`every@${runtime.monotonic()}`));
  runtime.freeze(40);
  runtime.whenAwake(() => log.push(`awake@${runtime.monotonic()}`));
  await runtime.advance(75);
  expect(log).toEqual(['awake@40', 'once@40', 'every@40', 'every@70']);
  runtime.kill();
  runtime.timers.set(1, () => log.push('never'));
  runtime.whenAwake(() => log.push('never'));
  void runtime.http({} as never).then(() => log.push('never'));
  await runtime.advance(100);
  expect([log.length, runtime.timers.active()]).toEqual([4, 0]);
});
