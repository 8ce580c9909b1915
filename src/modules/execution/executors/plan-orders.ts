import type { Instrument } from '../../../domain/instrument';
import type { ClientOrder } from '../../../domain/order';
import { isSettled, remainingOf } from '../../../domain/order';
import type { TargetQuote } from '../../../domain/quote';
import type { Reason } from '../../../domain/reason';
import { isSibling, levelKeyOf, parseSlotKey, siblingOf } from '../../../domain/slot';
import { quoteSideOf } from '../../../domain/units';
import type { Mono, Ms, QuoteSide } from '../../../domain/units';
import { sortFew } from '../common/sort-few';
import { about, slotStateOf, waitReason } from './slot-state';
import type { SlotState } from './slot-state';

/** When a resting order is good enough to keep. Bps of the reference price, ms, ratios of the target quantity. */
export interface KeepRules {
  readonly refreshMs: number;
  /** null: the price gap alone never makes a refresh due. */
  readonly requoteMoveBps: number | null;
  readonly refreshToleranceBps: number;
  readonly sizeToleranceRatio: number;
  readonly refillBelowRatio: number;
  readonly minOrderLifetimeMs: number;
  readonly maxOrderAgeMs: number;
}

export interface PlanInput {
  /** Already fitted to what risk admits, so that an order resting at its trimmed size is kept. */
  readonly targets: readonly TargetQuote[];
  /** In the order they were admitted. */
  readonly orders: readonly ClientOrder[];
  readonly config: KeepRules;
  readonly referenceTicks: number | undefined;
  readonly monoMs: Mono;
  readonly nowMs: Ms;
  readonly instrument: Instrument;
  /** A live order closer to the reference than this is unsafe, in bps. Default 0. */
  readonly minimumOffsetBps?: number;
  /** Sides where nothing new may be placed now; what rests there stays. */
  readonly blockedSides?: readonly QuoteSide[];
  /** Those of the quotes beside an order that the budgets have room for, with all these placed. Default: none. */
  readonly besides?: (places: readonly TargetQuote[]) => readonly TargetQuote[];
  /** Slots whose quantity a hard limit trimmed: a larger order there is unsafe. */
  readonly cappedSlots?: ReadonlySet<string> | undefined;
}

export interface PlannedCancel {
  readonly order: ClientOrder;
  /** Ignores tolerance, age and every pacing of cosmetic refreshes. */
  readonly safety: boolean;
  readonly why: CancelWhy;
}
export type CancelWhy = 'no_target' | 'replaced' | 'too_close' | 'over_limit' | 'price' | 'quantity' | 'aged';

export interface Plan {
  readonly keep: readonly ClientOrder[];
  readonly cancels: readonly PlannedCancel[];
  readonly places: readonly TargetQuote[];
  readonly reasons: readonly Reason[];
}

type Step =
  | { readonly kind: 'place'; readonly target: TargetQuote }
  | { readonly kind: 'keep'; readonly order: ClientOrder; readonly reason?: Reason }
  | { readonly kind: 'wait'; readonly order: ClientOrder; readonly reason?: Reason | undefined }
  | {
      readonly kind: 'refresh';
      readonly order: ClientOrder;
      readonly target: TargetQuote;
      readonly why: CancelWhy;
      readonly gapBps: number;
    }
  | { readonly kind: 'cancel'; readonly order: ClientOrder; readonly why: CancelWhy };
type Refresh = Extract<Step, { kind: 'refresh' }>;

const toleranceOfFloorBps = 0.1;

/** The slots whose quantity a hard limit trimmed, as the reasons of a decision say. */
export function cappedSlotsOf(reasons: readonly Reason[]): ReadonlySet<string> | undefined {
  let slots: Set<string> | undefined;
  for (const { code, slot } of reasons)
    if (code === 'INVENTORY_LIMIT' && slot) (slots ??= new Set()).add(slot);
  return slots;
}

/** At most one action per slot: from what should rest and what may be resting to keeps, cancels and places. */
export function planOrders(input: PlanInput): Plan {
  const steps = withSuccessors(stepsOf(input), input);
  const keep: ClientOrder[] = [];
  const cancels: PlannedCancel[] = [];
  const places: TargetQuote[] = [];
  const reasons: Reason[] = [];
  for (const step of steps) {
    if (step.kind === 'place') places.push(step.target);
    else if (step.kind === 'keep') keep.push(step.order);
    else if (step.kind === 'cancel') cancels.push({ order: step.order, why: step.why, safety: true });
    if ((step.kind === 'keep' || step.kind === 'wait') && step.reason) reasons.push(step.reason);
  }
  const { cancelled, held } = paceRefreshes(steps, input);
  for (const { order, why } of cancelled) cancels.push({ order, why, safety: false });
  for (const { order } of held) {
    keep.push(order);
    reasons.push(about(order, 'CANCEL_PENDING', 'hold'));
  }
  return { keep, cancels, places: sortFew(places, reducingAndInnerFirst), reasons };
}

