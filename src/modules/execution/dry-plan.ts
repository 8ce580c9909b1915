import BigNumber from 'bignumber.js';
import type { Instrument } from '../../domain/instrument';
import type { Decision, StrategyView, TargetQuote, Trace } from '../../domain/quote';
import type { Reason } from '../../domain/reason';
import { renderReason } from '../../domain/reasons';
import { orderSideOf } from '../../domain/units';
import type { Dec } from '../../domain/units';
import type { MarketMakingConfig } from './controllers/market-making.config';
import { decide } from './controllers/market-making.controller';
import { fit } from './risk/admit';
import { holdPerLot } from './risk/funds';
import type { Batch, RiskView } from './risk/risk-view';
import type { PlanView } from './types';

export interface DryPlanInput {
  readonly view: StrategyView;
  readonly config: MarketMakingConfig;
  readonly risk: RiskView;
  readonly session: Pick<Batch, 'strategyId' | 'accountId' | 'venue' | 'epoch'>;
}

/** What the first tick would do, and what would be missing, by the same code; stores and sends nothing. */
export function dryPlan({ view, config, risk, session }: DryPlanInput): PlanView {
  const { instrument } = view;
  const decision = decide(view, config);
  const fitted = fit({ ...session, instrument, places: decision.targets }, risk);
  const reference = decision.trace.referenceTicks;
  const resting = fitted.targets.length;
  const reasons = [...decision.reasons, ...fitted.reasons];
  const blockers = reasons.filter((reason) => isBlocker({ reason, view, decision, resting }));
  const hints = reasons
    .filter((reason) => !blockers.includes(reason) && reason.effect !== 'info')
    .map((reason) => `${reason.code} ${reason.slot ?? reason.side}`);
  const feeRoundTripBps = 2 * instrument.rules.makerFeeBps;
  return {
    reference:
      reference === undefined ? undefined : { price: priceOf(instrument, reference), asOf: view.nowMs },
    quotes: fitted.targets.map((quote) => quoteView(instrument, quote, decision.trace)),
    feeRoundTripBps,
    breakEvenSpreadBps: Math.max(0, feeRoundTripBps),
    quotedSpreadBps: quotedSpreadBps(fitted.targets, reference),
    required: requiredFor(instrument, wantedOf(decision)),
    blockers: blockers.map((reason) => blockerOf(reason, config)),
    warnings: [...warningsOf(config, instrument, fitted.targets), ...hints],
  };
}

const priceOf = (instrument: Instrument, ticks: number): Dec =>
  new BigNumber(instrument.rules.tickSize).times(ticks.toFixed(6)).toFixed();

function quoteView(instrument: Instrument, quote: TargetQuote, trace: Trace): PlanView['quotes'][number] {
  const { slot, side, priceTicks, quantityLots } = quote;
  const unskewed = trace.unskewed.find((other) => other.slot === slot)?.priceTicks ?? priceTicks;
  return {
    slot,
    side,
    price: instrument.price(priceTicks),
    unskewedPrice: instrument.price(unskewed),
    quantity: instrument.quantity(quantityLots),
    notionalQuote: instrument.notional(priceTicks, quantityLots),
    distanceBps: distanceBps(priceTicks, trace.referenceTicks ?? priceTicks),
  };
}

const distanceBps = (price: number, reference: number): number =>
  Math.round((Math.abs(price - reference) / reference) * 1e6) / 100;

function quotedSpreadBps(targets: readonly TargetQuote[], reference: number | undefined): number | undefined {
  const prices = (side: TargetQuote['side']): number[] =>
    targets.filter((quote) => quote.side === side).map((quote) => quote.priceTicks);
  const bids = prices('bid');
  const asks = prices('ask');
  if (reference === undefined || bids.length === 0 || asks.length === 0) return undefined;
  return Math.round(((Math.min(...asks) - Math.max(...bids)) / reference) * 1e6) / 100;
}

/** The quotes as they would be if there were enough to sell; a shortage of quote is found later, by risk. */
function wantedOf({ targets, reasons, trace }: Decision): readonly TargetQuote[] {
  const short = new Set(
    reasons.flatMap(({ code, slot }) => (code === 'INSUFFICIENT_BASE' && slot ? [slot] : [])),
  );
  return [
    ...targets.filter((quote) => !short.has(quote.slot)),
    ...trace.unskewed.filter((quote) => short.has(quote.slot)),
  ];
}

/** What all wanted quotes hold together, before they are trimmed to what is free. */
function requiredFor(instrument: Instrument, targets: readonly TargetQuote[]): PlanView['required'] {
  const held = (side: TargetQuote['side']): BigNumber =>
    targets
      .filter((quote) => quote.side === side)
      .reduce((sum, quote) => {
        const perLot = holdPerLot(instrument, orderSideOf(side), quote.priceTicks);
        return sum.plus(new BigNumber(perLot.toPrecision(15)).times(quote.quantityLots));
      }, new BigNumber(0))
      .times(instrument.rules.lotSize);
  return { base: held('ask').toFixed(), quote: held('bid').times(instrument.rules.tickSize).toFixed() };
}

/** What passes by itself blocks too: the caller decides which of the codes refuse a start. */
function isBlocker({ reason, view, decision, resting }: Judged): boolean {
  if (reason.effect === 'block') return true;
  if (reason.code.startsWith('INSUFFICIENT_')) return resting === 0;
  if (!sizeCodes.has(reason.code)) return false;
  // A size that only the present lean makes too small says nothing about the configuration.
  const even = decision.trace.unskewed.find((quote) => quote.slot === reason.slot);
  if (!even || !reason.code.startsWith('BELOW_MIN_')) return true;
  return even.quantityLots < view.instrument.minLotsAt(even.priceTicks);
}

interface Judged {
  readonly reason: Reason;
  readonly view: StrategyView;
  readonly decision: Decision;
  /** How many quotes would rest. */
  readonly resting: number;
}

const sizeCodes: ReadonlySet<string> = new Set([
  'BELOW_MIN_NOTIONAL',
  'BELOW_MIN_QUANTITY',
  'ABOVE_MAX_QUANTITY',
  'PRICE_INVALID',
  'PRICE_COLLAR',
  'ORDER_NOTIONAL_LIMIT',
]);

function blockerOf(reason: Reason, config: MarketMakingConfig): PlanView['blockers'][number] {
  const { text, fix } = renderReason(reason);
  const detail = reason.slot === undefined ? text : `${reason.slot}: ${text}`;
  return { code: reason.code, pointer: pointerOf(reason, config), detail, fix };
}

function pointerOf(reason: Reason, config: MarketMakingConfig): string {
  if (reason.code.startsWith('INSUFFICIENT_')) return '/allocation';
  if (reason.code.startsWith('PRICE_')) return '/config/levelSpacingBps';
  if (!sizeCodes.has(reason.code)) return '';
  return config.orderQuantityBase === null ? '/config/orderNotionalQuote' : '/config/orderQuantityBase';
}

function warningsOf(
  config: MarketMakingConfig,
  instrument: Instrument,
  targets: readonly TargetQuote[],
): readonly string[] {
  const warnings: string[] = [];
  const fee = Math.max(0, instrument.rules.makerFeeBps);
  if (Math.min(config.bidSpreadBps, config.askSpreadBps) < fee) warnings.push('SPREAD_BELOW_COST');
  const sides = new Set(targets.map((quote) => quote.side));
  if (sides.size === 1) warnings.push('ONE_SIDED_BALANCE');
  return warnings;
}
