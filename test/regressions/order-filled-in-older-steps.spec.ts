import { lotsOf } from '../../src/modules/execution/trackers/order-facts';
import { instrumentOf } from '../support/decisions';

/**
 * Found by the simulation: after a venue had made its step coarser, an older order of somebody else took a part of ours in
 * the finer step. What was filled rounded up to all of it, and the rest stayed at the venue with nobody to cancel it.
 */
it('does not take an order for filled while a part of a step is left', () => {
  const rules = instrumentOf({ lotSize: '0.001' });
  expect([lotsOf(rules, '0.9999'), lotsOf(rules, '1')]).toEqual([999, 1_000]);
});
