import { statusOf } from '../../src/domain/order';
import type { Report } from '../../src/domain/order';
import { gateOrder } from '../../src/modules/execution/connectors/parse-gate-account';
import { applyReport } from '../../src/modules/execution/trackers/apply-report';
import { endOf, newOrder, refusalOf } from '../../src/modules/execution/trackers/order-facts';

const row = {
  ...{ id: '17', text: 't-mq9600079dwsfn00000c6r', currency_pair: 'ETH_USDT', side: 'sell', type: 'limit' },
  ...{ amount: '0.3394', left: '0.3394', price: '3091.83', time_in_force: 'poc', update_time_ms: 1 },
} as const;
const stamp = { at: 5, atMs: 5 };

function ordered(...reports: readonly Report[]): {
  readonly word: string;
  readonly effects: readonly string[];
} {
  let order = newOrder(
    {
      ...{ clientOrderId: 'mq9600079dwsfn00000c6r', strategyId: 's', accountId: 'a', venue: 'gate' },
      ...{ instrument: 'ETH/USDT', slotKey: 'ask-0', side: 'sell', price: 309_183, quantity: 3_394 },
      ...{ type: 'limit', timeInForce: 'postOnly', epoch: 1 },
    },
    0,
  );
  const effects: string[] = [];
  for (const report of reports) {
    const joined = applyReport(order, report);
    order = joined.order;
    effects.push(...joined.effects);
  }
  return { word: statusOf(order), effects };
}

/**
 * Found by the simulation at Gate: a post-only order that would take is taken there and ended at once. Its answer was
 * read as a refusal, a proof that it never lived, and the first word of it on the stream, which the answer had overtaken,
 * then raised the dead: the strategy was halted and somebody paged, for an order that had ended as it should.
 */
it('takes a late first word of an order that has ended for old', () => {
  const answer = gateOrder({ ...row, status: 'cancelled', finish_as: 'poc' }, 'ETH/USDT', 'reply');
  const refused = {
    kind: 'rejected',
    code: 'POST_ONLY',
    venueCode: 'POST_ONLY',
    text: 'it would take',
  } as const;
  const first = gateOrder({ ...row, event: 'put', finish_as: 'open' }, 'ETH/USDT', 'ws-order');
  const last = gateOrder({ ...row, event: 'finish', finish_as: 'poc' }, 'ETH/USDT', 'ws-order');
  const seen = { kind: 'seen', ...stamp, filled: 0, venueOrderId: '17', source: 'ws-order' } as const;
  const end = endOf(last, 5)!;
  expect([answer.endReason, answer.status, first.status]).toEqual(['POST_ONLY', 'expired', 'open']);
  expect(ordered(refusalOf({ ...refused, venueOrderId: '17' }, stamp), seen, { ...seen, end })).toEqual({
    word: 'EXPIRED',
    effects: [],
  });
});
