import { execFile } from 'node:child_process';
import { join } from 'node:path';

const mainFile = join(__dirname, 'main.cjs');

interface Ended {
  readonly code: number;
  readonly last: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A process of its own: only there can the scheduler empty the microtask queue. */
function simulate(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [mainFile, ...args], { maxBuffer: 64 * 1_048_576 }, (error, text) => {
      const last = text.trim().split('\n').at(-1) ?? '{}';
      resolve({ code: error ? 1 : 0, last: JSON.parse(last) as Ended['last'], text });
    });
  });
}

function ask(...args: readonly string[]): Promise<{ readonly failed: boolean; readonly text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [mainFile, ...args], (error, text) =>
      resolve({ failed: error !== null, text }),
    );
  });
}

/** Whole seeds: in a shorter one the time after the faults is too short to say how much of it was quoted. */
it('finds no broken invariant in a handful of seeds', async () => {
  const { code, last, text } = await simulate('--seeds', '4', '--minutes', '10', '--base', 'small');
  expect({ code, violations: last['violations'], text: code === 0 ? '' : text }).toEqual({
    ...{ code: 0, violations: 0, text: '' },
  });
}, 60_000);

/** The product's own connectors and ccxt, against the server of each dialect, which verifies every signature. */
it.each(['binance', 'okx', 'gate'])(
  'finds none where %s is spoken byte by byte',
  async (dialect) => {
    const args = ['--tier', 'l2', '--dialect', dialect, '--seeds', '1', '--minutes', '10', '--base', 'small'];
    const { code, last, text } = await simulate(...args);
    expect({ code, violations: last['violations'], text: code === 0 ? '' : text }).toEqual({
      ...{ code: 0, violations: 0, text: '' },
    });
  },
  60_000,
);

it('stops every engine of a run, also one that boots behind a handover in the middle of the stop', async () => {
  const starter = join(__dirname, '../support/simulation-start.cjs');
  const program = join(__dirname, 'stop-in-handover.ts');
  const text = await new Promise<string>((resolve) => {
    const code = `require(${JSON.stringify(starter)}).start(${JSON.stringify(program)})`;
    execFile(process.execPath, ['-e', code], (_error, out) => resolve(out));
  });
  expect(JSON.parse(text)).toEqual({ handovers: 5, broken: [] });
}, 60_000);

it('gives the same run for the same seed in another process, where ccxt signs', async () => {
  const { last } = await simulate(
    ...['--gate', '1', '--minutes', '2', '--base', 'gate', '--tier', 'l2', '--dialect', 'okx'],
  );
  expect(last).toEqual({ gate: 1, equal: 1, differing: [] });
}, 60_000);

it('gives the same run for the same seed in another process, time zone and hash seed', async () => {
  const { last } = await simulate('--gate', '3', '--minutes', '2', '--base', 'gate');
  expect(last).toEqual({ gate: 3, equal: 3, differing: [] });
}, 60_000);

it.each([
  [['--help'], 0, '--row ID'],
  [['--sedes', '3'], 1, ''],
  [['--row', 'Z9'], 1, ''],
  [['--seeds'], 1, ''],
  [['--minutes', '1'], 1, ''],
  [['--dialect', 'kraken'], 1, ''],
  [['--dialect', 'okx'], 1, ''],
])('answers %j with its usage, never with a run', async (args, code, part) => {
  const { failed, text } = await ask(...args);
  expect({ code: Number(failed), hasPart: text.includes(part) }).toEqual({ code, hasPart: true });
  expect(text).not.toContain('violations');
});
