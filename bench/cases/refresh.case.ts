import { fork } from 'node:child_process';
import { join } from 'node:path';
import { goal } from '../case';
import type { Case, Goal, Timed } from '../case';
import { ccxtClient, ourClient } from './refresh-clients';
import type { RefreshClient } from './refresh-clients';

const quotes = 10;

/** Nanoseconds from the start until the last cancel, and until the last quote, was accepted. */
interface Refreshed {
  readonly cancels: number;
  readonly quotes: number;
}

/** Cancels the resting quotes and places new ones, all asked for at once, as a controller does. */
class Ladder {
  private resting: readonly string[] = [];
  private made = 0;

  constructor(private readonly client: RefreshClient) {}

  async refresh(): Promise<Refreshed> {
    const { client, resting } = this;
    const fresh = Array.from({ length: quotes }, () => this.nextId());
    const start = process.hrtime.bigint();
    const since = (): number => Number(process.hrtime.bigint() - start);
    const cancelling = Promise.all(resting.map((id) => client.cancel(id))).then(since);
    const placing = Promise.all(fresh.map((id, level) => client.place(level, id))).then(since);
    this.resting = fresh;
    return { cancels: await cancelling, quotes: await placing };
  }

  /** Every quote of the last refresh, and nothing else, rests at the venue. */
  async proof(): Promise<string> {
    const open = [...(await this.client.open())].sort();
    return JSON.stringify(open) === JSON.stringify([...this.resting].sort())
      ? `${open.length} resting`
      : `${open.length} resting, others than asked for`;
  }

  private nextId(): string {
    this.made += 1;
    return `m${String(this.made).padStart(20, '0')}z`;
  }
}

function venueOf(seed: number): Promise<{ readonly origin: string; readonly stop: () => void }> {
  const child = fork(join(__dirname, 'refresh-venue.js'), [String(seed)]);
  return new Promise((resolve, reject) => {
    child.once('message', (origin) => resolve({ origin: origin as string, stop: () => child.disconnect() }));
    child.once('exit', (code) => reject(new Error(`the venue ended with ${code}`)));
  });
}

const timed =
  (clientOf: (origin: string) => Promise<RefreshClient>, until: keyof Refreshed) =>
  async (_scale: unknown, seed: number): Promise<Timed> => {
    const { origin, stop } = await venueOf(seed);
    const client = await clientOf(origin);
    const ladder = new Ladder(client);
    await ladder.refresh();
    return {
      time: async () => ({ ns: (await ladder.refresh())[until], checksum: await ladder.proof() }),
      close: async () => {
        await client.close();
        stop();
      },
    };
  };

const refreshCase = (until: keyof Refreshed, goals: readonly Goal[]): Case => ({
  id: `refresh-${until}`,
  unit: `refresh of ${quotes} quotes`,
  goals,
  note: `${quotes} cancels and ${quotes} creates asked for at once, until the last of the ${until} is accepted; venue in its own process, its order limit raised to 1,000 in ten seconds so that code is warm; no refusal.`,
  candidates: {
    ours: timed(ourClient, until),
    ccxt: timed((origin) => ccxtClient(origin, true), until),
    unthrottled: timed((origin) => ccxtClient(origin, false), until),
  },
});

export const refreshCases: readonly Case[] = [
  refreshCase('quotes', [
    goal('P14', 'ccxt', 25),
    { id: 'P14/free', against: 'unthrottled', target: 1, floor: 0.8 },
  ]),
  refreshCase('cancels', []),
];
