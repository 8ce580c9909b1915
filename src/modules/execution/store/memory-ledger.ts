import BigNumber from 'bignumber.js';
import type { Ms } from '../../../domain/units';
import { plain } from './ledger';
import type { Balance, Settled, Transfer, TransferLine, TransferResult } from './types';

interface Row {
  readonly holder: string;
  readonly asset: string;
  readonly total: BigNumber;
  readonly reserved: BigNumber;
  /** What was last said of it; a row is replaced when a figure changes. */
  said?: Balance;
}

/** A posting as the books keep it. */
export interface Posting extends TransferLine {
  readonly key: string;
  readonly kind: string;
  readonly at: Ms;
}

/** Postings and running balances in memory. Every method happens at once. */
export class MemoryLedger {
  /** By holder and asset. */
  private readonly rows = new Map<string, Map<string, Row>>();
  private readonly byKey = new Map<string, readonly Posting[]>();

  constructor(private readonly now: () => Ms) {}

  post(key: string, kind: string, lines: readonly TransferLine[]): void {
    const postings: Posting[] = [];
    const at = Math.floor(this.now());
    for (const { holder, asset, quantity } of lines) {
      const change = new BigNumber(quantity);
      const row = this.row(holder, asset);
      this.put({ holder, asset, total: row.total.plus(change), reserved: row.reserved });
      if (!change.isZero()) postings.push({ key, kind, at, holder, asset, quantity: plain(change) });
    }
    if (postings.length > 0) this.byKey.set(key, postings);
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
    const { total, reserved } = this.row(holder, asset);
    this.put({ holder, asset, total, reserved: reserved.minus(quantity) });
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
    const ordered = holders.length === 1 ? holders : [...new Set(holders)].sort();
    return ordered.flatMap((holder) => {
      const rows = [...(this.rows.get(holder)?.values() ?? [])];
      return rows.sort((a, b) => compare(a.asset, b.asset)).map(balanceOf);
    });
  }

  postings(): readonly Posting[] {
    return [...this.byKey.values()].flat();
  }

  settled(accountId: string): Settled {
    const unexplainedAt: Record<string, Ms> = {};
    for (const lines of this.byKey.values())
      for (const { kind, holder, asset, at } of lines)
        if (kind === 'external' && holder === `unexplained:${accountId}`) unexplainedAt[asset] = at;
    return { openedAt: this.byKey.get(`external:opening:${accountId}`)?.[0]?.at, unexplainedAt };
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
    const row = this.rows.get(holder)?.get(asset);
    return row ? row.total.minus(row.reserved) : new BigNumber(0);
  }

  private row(holder: string, asset: string): Row {
    return this.rows.get(holder)?.get(asset) ?? { holder, asset, total: nothing, reserved: nothing };
  }

  private put(row: Row): void {
    const assets = this.rows.get(row.holder);
    if (assets) assets.set(row.asset, row);
    else this.rows.set(row.holder, new Map([[row.asset, row]]));
  }
}

const nothing = new BigNumber(0);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const balanceOf = (row: Row): Balance =>
  (row.said ??= {
    holder: row.holder,
    asset: row.asset,
    total: plain(row.total),
    reserved: plain(row.reserved),
  });

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
