import type { Runtime } from '../../src/runtime/runtime';

/** Looks every 10 ms. Rejects with the words of `what` when it has not come true in time. */
export async function until(
  runtime: Runtime,
  what: string,
  holds: () => boolean,
  withinMs: number,
): Promise<void> {
  const end = runtime.monotonic() + withinMs;
  while (!holds()) {
    if (runtime.monotonic() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await runtime.sleep(10);
  }
}
