import { BinanceConnector } from '../../src/modules/execution/connectors/binance.connector';
import { ClockOffset } from '../../src/modules/execution/connectors/clock-offset';
import { GateConnector } from '../../src/modules/execution/connectors/gate.connector';
import { OkxConnector } from '../../src/modules/execution/connectors/okx.connector';
import { VenuePages } from '../../src/modules/execution/connectors/venue.pages';
import type { PageParts } from '../../src/modules/execution/connectors/venue.pages';
import type { VenueCall } from '../../src/modules/execution/connectors/venue.transport';
import { createVirtualRuntime } from '../../src/runtime/virtual-runtime';

/**
 * Found by the simulation at OKX: the time from which trades are asked for is the database's, carried forward by a
 * monotonic clock, and had a fraction. OKX refuses such a `begin`, so the account never answered and nothing was quoted.
 */
/** What a venue answers that has no trades, wherever it puts them. */
const nothing = { binance: [], gate: [], okx: { code: '0', data: [] } } as const;
const dialects = [BinanceConnector, GateConnector, OkxConnector].map(
  ({ dialect }) => [dialect.venue, dialect] as const,
);

it.each(dialects)('asks %s by whole numbers alone', async (_venue, dialect) => {
  const asked: VenueCall['params'][] = [];
  const parsed = nothing[dialect.venue as keyof typeof nothing];
  const transport = {
    send: ({ params }: VenueCall) => {
      asked.push(params);
      return Promise.resolve({ written: true, status: 200, parsed });
    },
    judge: () => ({ kind: 'answered', parsed }),
  };
  const runtime = createVirtualRuntime({ seed: 1, startMs: 1_764_287_800_000 });
  const feed = {
    markets: { require: () => ({ rules: { venueSymbol: 'BTCUSDT' } }) },
    clock: new ClockOffset(runtime, () => Promise.resolve(0)),
  };
  const pages = new VenuePages({
    ...{ runtime, dialect, transport, feed, heard: () => undefined },
  } as unknown as PageParts);
  await pages.fillsSince({ instrument: 'BTC/USDT', since: 1_764_287_768_473.032 });
  expect(asked.length).toBeGreaterThan(0);
  for (const params of asked)
    for (const value of Object.values(params)) expect(String(value)).not.toContain('.');
});
