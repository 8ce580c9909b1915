import type { InstrumentRules } from '../../domain/instrument';
import { rules } from '../../../test/support/decisions';
import { describeChange, rulesChange } from './rules-change';

const band = { bid: { down: 0.2, up: 5 }, ask: { down: 0.2, up: 5 } };

it.each<[string, Partial<InstrumentRules>, string, string]>([
  ['nothing', {}, 'none', ''],
  ['the tick', { tickSize: '0.1' }, 'reopen', 'tick 0.01 to 0.1'],
  ['the step', { lotSize: '0.01' }, 'reopen', 'step 0.001 to 0.01'],
  ['the minimum quantity', { minQuantity: '1' }, 'reopen', 'minimum quantity 0.001 to 1'],
  ['the minimum value', { minNotional: '5' }, 'reopen', 'minimum value 0 to 5'],
  ['two of them', { tickSize: '1', minNotional: '5' }, 'reopen', 'tick 0.01 to 1, minimum value 0 to 5'],
  ['a step and the status', { lotSize: '1', status: 'halted' }, 'reopen', 'step 0.001 to 1'],
  ['the status', { status: 'cancel_only' }, 'inPlace', ''],
  ['the maximum', { maxQuantity: '1' }, 'inPlace', ''],
  ['the number of orders', { maxOpenOrders: 5 }, 'inPlace', ''],
  ['the price band', { percentPrice: band }, 'inPlace', ''],
])('a change of %s', (_what, change, kind, words) => {
  const after = { ...rules, ...change };
  expect(rulesChange(rules, after)).toBe(kind);
  expect(describeChange(rules, after)).toBe(words);
});
