import BigNumber from 'bignumber.js';
import type { Dec } from '../../../domain/units';
import { endedMemoryMax } from '../common/constants';

/** Orders with fills that are remembered: far more than those in memory, because a database may be set back further. */
const remembered = 4 * endedMemoryMax;

/**
 * How much of each order's fills was told as news. It outlives the order in memory: a database that was set back has
 * lost fills booked again, also of orders that had ended and were forgotten, and nobody may count them twice.
 */
export class ToldFills {
  private readonly told = new Map<string, Dec>();

  /** What the Store's sum of an order adds to what was told of it and to what is `counted` without; decimals. */
  news(clientOrderId: string, sum: Dec, counted: BigNumber.Value): Dec {
    const known = BigNumber.max(this.told.get(clientOrderId) ?? 0, counted);
    if (known.gte(sum)) return '0';
    this.told.delete(clientOrderId); // It moves to the newest.
    this.told.set(clientOrderId, sum);
    if (this.told.size > remembered) this.told.delete(this.told.keys().next().value!);
    return new BigNumber(sum).minus(known).toFixed();
  }
}
