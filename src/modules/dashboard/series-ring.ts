const most = 600;

export interface PricePoint {
  readonly t: number;
  readonly mid: string | null;
  readonly bid: number | null;
  readonly ask: number | null;
}

export interface FillPoint {
  readonly t: number;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
}

/** The last ten minutes at one point a second. */
export class SeriesRing {
  private readonly points: PricePoint[] = [];
  private readonly fills: FillPoint[] = [];

  addPoint(point: PricePoint): void {
    this.points.push(point);
    if (this.points.length > most) this.points.shift();
  }

  addFill(fill: FillPoint): void {
    this.fills.push(fill);
    if (this.fills.length > most) this.fills.shift();
  }

  view(): { readonly points: readonly PricePoint[]; readonly fills: readonly FillPoint[] } {
    const since = this.points[0]?.t ?? 0;
    return { points: [...this.points], fills: this.fills.filter((fill) => fill.t >= since) };
  }
}
