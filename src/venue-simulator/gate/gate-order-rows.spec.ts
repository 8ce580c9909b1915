import type { VenueOrder } from '../venue-types';
import { finishAs, shownText } from './gate-order-rows';

test.each([
  ['NEW', 'GTC', 'open'],
  ['PARTIALLY_FILLED', 'GTC', 'open'],
  ['FILLED', 'IOC', 'filled'],
  ['CANCELED', 'POST_ONLY', 'cancelled'],
  ['EXPIRED', 'IOC', 'ioc'],
  ['EXPIRED', 'FOK', 'fok'],
  ['EXPIRED', 'POST_ONLY', 'poc'],
  ['EXPIRED', 'GTC', 'unknown'],
  ['EXPIRED_IN_MATCH', 'GTC', 'stp'],
  ['REJECTED', 'GTC', 'unknown'],
] as const)('%s with %s ends as %s', (status, timeInForce, expected) => {
  expect(finishAs({ status, timeInForce } as VenueOrder)).toBe(expected);
});

test('only a text of the client is shown', () => {
  expect(['t-mine', 'apiv4/1/2', 'of another dialect'].map(shownText)).toEqual(['t-mine', 'apiv4', 'apiv4']);
});
