import type { INestApplication } from '@nestjs/common';
import { ExecutionService } from '../modules/execution/execution.service';
import { SupervisorService } from '../modules/market-making/strategy/supervisor.service';
import type { Runtime } from '../runtime/runtime';

/** Cancels all own orders and says what the venue confirmed; false when something is left. */
export async function stopTrading(
  app: INestApplication,
  runtime: Runtime,
  graceMs: number,
): Promise<boolean> {
  const began = runtime.monotonic();
  const supervisor = app.get(SupervisorService, { strict: false });
  await Promise.race([supervisor.halt(), runtime.sleep(graceMs / 4)]);
  const left = Math.max(1_000, graceMs - (runtime.monotonic() - began) - 1_000);
  const execution = app.get(ExecutionService, { strict: false });
  const { confirmed, cancelled, remaining } = await execution.stop(left);
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
  for (const { venue, clientOrderId, side, quantity, symbol, price, status } of remaining) {
    process.stderr.write(`  ${venue} ${clientOrderId} ${side} ${quantity} ${symbol} @ ${price} ${status}\n`);
  }
  return false;
}
