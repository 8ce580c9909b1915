import BigNumber from 'bignumber.js';
import type { Fill } from '../domain/fill';
import type { FleetRow } from '../modules/dashboard/fleet-row';

const repeatMs = 60_000;
const longestName = 18;

/** Tells a person at the terminal what the fleet does: changes at once, what stays the same once a minute. */
export class Narrator {
  private readonly told = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private readonly words = new Map<string, string>();

  lines(rows: readonly FleetRow[], nowMs: number): readonly string[] {
    for (const { id, name } of rows) this.names.set(id, name);
    return rows.flatMap((row) => {
      const { word, key, text } = statusOf(row);
      const isChanged = this.words.get(row.id) !== word;
      this.words.set(row.id, word);
      if (!isChanged && row.state !== 'running') return []; // At rest: said once.
      const isTold = this.isDue(`${row.id} ${key}`, nowMs, isChanged && key === word);
      return isTold ? [line(nowMs, row.name, word, text)] : [];
    });
  }

  fill(fill: Fill, nowMs: number): string {
    const { strategyId, side, quantity, price, fee, feeAsset } = fill;
    const cost = fee === undefined ? 'fee not told yet' : `fee ${plain(fee)} ${feeAsset ?? ''}`;
    const name = this.names.get(strategyId) ?? strategyId;
    return line(nowMs, name, 'FILL', `${side} ${plain(quantity)} @ ${plain(price)}   ${cost}`);
  }

  private isDue(key: string, nowMs: number, isNews: boolean): boolean {
    const before = this.told.get(key);
    if (!isNews && before !== undefined && nowMs - before < repeatMs) return false;
    this.told.set(key, nowMs);
    return true;
  }
}

interface Status {
  readonly word: string;
  /** What counts as the same thing told again. */
  readonly key: string;
  readonly text: string;
}

function statusOf(row: FleetRow): Status {
  if (row.state !== 'running') {
    const word = row.state.toUpperCase();
    return { word, key: word, text: '' };
  }
  const isWhole = ({ effect, side }: FleetRow['reasons'][number]): boolean =>
    effect === 'block' && side === 'both';
  // Orders that may rest behind a cut connection are no quotes: what blocks both sides is said first.
  const blocked = row.reasons.find(isWhole);
  if (!blocked && row.quotes.length > 0) return { word: 'QUOTING', key: 'QUOTING', text: quotesText(row) };
  const reason = blocked ?? row.reasons.find(({ effect }) => effect === 'block') ?? row.reasons[0];
  if (!reason) return { word: 'WAITING', key: 'WAITING', text: 'no quote yet' };
  const { code, text, fix } = reason;
  return { word: 'BLOCKED', key: code, text: `${code}  ${text} ${fix}` };
}

function quotesText({ quotes, mid }: FleetRow): string {
  const best = (side: 'bid' | 'ask'): string | undefined => {
    const sign = side === 'bid' ? -1 : 1;
    const prices = quotes.filter((quote) => quote.side === side).map((quote) => quote.price);
    return prices.sort((a, b) => sign * (Number(a) - Number(b)))[0];
  };
  const [bid, ask] = [best('bid'), best('ask')];
  const width = ((Number(ask) - Number(bid)) / Number(mid)) * 10_000;
  const spread = Number.isFinite(width) ? `   (${width.toFixed(1)} bps)` : '';
  return `bid ${bid ?? '–'}   ask ${ask ?? '–'}${spread}`;
}

const plain = (decimal: string): string => new BigNumber(decimal).toFixed();

const line = (atMs: number, name: string, word: string, text: string): string =>
  `${clock(atMs)}  ${name.slice(0, longestName).padEnd(10)} ${word.padEnd(9)} ${text}`.trimEnd();

/** The local time of day. */
function clock(atMs: number): string {
  const at = new Date(atMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
