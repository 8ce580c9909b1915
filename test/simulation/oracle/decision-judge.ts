import type { Decision, StrategyView, TargetQuote } from '../../../src/domain/quote';
import type { MarketMakingConfig } from '../../../src/modules/execution/controllers/market-making.config';
import type { EngineParts } from '../../../src/modules/execution/engine-parts';
import type { Findings } from './findings';

type Decide = EngineParts['decide'];

/** Every so many decisions one is looked at. */
const decisionsApart = 16;
/** Share of the base by which the position is made larger. */
const more = 0.1;
/** Ticks that floating arithmetic may differ by. */
const slack = 1e-3;

/** Asks a sample of the decisions of an engine what they would have been with more base, and how they were rounded. */
export function watchDecisions(findings: Findings, decide: Decide): Decide {
  let made = 0;
  return (view, config) => {
    const decision = decide(view, config);
    made += 1;
    if (made % decisionsApart !== 0) return decision;
    judgeSkew(findings, decision, decide(withMoreBase(view), config));
    judgeRounding(findings, { decision, view, config });
    return decision;
  };
}

function withMoreBase(view: StrategyView): StrategyView {
  const { inventory } = view;
  const extra = inventory.baseLots * more;
  const baseLots = inventory.baseLots + extra;
  return { ...view, inventory: { ...inventory, baseLots, freeBaseLots: inventory.freeBaseLots + extra } };
}

/** `skewDirection`: more base never raises the bid price, the bid size or the ask price. */
function judgeSkew(findings: Findings, before: Decision, after: Decision): void {
  for (const quote of after.targets) {
    const was = before.targets.find(({ slot }) => slot === quote.slot);
    if (!was) continue;
    const isKept = quote.priceTicks <= was.priceTicks;
    const isNoLarger = quote.side === 'ask' || quote.quantityLots <= was.quantityLots;
    const says = (): string =>
      `${quote.slot}: ${was.quantityLots} at ${was.priceTicks} became ${quote.quantityLots} at ${quote.priceTicks} with more base`;
    findings.check('skewDirection', isKept && isNoLarger, says);
  }
}

/** I11: prices are whole ticks, rounded away from the reference: no quote is tighter than what was asked for. */
function judgeRounding(
  findings: Findings,
  {
    decision,
    view,
    config,
  }: { readonly decision: Decision; readonly view: StrategyView; readonly config: MarketMakingConfig },
): void {
  const [bid, ask] = [view.book.bids[0]?.[0], view.book.asks[0]?.[0]];
  const { shiftBps } = decision.trace;
  if (bid === undefined || ask === undefined) return;
  const reference = (bid + ask) / 2;
  const asked = (quote: TargetQuote): number =>
    quote.side === 'bid'
      ? reference * (1 - Math.max(0, config.bidSpreadBps + shiftBps) / 1e4)
      : reference * (1 + Math.max(0, config.askSpreadBps - shiftBps) / 1e4);
  for (const quote of decision.targets) {
    const isWide =
      quote.side === 'bid'
        ? quote.priceTicks <= asked(quote) + slack
        : quote.priceTicks >= asked(quote) - slack;
    const isLegal = isWide && Number.isInteger(quote.priceTicks) && Number.isInteger(quote.quantityLots);
    const says = (): string =>
      `${quote.slot} ${quote.quantityLots} at ${quote.priceTicks}, asked for ${asked(quote)} by ${reference}`;
    findings.check('I11', isLegal, says);
  }
}
