import { allCases } from './cases/all-cases';
import type { Candidate, Scale } from './case';

/** What one candidate of one case did in a fresh process; nanoseconds per operation. */
export interface Measured {
  readonly nsPerOp: number;
  readonly cpuNsPerOp: number;
  readonly checksum: string;
}

const warmUps = 2;
/** Shorter passes measure the compiler and the neighbours; a pass repeats its input until it is this long. */
const leastPassMs = 50;
const leastWarmUpMs = 500;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Runs full passes until the code is warm; says how many of them fill one timed pass. */
function warmUp(candidate: Candidate): number {
  const start = performance.now();
  let lastMs = 0;
  for (let i = 0; i < warmUps || performance.now() - start < leastWarmUpMs; i += 1) {
    const before = performance.now();
    candidate.pass();
    lastMs = performance.now() - before;
  }
  return Math.max(1, Math.ceil(leastPassMs / lastMs));
}

function measure(caseId: string, name: string, scale: Scale, seed: number): Measured {
  const make = allCases.find(({ id }) => id === caseId)?.candidates[name];
  if (!make) throw new Error(`no candidate ${name} in case ${caseId}`);
  const candidate = make(scale, seed);
  const repeats = warmUp(candidate);
  const wall: number[] = [];
  const cpu: number[] = [];
  const checksums = new Set<string>();
  for (let i = 0; i < (scale === 'quick' ? 3 : 5); i += 1) {
    const cpuBefore = process.cpuUsage();
    const before = process.hrtime.bigint();
    let operations = 0;
    for (let n = 0; n < repeats; n += 1) {
      const pass = candidate.pass();
      operations += pass.operations;
      checksums.add(pass.checksum);
    }
    wall.push(Number(process.hrtime.bigint() - before) / operations);
    const used = process.cpuUsage(cpuBefore);
    cpu.push(((used.user + used.system) * 1_000) / operations);
  }
  return { nsPerOp: median(wall), cpuNsPerOp: median(cpu), checksum: [...checksums].join('|') };
}

const [caseId = '', name = '', scale = 'full', seed = '7'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(measure(caseId, name, scale as Scale, Number(seed)))}\n`);
