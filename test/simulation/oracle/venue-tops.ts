import type { DepthView, VenueCore } from '../../../src/venue-simulator/venue-types';

const levels = 20;
const kept = 100;
const idsOf = /"s":"(\w+)","U":\d+,"u":(\d+)/;

/** What stood at the top of the venue's own books when each depth frame left, by its last id. */
export class VenueTops {
  private readonly tops = new Map<string, Map<number, DepthView>>();

  constructor(private readonly core: VenueCore) {}

  /** A frame leaves at this very moment, so it covers everything that has happened. */
  left(text: string): void {
    const [, symbol, last] = idsOf.exec(text) ?? [];
    if (symbol === undefined) return;
    const known = this.tops.get(symbol) ?? new Map<number, DepthView>();
    this.tops.set(symbol, known);
    known.set(Number(last), this.core.depth(symbol, levels));
    if (known.size > kept) known.delete(known.keys().next().value!);
  }

  at(symbol: string, lastId: number): DepthView | undefined {
    return this.tops.get(symbol)?.get(lastId);
  }
}