function stepsOf(input: PlanInput): readonly Step[] {
  // At most a few dozen slots: looking through them costs less than to build an index for every tick.
  const taken: string[] = [];
  const steps: Step[] = [];
  /** Only then can an order or a target have anything beside it. */
  const hasPairs = input.orders.some(({ slotKey }) => isSibling(slotKey));
  for (const order of input.orders)
    if (!isSettled(order)) steps.push(orderStep(input, order, taken, hasPairs));
  for (const target of input.targets) {
    const isTaken = taken.includes(target.slot) || (hasPairs && taken.includes(siblingOf(target.slot)));
    if (!isTaken && !input.blockedSides?.includes(target.side)) steps.push({ kind: 'place', target });
  }
  return steps;
}

/** What becomes of an order that is not settled; its slot is taken from now on. */
function orderStep(input: PlanInput, order: ClientOrder, taken: string[], hasPairs: boolean): Step {
  // Two unended orders in one slot cannot come from here; the later one goes as if nothing wanted it.
  const isTwice = taken.includes(order.slotKey);
  const target = isTwice ? undefined : targetAt(input.targets, levelKeyOf(order.slotKey));
  taken.push(order.slotKey);
  const step = stepOf(input, order, target);
  const other = hasPairs ? siblingOrder(input.orders, order) : undefined;
  return other ? besideOf(step, slotStateOf(other), taken.includes(other.slotKey)) : step;
}

function siblingOrder(orders: readonly ClientOrder[], { slotKey }: ClientOrder): ClientOrder | undefined {
  const sibling = siblingOf(slotKey);
  for (const order of orders) if (order.slotKey === sibling && !isSettled(order)) return order;
  return undefined;
}

/**
 * What becomes of an order with another one in the sibling slot. The earlier one stays until the later one is live; the
 * later one is not refreshed before the earlier one has been told to go, or both sides of the level would be empty.
 */
function besideOf(step: Step, other: SlotState, isLater: boolean): Step {
  if (step.kind !== 'keep' && step.kind !== 'refresh') return step;
  const { order } = step;
  if (isLater) return other === 'LIVE' ? { kind: 'keep', order } : step;
  if (other === 'LIVE') return { kind: 'cancel', order, why: 'replaced' };
  return other === 'PENDING' ? { kind: 'keep', order } : step;
}

/** Refreshes without a gap, as far as the budgets have room for both orders of a level. */
function withSuccessors(steps: readonly Step[], input: PlanInput): readonly Step[] {
  if (!steps.some(({ kind }) => kind === 'refresh')) return steps;
  const wanted = steps.flatMap((step): readonly TargetQuote[] => {
    if (step.kind === 'place') return [step.target];
    if (step.kind !== 'refresh' || !maySucceed(step, input)) return [];
    return [{ ...step.target, slot: siblingOf(step.order.slotKey), isBeside: true }];
  });
  const candidates = wanted.filter((quote) => quote.isBeside);
  if (candidates.length === 0) return steps;
  const slots = input.besides?.(wanted).map(({ slot }) => slot) ?? [];
  return steps.flatMap((step): readonly Step[] => {
    if (step.kind !== 'refresh') return [step];
    const successor = candidates.find(({ slot }) => slot === siblingOf(step.order.slotKey));
    if (!successor || !slots.includes(successor.slot)) return [step];
    return [
      { kind: 'keep', order: step.order },
      { kind: 'place', target: successor },
    ];
  });
}

const maySucceed = ({ order, target }: Refresh, { besides, blockedSides, orders }: PlanInput): boolean =>
  besides !== undefined && !blockedSides?.includes(target.side) && !siblingOrder(orders, order);

function targetAt(targets: readonly TargetQuote[], slot: string): TargetQuote | undefined {
  for (const target of targets) if (target.slot === slot) return target;
  return undefined;
}

function stepOf(input: PlanInput, order: ClientOrder, target: TargetQuote | undefined): Step {
  if (slotStateOf(order) !== 'LIVE')
    return { kind: 'wait', order, reason: waitReason(order, input.instrument) };
  if (!target) return { kind: 'cancel', order, why: 'no_target' };
  const unsafe = unsafeWhy(input, order, target);
  if (unsafe) return { kind: 'cancel', order, why: unsafe };
  return compare(input, order, target);
}

function unsafeWhy(input: PlanInput, order: ClientOrder, target: TargetQuote): CancelWhy | undefined {
  const reference = input.referenceTicks;
  if (reference !== undefined) {
    const distance = target.side === 'bid' ? reference - order.price : order.price - reference;
    const offsetBps = (distance / reference) * 1e4;
    if (offsetBps < (input.minimumOffsetBps ?? 0) - toleranceOfFloorBps) return 'too_close';
  }
  const isCapped = input.cappedSlots?.has(target.slot) ?? false;
  return isCapped && remainingOf(order) > target.quantityLots ? 'over_limit' : undefined;
}

