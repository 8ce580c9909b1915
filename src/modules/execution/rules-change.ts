import type { InstrumentRules } from '../../domain/instrument';

/** `inPlace`: resting orders stay legal. `reopen`: quotes are pulled, and nothing is placed before all have ended. */
export type RulesChange = 'none' | 'inPlace' | 'reopen';

const reopening = ['tickSize', 'lotSize', 'minQuantity', 'minNotional'] as const;
const words: Readonly<Record<(typeof reopening)[number], string>> = {
  tickSize: 'tick',
  lotSize: 'step',
  minQuantity: 'minimum quantity',
  minNotional: 'minimum value',
};

/** What it takes to go from these rules to those. */
export function rulesChange(before: InstrumentRules, after: InstrumentRules): RulesChange {
  if (before === after) return 'none';
  if (reopening.some((field) => before[field] !== after[field])) return 'reopen';
  const isSame =
    before.status === after.status &&
    before.maxQuantity === after.maxQuantity &&
    before.maxOpenOrders === after.maxOpenOrders &&
    JSON.stringify(before.percentPrice) === JSON.stringify(after.percentPrice);
  return isSame ? 'none' : 'inPlace';
}

/** The steps and minimums that differ, in words: `tick 0.01 to 0.001`. */
export const describeChange = (before: InstrumentRules, after: InstrumentRules): string =>
  reopening
    .filter((field) => before[field] !== after[field])
    .map((field) => `${words[field]} ${before[field]} to ${after[field]}`)
    .join(', ');
