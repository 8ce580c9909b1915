import { allCases } from './cases/all-cases';
import type { Scale } from './case';

/** What one candidate of one case did in a fresh process; nanoseconds per operation. */
export interface Measured {
  readonly nsPerOp: number;
  readonly cpuNsPerOp: number;
  readonly checksum: string;
}

const warmUps = 2;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

function measure(caseId: string, name: string, scale: Scale, seed: number): Measured {
  const make = allCases.find(({ id }) => id === caseId)?.candidates[name];
  if (!make) throw new Error(`no candidate ${name} in case ${caseId}`);
  const candidate = make(scale, seed);
  for (let i = 0; i < warmUps; i += 1) candidate.pass();
  const wall: number[] = [];
  const cpu: number[] = [];
  const checksums = new Set<string>();
  for (let i = 0; i < (scale === 'quick' ? 3 : 5); i += 1) {
    const cpuBefore = process.cpuUsage();
    const before = process.hrtime.bigint();
    const { operations, checksum } = candidate.pass();
    wall.push(Number(process.hrtime.bigint() - before) / operations);
    const used = process.cpuUsage(cpuBefore);
    cpu.push(((used.user + used.system) * 1_000) / operations);
    checksums.add(checksum);
  }
  return { nsPerOp: median(wall), cpuNsPerOp: median(cpu), checksum: [...checksums].join('|') };
}

const [caseId = '', name = '', scale = 'full', seed = '7'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(measure(caseId, name, scale as Scale, Number(seed)))}\n`);
