import type { INestApplication } from '@nestjs/common';
import { ExecutionService } from '../modules/execution/execution.service';
import type { OrderView } from '../modules/execution/types';
import { StrategyService } from '../modules/market-making/strategy/strategy.service';
import { SupervisorService } from '../modules/market-making/strategy/supervisor.service';
import type { Runtime } from '../runtime/runtime';

/** Part of the grace that is left to close the application and the database. */
const closingShare = 0.2;
const closingMostMs = 5_000;

/** Milliseconds of the grace that closing may take; what comes before it has the rest. */
export const closingMs = (graceMs: number): number => Math.min(closingMostMs, graceMs * closingShare);

/** Cancels all own orders and says what the venue confirmed; false when something is left. Ends before closing is due. */
export async function stopTrading(
  app: INestApplication,
  runtime: Runtime,
  graceMs: number,
): Promise<boolean> {
  const began = runtime.monotonic();
  const until = began + graceMs - closingMs(graceMs);
  const supervisor = app.get(SupervisorService, { strict: false });
  await Promise.race([supervisor.halt(), runtime.sleep(graceMs / 4)]);
  const left = until - runtime.monotonic();
  const execution = app.get(ExecutionService, { strict: false });
  const atStart = execution.unended().length;
  const late = runtime.sleep(left).then(() => {
    const remaining = execution.unended();
    return { confirmed: false, cancelled: Math.max(0, atStart - remaining.length), remaining };
  });
  const strategies = app.get(StrategyService, { strict: false });
  const accounts = await Promise.race([
    strategies.accountsTraded(),
    runtime.sleep(left / 4).then(() => undefined),
  ]);
  const stopped = execution.stop(until - runtime.monotonic() - Math.min(1_000, left / 5), accounts);
  const { confirmed, cancelled, remaining } = await Promise.race([stopped, late]);
  const seconds = ((runtime.monotonic() - began) / 1_000).toFixed(1);
  const total = cancelled + remaining.length;
  if (confirmed) {
    process.stdout.write(
      `cancelled ${cancelled}/${total} own orders (venue confirmed, ${seconds} s)   strategies keep desired state running and will resume\n`,
    );
    return true;
  }
  process.stderr.write(
    `cancelled ${cancelled}/${total} own orders; the venue has not confirmed the end of all of them\n`,
  );
  tellRemaining(remaining);
  return false;
}

/** Names the orders that nobody has proved to have ended. */
export function tellRemaining(remaining: readonly OrderView[]): void {
  for (const { venue, clientOrderId, side, quantity, symbol, price, status } of remaining) {
    process.stderr.write(`  ${venue} ${clientOrderId} ${side} ${quantity} ${symbol} @ ${price} ${status}\n`);
  }
}
