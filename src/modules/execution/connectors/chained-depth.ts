import type { VenueId } from '../../../domain/instrument';
import type { Ms } from '../../../domain/units';
import type { VenueEvent } from '../../../domain/venue-event';
import { BookChains } from './book-chain';
import type { ChainFrame } from './book-chain';
import type { DepthFrame, FrameStamp, MarketSymbol } from './dialect';
import { LevelBuffer } from './level-buffer';

/** The numbers of one frame and its levels, `[[price, quantity, …], …]`, as JSON has them. */
export interface DepthRow extends ChainFrame {
  readonly venueTime: Ms | undefined;
  readonly bids: readonly unknown[];
  readonly asks: readonly unknown[];
}

const nothing = new LevelBuffer();

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

  /** Throws where a level is none. */
  read({ isSnapshot, previous, last, venueTime, ...sides }: DepthRow, symbol: MarketSymbol): DepthFrame {
    const { bids, asks } = this;
    const problem = bids.fill(sides.bids, symbol.grids) ?? asks.fill(sides.asks, symbol.grids);
    return { symbol, isSnapshot, previous, last, venueTime, bids, asks, prevId: undefined, problem };
  }

  emit(frame: DepthFrame, stamp: FrameStamp, sink: (event: VenueEvent) => void): void {
    const { symbol, venueTime, problem } = frame;
    const { gapAt, range } = this.chains.step(symbol.instrument, frame);
    if (gapAt !== undefined) {
      const gap = { snapshot: false, firstId: gapAt, lastId: gapAt };
      sink(this.event({ symbol, venueTime, bids: nothing, asks: nothing }, stamp, gap));
    }
    if (!range) return;
    if (problem === undefined) return sink(this.event(frame, stamp, range));
    const { venue } = this;
    sink({ type: 'offGrid', venue, ...stamp, instrument: symbol.instrument, detail: problem });
  }

  /** Field by field, because it is made for every frame. */
  private event(
    frame: Pick<DepthFrame, 'symbol' | 'venueTime' | 'bids' | 'asks'>,
    stamp: FrameStamp,
    range: { readonly snapshot: boolean; readonly firstId: number; readonly lastId: number },
  ): VenueEvent {
    return {
      type: 'depth',
      venue: this.venue,
      receivedAt: stamp.receivedAt,
      generation: stamp.generation,
      instrument: frame.symbol.instrument,
      bids: frame.bids,
      asks: frame.asks,
      snapshot: range.snapshot,
      firstId: range.firstId,
      lastId: range.lastId,
      prevId: undefined,
      venueTime: frame.venueTime,
    };
  }
}
