import { remainingOf } from '../../../domain/order';
import type { ClientOrder } from '../../../domain/order';
import type { Instrument } from '../../../domain/instrument';
import type { Mono } from '../../../domain/units';
import { bookAgeMaxMs } from '../common/constants';
import type { RestingOrder } from './tracked-book';

/** Size of an own order that is known to have gone. */
export interface Left extends RestingOrder, Pick<ClientOrder, 'venue' | 'instrument'> {
  /** When we learned of it. */
  readonly at: Mono;
}

/**
 * Own size that traded away or was cancelled a moment ago. A book that has not changed since still shows it, where it
 * would pass for somebody else's.
 */
export class LeftSize {
  private latest: readonly Left[] = [];

  note(before: ClientOrder, after: ClientOrder, at: Mono): void {
    const lots = remainingOf(before) - remainingOf(after);
    if (lots <= 0 || !before.acknowledged) return;
    const { venue, instrument, side, price } = after;
    const left: Left = { venue, instrument, side, price, quantity: lots, maxFilled: 0, at };
    this.latest = [...this.latest.filter((one) => at - one.at < bookAgeMaxMs), left];
  }

  on({ venue, id }: Pick<Instrument, 'venue' | 'id'>): readonly Left[] {
    if (this.latest.length === 0) return this.latest;
    return this.latest.filter((left) => left.venue === venue && left.instrument === id);
  }
}
