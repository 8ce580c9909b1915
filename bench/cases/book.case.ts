import { emptyHash, fold, goal } from '../case';
import type { Candidate, Case, Scale } from '../case';
import { depthStream } from '../streams/depth';
import type { Ranks } from '../streams/depth';
import { ccxtBook, flatBook, treeBook } from './books';
import type { Book } from './books';

const readEvery = 20;
const readDepth = 11;
const copyEvery = 1_000;

const makers = { ours: flatBook, ccxt: ccxtBook, tree: treeBook };

interface Mix {
  readonly levels: number;
  readonly copies: boolean;
  readonly ranks: Ranks;
}

function candidate(make: () => Book, { levels, copies, ranks }: Mix) {
  return (scale: Scale, seed: number): Candidate => {
    const changes = scale === 'quick' ? 20_000 : 100_000;
    const stream = depthStream({ levels, changes, seed, ranks });
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

function bookCase(id: string, mix: Mix, goals: Case['goals'] = []): Case {
  const candidates = Object.entries(makers).map(([name, make]) => [name, candidate(make, mix)] as const);
  const notes = [
    ...(mix.copies ? ["ccxt's copy() copies every level, ours and the tree's reading the best 50."] : []),
    ...(mix.ranks === 'spread'
      ? ['Changes over the whole depth, the least kind stream for a flat book.']
      : []),
  ];
  return { id, unit: 'change', goals, note: notes.join(' '), candidates: Object.fromEntries(candidates) };
}

const plain = (levels: number): Mix => ({ levels, copies: false, ranks: 'touch' });

export const bookCases: readonly Case[] = [
  bookCase('book-1000-mixed', { ...plain(1_000), copies: true }, [
    goal('P1', 'ccxt', 20),
    goal('P3', 'tree', 5),
  ]),
  bookCase('book-100', plain(100), [goal('P2/100', 'ccxt', 3)]),
  bookCase('book-1000', plain(1_000), [goal('P2/1000', 'ccxt', 12)]),
  bookCase('book-5000', plain(5_000), [goal('P2/5000', 'ccxt', 30)]),
  bookCase('book-1000-spread', { ...plain(1_000), ranks: 'spread' }),
];
