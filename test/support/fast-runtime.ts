import type { Runtime } from '../../src/runtime/runtime';

/** The same runtime whose clocks run so many times as fast, so that a minute of a venue passes in a test. */
export function fastRuntime(runtime: Runtime, times: number): Runtime {
  const [startMs, start] = [runtime.now(), runtime.monotonic()];
  const monotonic = (): number => start + (runtime.monotonic() - start) * times;
  const { timers } = runtime;
  return {
    now: () => Math.floor(startMs + monotonic() - start),
    monotonic,
    sleep: (ms, signal) => runtime.sleep(ms / times, signal),
    timers: {
      set: (ms, fn) => timers.set(ms / times, fn),
      every: (ms, fn) => timers.every(ms / times, fn),
      clear: (timer) => timers.clear(timer),
      active: () => timers.active(),
    },
    rng: runtime.rng,
    uuid: () => runtime.uuid(),
    randomBytes: (n) => runtime.randomBytes(n),
    http: (request) => runtime.http(request),
    openSocket: (url, options, events) => runtime.openSocket(url, options, events),
    close: () => runtime.close(),
  };
}
