import { DecimalGrid } from '../modules/execution/connectors/decimal-grid';
import { BinanceMarketParser } from '../modules/execution/connectors/parse-binance-market';
import type { MarketSymbol } from '../modules/execution/connectors/dialect';
import { integerOf, recordOf, requireText, textOf } from '../modules/execution/connectors/venue-json';
import type { JsonRecord } from '../modules/execution/connectors/venue-json';
import { frameOf, stepOf } from './capture-scan';
import type { CaptureFacts } from './capture-scan';
import { SymbolVerifier } from './symbol-verifier';
import type { SymbolReport } from './symbol-verifier';
import type { Best, Top } from './top-comparison';

const enoughPoints = 100;

/** Replays a capture through the product's parser and books. Bring every line in order, then ask for the reports. */
export class Verification {
  private readonly verifiers = new Map<string, SymbolVerifier>();
  private readonly parser: BinanceMarketParser;
  private readonly symbols: Map<string, MarketSymbol>;
  private readonly grids;

  constructor(private readonly facts: CaptureFacts) {
    this.grids = {
      price: new DecimalGrid(stepOf(facts.priceDecimals)),
      quantity: new DecimalGrid(stepOf(facts.quantityDecimals)),
    };
    this.symbols = new Map(facts.symbols.map((s) => [s, { instrument: s, grids: this.grids }]));
    for (const symbol of facts.symbols) this.verifiers.set(symbol, new SymbolVerifier(facts.snapshots));
    this.parser = new BinanceMarketParser((symbol) => this.symbols.get(symbol));
  }

  line(line: string): void {
    const json = frameOf(line);
    const outer = recordOf(json);
    if (!outer) return;
    const frame = recordOf(outer['data']) ?? outer;
    if (frame['lastUpdateId'] !== undefined) return this.snapshot(frame);
    if (isTicker(frame)) return this.ticker(frame);
    this.feed(this.parser.frame(json, { receivedAt: 0, generation: 1 }));
  }

  reports(): ReadonlyMap<string, SymbolReport> {
    return new Map([...this.verifiers].map(([symbol, verifier]) => [symbol, verifier.report()]));
  }

  /** A snapshot names no symbol unless its holder wrote one; with several symbols and no name it belongs to nobody. */
  private snapshot(frame: JsonRecord): void {
    const named = textOf(frame, 's') ?? textOf(frame, 'symbol');
    const symbol = this.symbols.get(named ?? (this.symbols.size === 1 ? this.facts.symbols[0]! : ''));
    if (symbol) this.feed(this.parser.snapshot(frame, symbol, { receivedAt: 0, generation: 1 }));
  }

  private feed(event: ReturnType<BinanceMarketParser['frame']>): void {
    if (event?.type === 'offGrid') this.verifiers.get(event.instrument)?.offGrid();
    if (event?.type === 'depth') this.verifiers.get(event.instrument)?.depth(event);
  }

  private ticker(frame: JsonRecord): void {
    const verifier = this.verifiers.get(requireText(frame, 's'));
    const id = integerOf(frame, 'u');
    if (!verifier || id === undefined) return;
    const top: Top = { bid: this.best(frame, 'b', 'B'), ask: this.best(frame, 'a', 'A') };
    verifier.ticker(id, top);
  }

  private best(frame: JsonRecord, price: string, quantity: string): Best | undefined {
    const lots = this.grids.quantity.units(requireText(frame, quantity));
    return lots === 0 ? undefined : { ticks: this.grids.price.units(requireText(frame, price)), lots };
  }
}

/** Why a report is a failure; empty when it proves the book right. */
export function failuresOf(report: SymbolReport): readonly string[] {
  const failures: string[] = [];
  if (report.mismatches.length > 0) failures.push(`${report.mismatches.length} listed mismatches`);
  if (report.crossed > 0) failures.push(`${report.crossed} crossed books`);
  if (report.fileGaps !== report.reportedGaps) {
    failures.push(`${report.fileGaps} gaps in the file, ${report.reportedGaps} reported by the book`);
  }
  if (report.compared < enoughPoints && report.joint >= enoughPoints) {
    failures.push(`only ${report.compared} of ${report.joint} points compared`);
  }
  return failures;
}

const isTicker = (frame: JsonRecord): boolean =>
  frame['e'] === 'bookTicker' ||
  (frame['e'] === undefined && frame['B'] !== undefined && frame['A'] !== undefined);
