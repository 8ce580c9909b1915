import 'reflect-metadata';
import { createValidationPipe } from '../../src/http/validation';
import { TradeDto } from '../../src/modules/risk/order-commands.dto';

const checked = (at: string): Promise<unknown> =>
  createValidationPipe().transform(
    { tradeId: '1', price: '1', quantity: '1', at },
    { type: 'body', metatype: TradeDto },
  ) as Promise<unknown>;

/** Valid ISO 8601, and `Date.parse` makes NaN of it: a trade shown by a person had no time then. */
it.each(['2026-W05-1', '2026-050', '20261128T100000Z', '2026-11-28T10Z', '2026-11-28T10:00:00,5Z'])(
  'refuses %s as the time of a trade',
  async (at) => {
    await expect(checked(at)).rejects.toThrow('OUT_OF_RANGE');
  },
);

it.each(['2026-11-28T10:00:00Z', '2026-11-28T10:00:00.123+02:00'])('takes %s', async (at) => {
  await expect(checked(at)).resolves.toMatchObject({ at });
  expect(Date.parse(at)).toBeGreaterThan(0);
});
