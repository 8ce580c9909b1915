import { emptyHash, fold, goal } from '../case';
import type { Candidate, Case, Scale } from '../case';
import { depthStream } from '../streams/depth';
import { ccxtBook, flatBook, treeBook } from './books';
import type { Book } from './books';

const readEvery = 20;
const readDepth = 11;
const copyEvery = 1_000;

const makers = { ours: flatBook, ccxt: ccxtBook, tree: treeBook };

function candidate(make: () => Book, levels: number, copies: boolean) {
  return (scale: Scale, seed: number): Candidate => {
    const changes = scale === 'quick' ? 20_000 : 200_000;
    const stream = depthStream(levels, changes, seed);
    const book = make();
    return {
      pass() {
        let hash = emptyHash;
        const visit = (ticks: number, lots: number): void => {
          hash = fold(fold(hash, ticks), lots);
        };
        book.load(stream);
        for (let i = 0; i < changes; i += 1) {
          book.set(stream.side[i]!, stream.ticks[i]!, stream.lots[i]!);
          if (i % readEvery === 0) {
            book.top(1, readDepth, visit);
            book.top(-1, readDepth, visit);
          }
          if (copies && i % copyEvery === 0) book.copy(visit);
        }
        return { operations: changes, checksum: String(hash >>> 0) };
      },
    };
  };
}

function bookCase(id: string, levels: number, copies: boolean, goals: Case['goals']): Case {
  const candidates = Object.entries(makers).map(
    ([name, make]) => [name, candidate(make, levels, copies)] as const,
  );
  return {
    id,
    unit: 'change',
    goals,
    ...(copies ? { note: "ccxt's copy() copies every level, ours and the tree's reading the best 50." } : {}),
    candidates: Object.fromEntries(candidates),
  };
}

export const bookCases: readonly Case[] = [
  bookCase('book-1000-mixed', 1_000, true, [goal('P1', 'ccxt', 20), goal('P3', 'tree', 5)]),
  bookCase('book-100', 100, false, [goal('P2/100', 'ccxt', 3)]),
  bookCase('book-1000', 1_000, false, [goal('P2/1000', 'ccxt', 12)]),
  bookCase('book-5000', 5_000, false, [goal('P2/5000', 'ccxt', 30)]),
];
