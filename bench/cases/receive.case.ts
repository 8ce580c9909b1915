import { fork } from 'node:child_process';
import { join } from 'node:path';
import { goal } from '../case';
import type { Case, Goal, Scale, Timed } from '../case';
import { bareClient, ccxtClient, jsonClient, ourClient } from './receive-clients';
import type { Batch, ReceiveClient } from './receive-clients';

const idsPerFrame = 7;

/** `alone`: each message wakes the process for itself, as on a quiet stream; else many wait to be read at once. */
interface Flow {
  readonly levels: number;
  readonly alone: boolean;
}

interface Venue {
  readonly origin: string;
  readonly send: () => void;
  readonly stop: () => void;
}

function venueOf({ levels, alone }: Flow, { frames }: Batch, seed: number): Promise<Venue> {
  const options = [levels, frames, idsPerFrame, alone ? 1 : 0, seed];
  const child = fork(join(__dirname, 'receive-venue.js'), options.map(String));
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

const framesOf = ({ levels, alone }: Flow, scale: Scale): number =>
  alone ? (scale === 'quick' ? 50 : 200) : (scale === 'quick' ? 20_000 : 100_000) / levels;

type ClientMaker = (origin: string, batch: Batch) => Promise<ReceiveClient>;

const timed =
  (clientOf: ClientMaker, flow: Flow) =>
  async (scale: Scale, seed: number): Promise<Timed> => {
    const batch = { frames: framesOf(flow, scale), idsPerFrame };
    const venue = await venueOf(flow, batch, seed);
    const client = await clientOf(venue.origin, batch);
    return {
      async time() {
        const before = process.cpuUsage();
        await client.batch(venue.send);
        const used = process.cpuUsage(before);
        return { ns: ((used.user + used.system) * 1_000) / batch.frames, checksum: await client.top() };
      },
      async close() {
        await client.close();
        venue.stop();
      },
    };
  };

const receiveCase = (flow: Flow, goals: readonly Goal[]): Case => ({
  id: `receive-${flow.levels}${flow.alone ? '-alone' : ''}`,
  unit: 'message, processor time',
  goals,
  note: `Depth messages of ${flow.levels} levels from a socket into a book of 1,000 levels a side, processor time of the receiving process; ${
    flow.alone ? 'one in a millisecond' : 'sent faster than they are read'
  }. Json: ours without the byte lane. Bare: taken off the socket, not looked at.`,
  candidates: {
    ours: timed(ourClient, flow),
    ccxt: timed(ccxtClient, flow),
    json: timed(jsonClient, flow),
    bare: timed(bareClient, flow),
  },
});

const twiceBare = (id: string): Goal => ({ id, against: 'bare', target: 0.5, floor: 0.3 });

export const receiveCases: readonly Case[] = [
  receiveCase({ levels: 20, alone: false }, [goal('P8/20', 'ccxt', 4)]),
  receiveCase({ levels: 100, alone: false }, [goal('P8/100', 'ccxt', 15)]),
  receiveCase({ levels: 20, alone: true }, [twiceBare('P8/20/bare')]),
  receiveCase({ levels: 100, alone: true }, [twiceBare('P8/100/bare')]),
];
