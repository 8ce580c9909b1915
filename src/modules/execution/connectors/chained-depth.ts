import type { VenueId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { VenueEvent } from '../../../domain/venue-event';
import { BookChains } from './book-chain';
import type { ChainFrame } from './book-chain';
import type { FrameStamp, MarketSymbol } from './dialect';
import { LevelBuffer } from './level-buffer';

export interface DepthFrame extends ChainFrame {
  readonly bids: readonly unknown[];
  readonly asks: readonly unknown[];
  readonly venueTime: Ms | undefined;
}

const none: readonly unknown[] = [];

/** Depth frames of chained books as events. The level buffers are reused: an event is read on the stack. */
export class ChainedDepth {
  readonly chains: BookChains;
  private readonly bids = new LevelBuffer();
  private readonly asks = new LevelBuffer();

  constructor(
    private readonly venue: VenueId,
    mayStepBack: boolean,
  ) {
    this.chains = new BookChains(mayStepBack);
  }

  emit(frame: DepthFrame, symbol: MarketSymbol, stamp: FrameStamp, sink: (event: VenueEvent) => void): void {
    const { gapAt, range } = this.chains.step(symbol.instrument, frame);
    if (gapAt !== undefined) {
      this.fill(none, none, symbol);
      sink(this.event(symbol, stamp, { snapshot: false, firstId: gapAt, lastId: gapAt }, frame.venueTime));
    }
    if (!range) return;
    const problem = this.fill(frame.bids, frame.asks, symbol);
    if (problem === undefined) return sink(this.event(symbol, stamp, range, frame.venueTime));
    const { venue } = this;
    sink({ type: 'offGrid', venue, ...stamp, instrument: symbol.instrument, detail: problem });
  }

  private fill(
    bids: readonly unknown[],
    asks: readonly unknown[],
    { grids }: MarketSymbol,
  ): string | undefined {
    return this.bids.fill(bids, grids) ?? this.asks.fill(asks, grids);
  }

  /** Field by field, because it is made for every frame. */
  private event(
    symbol: MarketSymbol,
    stamp: FrameStamp,
    range: { readonly snapshot: boolean; readonly firstId: number; readonly lastId: number },
    venueTime: Ms | undefined,
  ): VenueEvent {
    return {
      type: 'depth',
      venue: this.venue,
      receivedAt: stamp.receivedAt,
      generation: stamp.generation,
      instrument: symbol.instrument,
      bids: this.bids,
      asks: this.asks,
      snapshot: range.snapshot,
      firstId: range.firstId,
      lastId: range.lastId,
      prevId: undefined,
      venueTime,
    };
  }
}
