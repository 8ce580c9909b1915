import { recordOf, textOf, tryParseVenueJson } from '../modules/execution/connectors/venue-json';

/** What a first pass learns about a capture: its symbols, the grid they are on, and how many snapshots it holds. */
export interface CaptureFacts {
  readonly symbols: readonly string[];
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly snapshots: number;
  readonly unreadable: number;
}

/** A line is `<local ns> <raw JSON>`; its JSON, or undefined when it holds none. */
export function frameOf(line: string): unknown {
  const space = line.indexOf(' ');
  return space < 0 ? undefined : tryParseVenueJson(line.slice(space + 1));
}

/** Collects the facts line by line. The grid is the finest decimal that occurs, so nothing in the file is rounded. */
export class CaptureScan {
  private readonly symbols = new Set<string>();
  private priceDecimals = 0;
  private quantityDecimals = 0;
  private snapshots = 0;
  private unreadable = 0;

  line(line: string): void {
    const outer = recordOf(frameOf(line));
    if (!outer) return void (this.unreadable += 1);
    const frame = recordOf(outer['data']) ?? outer;
    if (frame['lastUpdateId'] !== undefined) {
      this.snapshots += 1;
      this.levels(frame['bids']);
      this.levels(frame['asks']);
    } else if (frame['e'] === 'depthUpdate') {
      this.symbols.add(textOf(frame, 's') ?? '');
      this.levels(frame['b']);
      this.levels(frame['a']);
    }
  }

  facts(): CaptureFacts {
    const { priceDecimals, quantityDecimals, snapshots, unreadable } = this;
    return { symbols: [...this.symbols], priceDecimals, quantityDecimals, snapshots, unreadable };
  }

  private levels(levels: unknown): void {
    if (!Array.isArray(levels)) return;
    for (const level of levels as unknown[][]) {
      this.priceDecimals = Math.max(this.priceDecimals, decimalsOf(String(level[0])));
      this.quantityDecimals = Math.max(this.quantityDecimals, decimalsOf(String(level[1])));
    }
  }
}

/** `3` decimals are the step `0.001`. */
export const stepOf = (decimals: number): string => (decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`);

function decimalsOf(text: string): number {
  const fraction = text.split('.')[1] ?? '';
  return fraction.replace(/0+$/, '').length;
}
