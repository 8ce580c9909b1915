import { createVirtualRuntime } from '../../../runtime/virtual-runtime';
import { ClockService } from './clock.service';
import type { Tick, TimeIterator } from './types';

const world = (tickMs = 1_000) => {
  const runtime = createVirtualRuntime({ seed: 1, startMs: 0 });
  return { runtime, clock: new ClockService(runtime, tickMs) };
};
const recording = (name: string, log: string[], onTick: (tick: Tick) => void = () => {}): TimeIterator => ({
  name,
  onTick: (tick) => {
    log.push(`${tick.id}:${name}`);
    onTick(tick);
  },
});

describe('ClockService', () => {
  it('drives the phases in order on every grid point, none lost or doubled in an hour', async () => {
    const { runtime, clock } = world();
    const ids: number[] = [];
    clock.register('observe', { name: 'count', onTick: (tick) => void ids.push(tick.id) });
    clock.start();
    await runtime.advance(3_600_000);
    expect(ids).toEqual(Array.from({ length: 3_600 }, (_, i) => i + 1));
    expect(clock.counters().skipped).toBe(0);
  });

  it('runs observe, then decide, then act', async () => {
    const { runtime, clock } = world();
    const log: string[] = [];
    clock.register('act', recording('act', log));
    clock.register('observe', recording('observe', log));
    clock.register('decide', recording('decide', log));
    clock.start();
    await runtime.advance(1_000);
    expect(log).toEqual(['1:observe', '1:decide', '1:act']);
  });

  it('isolates a throw, and takes the iterator off after five in a row', async () => {
    const { runtime, clock } = world();
    const log: string[] = [];
    const quarantined: unknown[] = [];
    clock.register('decide', {
      name: 'broken',
      onTick: () => {
        throw new Error('broken');
      },
      onQuarantine: (error) => void quarantined.push(error),
    });
    clock.register('decide', recording('healthy', log));
    clock.start();
    await runtime.advance(8_000);
    expect(log).toHaveLength(8);
    expect(quarantined).toEqual([new Error('broken')]);
    expect(clock.counters().errors).toBe(5);
  });

  it('stops at once and starts anew', async () => {
    const { runtime, clock } = world();
    const log: string[] = [];
    clock.register('observe', recording('a', log));
    clock.start();
    await runtime.advance(2_500);
    clock.stop();
    await runtime.advance(5_000);
    expect(log).toHaveLength(2);
    expect(runtime.timers.active()).toBe(0);
  });
});
