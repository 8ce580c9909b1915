import BigNumber from 'bignumber.js';
import { plain } from './ledger';
import type { Balance, Transfer, TransferLine, TransferResult } from './types';

interface Row {
  readonly holder: string;
  readonly asset: string;
  total: BigNumber;
  reserved: BigNumber;
}

/** A posting as the books keep it. */
export interface Posting extends TransferLine {
  readonly key: string;
  readonly kind: string;
}

/** Postings and running balances in memory. Every method happens at once. */
export class MemoryLedger {
  private readonly rows = new Map<string, Row>();
  private readonly byKey = new Map<string, readonly Posting[]>();

  post(key: string, kind: string, lines: readonly TransferLine[]): void {
    for (const line of lines) {
      const row = this.row(line.holder, line.asset);
      row.total = row.total.plus(line.quantity);
    }
    const moved = movedIn(lines);
    if (moved.length > 0) {
      this.byKey.set(
        key,
        moved.map((line) => ({ key, kind, ...line })),
      );
    }
  }

  /** Reserves what is needed of each asset, or nothing and says what is short. */
  reserve(holder: string, needs: ReadonlyMap<string, BigNumber>): string | undefined {
    for (const [asset, need] of needs) {
      if (this.free(holder, asset).lt(need)) return `${plain(need)} ${asset} needed`;
    }
    for (const [asset, need] of needs) this.release(holder, asset, need.negated());
    return undefined;
  }

  release(holder: string, asset: string, quantity: BigNumber): void {
    const row = this.row(holder, asset);
    row.reserved = row.reserved.minus(quantity);
  }

  transfer({ key, kind, lines, guarded }: Transfer): TransferResult {
    const moved = movedIn(lines);
    const holders = moved.map((line) => line.holder);
    const before = this.byKey.get(key);
    if (before && !isSame(before, moved)) {
      return { kind: 'conflict', detail: `key ${key} was used with other lines` };
    }
    if (before) return { kind: 'done', duplicate: true, balances: this.balances(holders) };
    const short = this.shortage(moved, guarded);
    if (short !== undefined) return { kind: 'insufficient', detail: short };
    this.post(key, kind, moved);
    return { kind: 'done', duplicate: false, balances: this.balances(holders) };
  }

  balances(holders: readonly string[]): readonly Balance[] {
    return [...this.rows.values()]
      .filter((row) => holders.includes(row.holder))
      .map(({ holder, asset, total, reserved }) => ({
        holder,
        asset,
        total: plain(total),
        reserved: plain(reserved),
      }))
      .sort((a, b) => compare(a.holder, b.holder) || compare(a.asset, b.asset));
  }

  postings(): readonly Posting[] {
    return [...this.byKey.values()].flat();
  }

  private shortage(lines: readonly TransferLine[], guarded: readonly string[]): string | undefined {
    const short: string[] = [];
    for (const { holder, asset } of distinct(lines)) {
      const mine = lines.filter((line) => line.holder === holder && line.asset === asset);
      const sum = mine.reduce((total, line) => total.plus(line.quantity), new BigNumber(0));
      const free = this.free(holder, asset);
      if (sum.isNegative() && guarded.includes(holder) && free.plus(sum).isNegative()) {
        short.push(`${holder} has ${plain(free)} ${asset} free, ${plain(sum.negated())} needed`);
      }
    }
    return short.length > 0 ? short.join('; ') : undefined;
  }

  private free(holder: string, asset: string): BigNumber {
    const row = this.rows.get(`${holder}|${asset}`);
    return row ? row.total.minus(row.reserved) : new BigNumber(0);
  }

  private row(holder: string, asset: string): Row {
    const key = `${holder}|${asset}`;
    const row = this.rows.get(key) ?? { holder, asset, total: new BigNumber(0), reserved: new BigNumber(0) };
    this.rows.set(key, row);
    return row;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const movedIn = (lines: readonly TransferLine[]): readonly TransferLine[] =>
  lines
    .filter((line) => !new BigNumber(line.quantity).isZero())
    .map((line) => ({ ...line, quantity: plain(line.quantity) }));

const isSame = (a: readonly TransferLine[], b: readonly TransferLine[]): boolean =>
  a.length === b.length &&
  a.every((line, i) => {
    const other = b[i]!;
    return line.holder === other.holder && line.asset === other.asset && line.quantity === other.quantity;
  });

function distinct(lines: readonly TransferLine[]): readonly TransferLine[] {
  const first = new Map(lines.map((line) => [`${line.holder}|${line.asset}`, line]));
  return [...first.values()].sort((a, b) => compare(a.holder, b.holder) || compare(a.asset, b.asset));
}
