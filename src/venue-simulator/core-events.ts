import type { Lots, Ms, Side, Ticks } from '../domain/units';
import type { Purses } from './accounts';
import type { MarketState, PublicTrade } from './market-state';
import { Outbox } from './outbox';
import type { CoreEvent, Movement, OwnTrade, VenueOrder } from './venue-types';

type OrderEvent = Extract<CoreEvent, { type: 'order' }>;

export interface EventParts {
  readonly now: () => Ms;
  readonly purses: Purses;
  /** Asked before anyone hears of the events of a command; without it nothing is kept. */
  readonly keep: ((events: readonly CoreEvent[]) => void) | undefined;
}

/** What a command of the core did, said in order once it is done. Values are copied, never shared. */
export class CoreEvents {
  private readonly outbox: Outbox;

  constructor(private readonly parts: EventParts) {
    this.outbox = new Outbox(parts.keep);
  }

  subscribe: Outbox['subscribe'] = (...asked) => this.outbox.subscribe(...asked);

  flush(): void {
    this.outbox.flush();
  }

  order(order: VenueOrder, execution: OrderEvent['execution'], trade?: OwnTrade): void {
    const type = 'order';
    const at = order.updatedAt;
    const copy = { ...order };
    this.outbox.add(
      trade ? { type, at, execution, order: copy, trade } : { type, at, execution, order: copy },
    );
  }

  moved(account: string, moved: Movement): void {
    const { purses, now } = this.parts;
    const balances = purses.list(account, [moved.asset]);
    this.outbox.add({ type: 'balance', at: now(), account, balances, moved });
  }

  /** Both assets of the order's market. */
  balance(state: MarketState, order: VenueOrder): void {
    const { account, updatedAt: at } = order;
    const { base, quote } = state.market;
    this.outbox.add({
      type: 'balance',
      at,
      account,
      balances: this.parts.purses.list(account, [base, quote]),
    });
  }

  /** One level now shows this quantity; it takes the next update id of its market. */
  depth(state: MarketState, side: Side, price: Ticks, quantity: Lots): void {
    state.updateId += 1;
    const { updateId, market } = state;
    const at = this.parts.now();
    this.outbox.add({ type: 'depth', at, symbol: market.symbol, updateId, side, price, quantity });
  }

  trade(state: MarketState, event: PublicTrade): void {
    state.keepTrade(event);
    this.outbox.add(event);
  }
}
