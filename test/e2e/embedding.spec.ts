import type { INestApplicationContext } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import type { ExecutionService } from '../../src/modules/execution/execution.service';
import type { CloseResult } from '../../src/modules/execution/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import type { VenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { demoAccount, startVenueSimulator } from '../../src/venue-simulator/venue-simulator';
import { until } from '../support/until';

interface Host {
  readonly app: INestApplicationContext;
  readonly runtime: Runtime;
  readonly execution: ExecutionService;
}

interface Example {
  createHost(simOrigin: string, keys: { apiKey: string; secret: string }): Promise<Host>;
  startQuoting(execution: ExecutionService): Promise<void>;
  stopQuoting(execution: ExecutionService): Promise<CloseResult>;
  fillsTold(): readonly string[];
}

const docs = join(__dirname, '../../docs');

/** The code block of the page, compiled and run as it stands there. */
function example(): Example {
  const [, source = ''] = /```ts\n([^]*?)```/.exec(readFileSync(join(docs, 'embedding.md'), 'utf8')) ?? [];
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
    },
  });
  const exported = {};
  const load = createRequire(join(docs, 'embedding.ts'));
  compileFunction(outputText, ['exports', 'require'])(exported, load);
  return exported as Example;
}

describe('the engine inside another application', () => {
  const runtime = createRealRuntime();
  const { createHost, startQuoting, stopQuoting, fillsTold } = example();
  let venue: VenueSimulator;
  let host: Host;

  const own = () => venue.core.openOrders(demoAccount.apiKey);
  const eventually = (what: string, holds: () => boolean): Promise<void> =>
    until(runtime, what, holds, 15_000);

  beforeAll(async () => {
    venue = await startVenueSimulator({ runtime, port: 0, seed: 3, stepsPerSecond: 0 });
    host = await createHost(venue.origin, demoAccount);
  }, 30_000);

  afterAll(async () => {
    await host?.app.close();
    await host?.runtime.close();
    await venue?.stop();
    await runtime.close();
  }, 30_000);

  it('quotes, tells its host of fills, and stops with proof', async () => {
    await startQuoting(host.execution);
    await eventually('a quote on each side', () => new Set(own().map((order) => order.side)).size === 2);
    const bid = own().find((order) => order.side === 'buy')!;
    venue.take('BTCUSDT', 'sell', 20_000_000, bid.price);
    const traded = () =>
      venue.core.trades(demoAccount.apiKey, 'BTCUSDT').map((trade) => String(trade.tradeId));
    await eventually('the fill is told', () => fillsTold().length > 0);
    expect(await stopQuoting(host.execution)).toEqual({ confirmed: true, remaining: [], venueOpenOrders: 0 });
    expect(own()).toEqual([]);
    await eventually('every fill is told', () => fillsTold().length === traded().length);
    expect([...fillsTold()].sort()).toEqual(traded().sort());
  }, 40_000);
});
