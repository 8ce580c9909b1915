import { instrumentOf, orderOf } from '../../../../test/support/decisions';
import { LeftSize } from './left-size';

const rules = instrumentOf();
const order = orderOf({ quantity: 10, acknowledged: true });

it('remembers what traded away or was cancelled of an order that rested, for as long as a book may lag', () => {
  const left = new LeftSize();
  left.note(order, { ...order, maxFilled: 4 }, 1_000);
  left.note({ ...order, maxFilled: 4 }, { ...order, ended: { why: 'canceled', at: 0 } }, 1_100);
  expect(left.on(rules).map(({ quantity, at }) => [quantity, at])).toEqual([
    [4, 1_000],
    [6, 1_100],
  ]);
  left.note(order, { ...order, maxFilled: 1 }, 6_050);
  expect(left.on(rules).map(({ quantity }) => quantity)).toEqual([6, 1]);
});

it('takes no note of an order that never rested, nor of one that only changed its word', () => {
  const left = new LeftSize();
  left.note({ ...order, acknowledged: false }, { ...order, ended: { why: 'rejected', at: 0 } }, 1_000);
  left.note(order, { ...order, command: 'CANCEL_SENT' }, 1_000);
  expect(left.on(rules)).toEqual([]);
});
