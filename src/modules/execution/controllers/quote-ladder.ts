import type { TargetQuote, Touch } from '../../../domain/quote';
import { slotKey } from '../../../domain/slot';
import type { Lots, QuoteSide, Ticks } from '../../../domain/units';
import { ceilTick, clamp, floorTick } from './rounding';

export const quoteSides: readonly QuoteSide[] = ['bid', 'ask'];

export type PerSide = Readonly<Record<QuoteSide, number>>;

/** Basis points of the reference price; quantity in fractional lots. */
export interface LadderPlan {
  readonly halfSpreadBps: PerSide;
  /** No quote rests closer to the reference than this. */
  readonly minimumOffsetBps: number;
  readonly priceSkew: number;
  readonly sizeSkew: number;
  readonly maxShiftRatio: number;
  readonly levels: number;
  readonly levelSpacingBps: number;
  readonly quantityLots: number;
  readonly marginTicks: number;
}

export interface LadderView {
  /** Fractional ticks. */
  readonly reference: number;
  /** −1 is fully short of the target, 1 fully long. */
  readonly lean: number;
  readonly touch: Touch;
}

/** One level before limits and rounding of its quantity. Quantity in fractional lots, not negative. */
export interface RawQuote {
  readonly slot: string;
  readonly side: QuoteSide;
  readonly level: number;
  readonly priceTicks: Ticks;
  readonly quantityLots: number;
  readonly isClamped: boolean;
}

/** How far inventory moves both prices, in bps: positive moves them down, so we buy later and sell sooner. */
export function shiftBps(plan: LadderPlan, lean: number): number {
  const halfSpread = (plan.halfSpreadBps.bid + plan.halfSpreadBps.ask) / 2;
  const most = plan.maxShiftRatio * halfSpread;
  return clamp(lean * plan.priceSkew * halfSpread, -most, most);
}

/** The quotes of one side from the inner level outwards: strictly ordered, away from the touch, on the tick. */
export function quoteLadder(plan: LadderPlan, view: LadderView, side: QuoteSide): readonly RawQuote[] {
  const offset = offsetBps(plan, side, view.lean);
  const quantityLots = plan.quantityLots * roomOf(side, plan.sizeSkew * view.lean);
  const quotes: RawQuote[] = [];
  let inner: Ticks | undefined;
  for (let level = 0; level < plan.levels; level += 1) {
    const wanted = awayFrom(side, view.reference, offset + level * plan.levelSpacingBps);
    const resting = clampToTouch(side, wanted, view.touch, plan.marginTicks);
    const priceTicks: Ticks = inner === undefined ? resting : separate(side, resting, inner);
    quotes.push({
      slot: slotKey(side, level),
      side,
      level,
      priceTicks,
      quantityLots,
      isClamped: resting !== wanted,
    });
    inner = priceTicks;
  }
  return quotes;
}

export const targetOf = (quote: RawQuote, quantityLots: Lots, lean: number): TargetQuote => ({
  slot: quote.slot,
  side: quote.side,
  priceTicks: quote.priceTicks,
  quantityLots,
  postOnly: true,
  reducesInventory: quote.side === 'bid' ? lean < 0 : lean > 0,
});

function offsetBps(plan: LadderPlan, side: QuoteSide, lean: number): number {
  const shift = shiftBps(plan, lean);
  return Math.max(plan.halfSpreadBps[side] + (side === 'bid' ? shift : -shift), plan.minimumOffsetBps);
}

/** Rounds away from the reference, so a quote is never tighter than asked. */
const awayFrom = (side: QuoteSide, reference: number, bps: number): Ticks =>
  side === 'bid' ? floorTick(reference * (1 - bps / 1e4)) : ceilTick(reference * (1 + bps / 1e4));

const clampToTouch = (side: QuoteSide, price: Ticks, touch: Touch, margin: Ticks): Ticks =>
  side === 'bid' ? Math.min(price, touch.ask - margin) : Math.max(price, touch.bid + margin);

const separate = (side: QuoteSide, price: Ticks, inner: Ticks): Ticks =>
  side === 'bid' ? Math.min(price, inner - 1) : Math.max(price, inner + 1);

/** Two-sided size skew: what one side gives up, the other may offer. */
const roomOf = (side: QuoteSide, skew: number): number => Math.max(0, side === 'bid' ? 1 - skew : 1 + skew);
