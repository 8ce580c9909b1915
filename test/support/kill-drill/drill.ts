import type { DataSource } from 'typeorm';
import { decodeClientOrderId } from '../../../src/domain/ids';
import type { Lots } from '../../../src/domain/units';
import type { Runtime } from '../../../src/runtime/runtime';
import type { VenueSimulator } from '../../../src/venue-simulator/venue-simulator';
import { demoAccount } from '../../../src/venue-simulator/venue-simulator';
import type { VenueOrder } from '../../../src/venue-simulator/venue-types';
import type { EngineProcess } from './engine-process';
import type { HoldingProxy } from './holding-proxy';

export const symbols = ['BTCUSDT', 'ETHUSDT'] as const;

/** An engine that is killed, what it trades on, and the ways to look at both without asking it. */
export interface Scene {
  readonly runtime: Runtime;
  readonly venue: VenueSimulator;
  readonly database: Pick<DataSource, 'query'>;
  readonly proxy: HoldingProxy;
  /** What the engine has printed is shown when it does not do what was waited for. */
  readonly engine: { output(): string };
  /** With it, valid ids of other installations are somebody else's; without it there are none. */
  readonly installation?: string;
}

/** A scene with the whole service. */
export interface Drill extends Scene {
  readonly database: DataSource;
  readonly engine: EngineProcess;
}

/** Whether an id was made by the product for this installation: by its form alone, without asking it. */
export function isOwn({ installation }: Pick<Scene, 'installation'>, clientOrderId: string): boolean {
  const decoded = decodeClientOrderId(clientOrderId);
  return decoded !== undefined && (installation ?? decoded.installation) === decoded.installation;
}

/** The product's orders that rest at the venue. */
export const ownOpen = (scene: Scene): readonly VenueOrder[] =>
  scene.venue.core.openOrders(demoAccount.apiKey).filter((order) => isOwn(scene, order.clientOrderId));

export const venueTrades = ({ venue }: Scene) =>
  symbols.flatMap((symbol) => venue.core.trades(demoAccount.apiKey, symbol));

/** Asks again and again, without looking at the engine. Throws with the words of `what` when the time is over. */
export async function eventually<T>(
  drill: Scene,
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs: number,
): Promise<T> {
  const until = drill.runtime.monotonic() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (drill.runtime.monotonic() > until) {
      throw new Error(`not within ${withinMs} ms: ${what}\n${drill.engine.output()}`);
    }
    await drill.runtime.sleep(15);
  }
}

/** Another participant trades through the crowd into the order, and takes a part of it or all. */
export function takeFrom({ venue }: Scene, order: VenueOrder, share: number): void {
  const { bids, asks } = venue.core.depth(order.symbol, 1_000);
  const isBuy = order.side === 'buy';
  const better = (isBuy ? bids : asks).filter(([price]) =>
    isBuy ? price > order.price : price < order.price,
  );
  const before: Lots = better.reduce((sum, [, lots]) => sum + lots, 0);
  const left = order.quantity - order.filled;
  const wanted = before + Math.max(1, Math.round(left * share));
  venue.take(order.symbol, isBuy ? 'sell' : 'buy', wanted, order.price);
}

/** Forces trades with the product's resting orders, one at a time; returns how many it caused. */
export async function forceFills(drill: Scene, wanted: number, withinMs: number): Promise<number> {
  const began = venueTrades(drill).length;
  const until = drill.runtime.monotonic() + withinMs;
  while (venueTrades(drill).length - began < wanted && drill.runtime.monotonic() < until) {
    const open = ownOpen(drill);
    const order = open[drill.runtime.rng.int(Math.max(1, open.length))];
    if (order) takeFrom(drill, order, drill.runtime.rng.int(2) === 0 ? 0.4 : 1);
    await drill.runtime.sleep(60);
  }
  return venueTrades(drill).length - began;
}
