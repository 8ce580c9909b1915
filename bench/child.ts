import { allCases } from './cases/all-cases';
import type { Candidate, Scale, Timed } from './case';

/** What one candidate of one case did in a fresh process; nanoseconds per operation. */
export interface Measured {
  readonly nsPerOp: number;
  readonly cpuNsPerOp: number;
  readonly checksum: string;
}

const warmUps = 2;
const timedWarmUps = 20;
/** Shorter passes measure the compiler and the neighbours; a pass repeats its input until it is this long. */
const leastPassMs = 50;
const leastWarmUpMs = 500;
const samplesOf = (scale: Scale): number => (scale === 'quick' ? 3 : 5);

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

async function measure(caseId: string, name: string, scale: Scale, seed: number): Promise<Measured> {
  const make = allCases.find(({ id }) => id === caseId)?.candidates[name];
  if (!make) throw new Error(`no candidate ${name} in case ${caseId}`);
  const candidate = await make(scale, seed);
  return 'time' in candidate ? measureTimed(candidate, scale) : measurePasses(candidate, scale);
}

/** Few samples, for a venue counts its requests; the processor's time is that of a whole sample, its check included. */
async function measureTimed(candidate: Timed, scale: Scale): Promise<Measured> {
  const wall: number[] = [];
  const cpu: number[] = [];
  const checksums = new Set<string>();
  for (let i = 0; i < timedWarmUps; i += 1) checksums.add((await candidate.time()).checksum);
  for (let i = 0; i < samplesOf(scale); i += 1) {
    const cpuBefore = process.cpuUsage();
    const { ns, checksum } = await candidate.time();
    const used = process.cpuUsage(cpuBefore);
    wall.push(ns);
    cpu.push((used.user + used.system) * 1_000);
    checksums.add(checksum);
  }
  await candidate.close();
  return { nsPerOp: median(wall), cpuNsPerOp: median(cpu), checksum: [...checksums].join('|') };
}

function measurePasses(candidate: Candidate, scale: Scale): Measured {
  const repeats = warmUp(candidate);
  const wall: number[] = [];
  const cpu: number[] = [];
  const checksums = new Set<string>();
  for (let i = 0; i < samplesOf(scale); i += 1) {
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
void measure(caseId, name, scale as Scale, Number(seed)).then((measured) =>
  process.stdout.write(`${JSON.stringify(measured)}\n`),
);
