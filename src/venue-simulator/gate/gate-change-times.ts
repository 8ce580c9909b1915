import type { Ms } from '../../domain/units';
import type { VenueCore } from '../venue-types';

/** When each book and each account last changed. */
export class ChangeTimes {
  private readonly books = new Map<string, Ms>();
  private readonly accounts = new Map<string, Ms>();
  readonly stop: () => void;

  constructor(
    core: VenueCore,
    private readonly startedAt: Ms,
  ) {
    this.stop = core.onEvent(
      (event) => {
        if (event.type === 'depth') this.books.set(event.symbol, event.at);
        else if (event.type === 'balance') this.accounts.set(event.account, event.at);
      },
      ['depth', 'balance'],
    );
  }

  ofBook(symbol: string): Ms {
    return this.books.get(symbol) ?? this.startedAt;
  }

  ofAccount(account: string): Ms {
    return this.accounts.get(account) ?? this.startedAt;
  }
}
