import type { Instrument } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import { classOf, isSettled, remainingOf, unbookedOf } from '../../../domain/order';
import type { Inventory, StrategyView } from '../../../domain/quote';
import { levelKeyOf } from '../../../domain/slot';
import type { Lots, QuoteSide } from '../../../domain/units';
import type { MarketMakingConfig } from './market-making.config';
import { clamp } from './rounding';

/** How far the holdings are from their target, −1 (fully short) to 1 (fully long). No equity: 0. */
export function leanOf(
  config: MarketMakingConfig,
  instrument: Instrument,
  inventory: Inventory,
  reference: number,
): number {
  const settings = config.inventory;
  if (settings.mode === 'base') {
    const target = instrument.toFractionalLots(settings.targetBase ?? '0');
    const range = instrument.toFractionalLots(settings.rangeBase ?? '0');
    return range > 0 ? clamp((inventory.baseLots - target) / range, -1, 1) : 0;
  }
  const baseValue = inventory.baseLots * reference;
  const equity = baseValue + inventory.quoteTickLots;
  if (!(equity > 0)) return 0;
  return clamp((baseValue / equity - settings.targetRatio) / settings.rangeRatio, -1, 1);
}

/** An order whose end or existence is not settled, so that no plan can replace it now. */
export const isUnresolved = (order: ClientOrder): boolean =>
  !isSettled(order) && (classOf(order) !== 'live' || order.command !== 'NONE');

/** What an order may still add to the position: what may fill and what has filled and is not in the books. */
export const heldLots = (order: ClientOrder): Lots => remainingOf(order) + unbookedOf(order);

/** What orders that no plan can replace now already take: of each side, in all, and by slot when they are unresolved. */
export interface Commitments {
  readonly bid: Lots;
  readonly ask: Lots;
  readonly bySlot: ReadonlyMap<string, Lots> | undefined;
}

/** One look at each order: a session of many slots is as often a question of memory as of arithmetic. */
export function commitmentsOf(orders: readonly ClientOrder[]): Commitments {
  let bid = 0;
  let ask = 0;
  let bySlot: Map<string, Lots> | undefined;
  for (const order of orders) {
    const held = isUnresolved(order) ? heldLots(order) : 0;
    const taken = held || unbookedOf(order);
    if (order.side === 'buy') bid += taken;
    else ask += taken;
    if (held > 0) {
      const level = levelKeyOf(order.slotKey);
      (bySlot ??= new Map()).set(level, (bySlot.get(level) ?? 0) + held);
    }
  }
  return { bid, ask, bySlot };
}

/** What the hard limits leave for the quotes of a side, in fractional lots; orders a plan can replace count as gone. */
export function capacityOf(
  config: MarketMakingConfig,
  { instrument, inventory }: Pick<StrategyView, 'instrument' | 'inventory'>,
  committed: Commitments,
  side: QuoteSide,
): number {
  const position = inventory.baseLots;
  const { maxBase, minBase } = config.inventory;
  if (side === 'ask') return position - instrument.toFractionalLots(minBase) - committed.ask;
  return maxBase === null ? Infinity : instrument.toFractionalLots(maxBase) - position - committed.bid;
}