/** Keeps what is within tolerance; replaces what is not once it is due. */
function compare(input: PlanInput, order: ClientOrder, target: TargetQuote): Step {
  const { config } = input;
  const reference = input.referenceTicks ?? target.priceTicks;
  const gapBps = (Math.abs(order.price - target.priceTicks) / reference) * 1e4;
  const age = ageOf(input, order);
  const isAged = age >= config.maxOrderAgeMs;
  const why =
    gapBps > config.refreshToleranceBps
      ? 'price'
      : isQuantityFine(input, order, target)
        ? 'aged'
        : 'quantity';
  if (why === 'aged' && !isAged) return { kind: 'keep', order };
  const isDue = isAged || (config.requoteMoveBps !== null && gapBps >= config.requoteMoveBps);
  const waitMs = Math.max(config.minOrderLifetimeMs, isDue ? 0 : config.refreshMs) - age;
  if (waitMs <= 0) return { kind: 'refresh', order, target, why, gapBps };
  const params = { waitMs: Math.ceil(waitMs), gapBps: Math.round(gapBps * 100) / 100 };
  return { kind: 'keep', order, reason: about(order, 'MIN_LIFETIME', 'hold', params) };
}

/** A quantity that shrank only by fills stays until it falls below the refill ratio or the venue's minimum. */
function isQuantityFine({ config, instrument }: PlanInput, order: ClientOrder, target: TargetQuote): boolean {
  const slack = config.sizeToleranceRatio * target.quantityLots + 1e-6;
  const isNear = (lots: number): boolean => Math.abs(lots - target.quantityLots) <= slack;
  const remaining = remainingOf(order);
  if (isNear(remaining)) return true;
  const shrankByFills = remaining < target.quantityLots && order.maxFilled > 0;
  if (!shrankByFills || !(isNear(order.quantity) || order.quantity > target.quantityLots)) return false;
  const isEnough = remaining >= config.refillBelowRatio * target.quantityLots - 1e-6;
  return isEnough && remaining >= instrument.minLotsAt(order.price);
}

/** Since it was sent, or since its commit when an earlier process sent it. */
const ageOf = ({ monoMs, nowMs }: PlanInput, order: ClientOrder): number =>
  order.sentAt === undefined ? nowMs - order.committedAt : monoMs - order.sentAt;

/** A refresh never empties a side that has several levels: the last one resting waits for the others. */
function paceRefreshes(
  steps: readonly Step[],
  input: PlanInput,
): { readonly cancelled: readonly Refresh[]; readonly held: readonly Refresh[] } {
  const cancelled: Refresh[] = [];
  const held: Refresh[] = [];
  for (const side of ['bid', 'ask'] as const) {
    const { refreshes, isSomethingResting, inMotion } = movementOf(steps, side);
    const keepsOne = !isSomethingResting && (inMotion || refreshes.length > 1) && hasSeveral(input, side);
    const count = Math.max(0, refreshes.length - (keepsOne ? 1 : 0));
    sortFew(refreshes, furthestFirst).forEach((refresh, i) => (i < count ? cancelled : held).push(refresh));
  }
  return { cancelled, held };
}

/** What one side would refresh, what stays there, and whether something on it comes or goes already. */
function movementOf(
  steps: readonly Step[],
  side: QuoteSide,
): { readonly refreshes: Refresh[]; readonly isSomethingResting: boolean; readonly inMotion: boolean } {
  const refreshes: Refresh[] = [];
  let isSomethingResting = false;
  let inMotion = false;
  for (const step of steps) {
    if (sideOf(step) !== side) continue;
    if (step.kind === 'refresh') refreshes.push(step);
    else if (step.kind === 'keep') isSomethingResting = true;
    else inMotion ||= step.kind === 'place' || isOnItsWay(step);
  }
  return { refreshes, isSomethingResting, inMotion };
}

const hasSeveral = ({ targets }: PlanInput, side: QuoteSide): boolean =>
  targets.filter((target) => target.side === side).length > 1;

const sideOf = (step: Step): QuoteSide =>
  step.kind === 'place' ? step.target.side : quoteSideOf(step.order.side);

/** A create or a cancel that ends soon by itself; an order in doubt may take long and holds nothing up. */
const isOnItsWay = (step: Step): boolean =>
  step.kind === 'cancel' || (step.kind === 'wait' && movingStates.has(slotStateOf(step.order)));
const movingStates: ReadonlySet<SlotState> = new Set<SlotState>(['PENDING', 'BUSY']);

const furthestFirst = (a: Refresh, b: Refresh): number =>
  b.gapBps - a.gapBps || levelOf(a.order.slotKey) - levelOf(b.order.slotKey);

const reducingAndInnerFirst = (a: TargetQuote, b: TargetQuote): number =>
  Number(b.reducesInventory) - Number(a.reducesInventory) || levelOf(a.slot) - levelOf(b.slot);

const levelOf = (slot: string): number => parseSlotKey(slot)?.level ?? 0;
