import { fork } from 'node:child_process';
import { join } from 'node:path';
import { goal } from '../case';
import type { Case, Goal, Scale, Timed } from '../case';
import { bareClient, ccxtClient, ourClient } from './receive-clients';
import type { Batch, ReceiveClient } from './receive-clients';

const idsPerFrame = 7;

interface Venue {
  readonly origin: string;
  readonly send: () => void;
  readonly stop: () => void;
}

function venueOf(levels: number, { frames }: Batch, seed: number): Promise<Venue> {
  const child = fork(join(__dirname, 'receive-venue.js'), [levels, frames, idsPerFrame, seed].map(String));
  return new Promise((resolve, reject) => {
    child.once('message', (origin) =>
      resolve({
        origin: origin as string,
        send: () => void child.send('go'),
        stop: () => child.disconnect(),
      }),
    );
    child.once('exit', (code) => reject(new Error(`the venue ended with ${code}`)));
  });
}

type ClientMaker = (origin: string, batch: Batch) => Promise<ReceiveClient>;

const timed =
  (clientOf: ClientMaker, levels: number) =>
  async (scale: Scale, seed: number): Promise<Timed> => {
    const batch = { frames: Math.ceil((scale === 'quick' ? 10_000 : 40_000) / levels), idsPerFrame };
    const venue = await venueOf(levels, batch, seed);
    const client = await clientOf(venue.origin, batch);
    return {
      async time() {
        const before = process.cpuUsage();
        await client.batch(venue.send);
        const used = process.cpuUsage(before);
        return { ns: ((used.user + used.system) * 1_000) / batch.frames, checksum: client.top() };
      },
      async close() {
        await client.close();
        venue.stop();
      },
    };
  };

const receiveCase = (levels: number, goals: readonly Goal[]): Case => ({
  id: `receive-${levels}`,
  unit: 'message, processor time',
  goals,
  note: `Depth messages of ${levels} levels from a socket until they are in the book of 1,000 levels a side, processor time of the receiving process; sent faster than they are read. Bare: taken off the socket and not looked at.`,
  candidates: {
    ours: timed(ourClient, levels),
    ccxt: timed(ccxtClient, levels),
    bare: timed(bareClient, levels),
  },
});

export const receiveCases: readonly Case[] = [
  receiveCase(20, [goal('P8/20', 'ccxt', 4)]),
  receiveCase(100, [goal('P8/100', 'ccxt', 15)]),
];
