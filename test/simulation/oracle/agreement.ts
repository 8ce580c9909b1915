import { classOf } from '../../../src/domain/order';
import type { ClientOrder } from '../../../src/domain/order';
import type { Engine } from '../../../src/modules/execution/engine';
import type { VenueView } from './venue-view';

/** An order about which engine and venue do not agree, or of which the engine cannot say what became. */
export interface Disagreement {
  readonly clientOrderId: string;
  /** Lots open at the venue; undefined when it has nothing. */
  readonly left: number | undefined;
  readonly order: ClientOrder | undefined;
}

/** The engine that trades a strategy; undefined while it boots. */
export type EngineOf = (strategyId: string) => Engine | undefined;

/** The live orders of the venue against those of the engine that trades them: ids and what is left of each. */
export function disagreements(view: VenueView, engineOf: EngineOf): readonly Disagreement[] {
  const strategies = new Map<Engine, string[]>();
  for (const { plan } of view.standings.values()) {
    const engine = engineOf(plan.id);
    if (engine) strategies.set(engine, [...(strategies.get(engine) ?? []), plan.id]);
  }
  return [...strategies].flatMap(([engine, ids]) => disagreementsOf(view, engine, ids));
}

function disagreementsOf(view: VenueView, engine: Engine, ids: readonly string[]): readonly Disagreement[] {
  const live = new Map<string, number>();
  // Both in units of the asset: a step may have changed since either began to count.
  for (const { live: orders, plan } of view.standings.values()) {
    if (!ids.includes(plan.id)) continue;
    for (const { clientOrderId, quantity, filled } of orders.values())
      live.set(clientOrderId, (quantity - filled) * Number(plan.market.lotSize));
  }
  const tracked = new Map(
    ids.flatMap((id) => engine.orders.unended(id)).map((order) => [order.clientOrderId, order]),
  );
  const wrong: Disagreement[] = [];
  for (const [clientOrderId, left] of live) {
    const order = tracked.get(clientOrderId);
    const step = Number(engine.orders.rulesOf(clientOrderId)?.rules.lotSize);
    if (!agrees(order, left, step)) wrong.push({ clientOrderId, left, order });
  }
  for (const [clientOrderId, order] of tracked) {
    if (live.has(clientOrderId) || classOf(order) === 'ended') continue;
    wrong.push({ clientOrderId, left: undefined, order });
  }
  return wrong;
}

export const wordsOf = ({ clientOrderId, left, order }: Disagreement): string =>
  `${clientOrderId}: the venue has ${left ?? 'nothing'} open, the engine ${order ? classOf(order) : 'nothing'}`;

const agrees = (order: ClientOrder | undefined, left: number, step: number): boolean =>
  order !== undefined &&
  classOf(order) === 'live' &&
  // Older orders of others trade with ours in the steps they were made in.
  Math.abs((order.quantity - order.maxFilled) * step - left) < step;
