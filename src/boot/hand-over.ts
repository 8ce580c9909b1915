import type { INestApplication } from '@nestjs/common';
import { HandoverService } from '../modules/admin/handover.service';
import { ExecutionService } from '../modules/execution/execution.service';
import type { HandedStrategy } from '../modules/execution/types';
import type { Runtime } from '../runtime/runtime';
import { closingMs, tellRemaining } from './stop';

/** Whoever asked reads what became of it before the door closes. */
const readingMs = (graceMs: number): number => Math.min(1_000, graceMs * 0.05);

/**
 * Leaves what runs to another engine, with its orders where they are, and says who took it. What nobody took is cancelled;
 * false when the venue has not confirmed that. Ends before closing is due.
 */
export async function handOverTrading(
  app: INestApplication,
  runtime: Runtime,
  graceMs: number,
): Promise<boolean> {
  const began = runtime.monotonic();
  const workMs = graceMs - closingMs(graceMs) - readingMs(graceMs);
  const execution = app.get(ExecutionService, { strict: false });
  const run = app.get(HandoverService, { strict: false }).run(workMs);
  const late = runtime.sleep(workMs).then(() => ({ confirmed: false, remaining: execution.unended() }));
  const { confirmed, remaining } = await Promise.race([run, late]);
  const seconds = ((runtime.monotonic() - began) / 1_000).toFixed(1);
  for (const line of linesOf(execution.handover.view, seconds)) process.stdout.write(`${line}\n`);
  if (!confirmed) {
    process.stderr.write('the venue has not confirmed the end of every order that no other engine took\n');
    tellRemaining(remaining);
  }
  await runtime.sleep(readingMs(graceMs));
  return confirmed;
}

function linesOf(strategies: readonly HandedStrategy[], seconds: string): readonly string[] {
  const taken = strategies.filter(({ fate }) => fate === 'taken');
  const orders = taken.reduce((sum, { ordersCount }) => sum + ordersCount, 0);
  const by = [...new Set(taken.map(({ takenBy }) => takenBy))].join(', ');
  const left = strategies.length - taken.length;
  return [
    `handed over ${taken.length}/${strategies.length} strategies with ${orders} live orders${by && ` to ${by}`} (${seconds} s)`,
    ...(left > 0
      ? [`${left} strategies were taken by no other engine: their orders are cancelled, they will resume`]
      : []),
  ];
}
