import type { FramePort } from '../frame-port';
import type { Fields } from './okx-fields';

/** The three addresses: which channels exist depends on them. */
export type SocketKind = 'public' | 'private' | 'business';

/** One socket and what it has subscribed to. */
export interface OkxClient {
  readonly ws: FramePort;
  readonly connectionId: string;
  readonly kind: SocketKind;
  readonly isDemo: boolean;
  /** Names of public streams. */
  readonly streams: Set<string>;
  /** Private subscriptions by their terms. */
  readonly private: Map<string, Fields>;
  account: string | undefined;
  /** When something last went over it. */
  activeAt: number;
  /** Private frames that wait for their moment. */
  readonly queue: string[];
  /** Subscriptions, their ends, and logins in the current hour. */
  readonly operations: { hour: number; count: number };
}

/** Why a request on a socket is refused. */
export class SocketRefusal extends Error {
  constructor(
    readonly code: string,
    readonly text: string,
  ) {
    super(text);
    this.name = 'SocketRefusal';
  }
}

export const noChannel = (arg: Fields): SocketRefusal => {
  const terms = Object.entries(arg).map(([name, value]) => `${name}:${String(value)}`);
  return new SocketRefusal(
    '60018',
    `Wrong URL or ${terms.join(',')} doesn't exist. Please use the correct URL, channel and parameters.`,
  );
};

export const feeTier = (): SocketRefusal =>
  new SocketRefusal('64003', "Your trading fee tier doesn't meet the requirement to access this channel");

export const push = (arg: Fields, data: readonly unknown[], more: Fields = {}): string =>
  pushed(arg, JSON.stringify(data), more);

/** The frame of a row that is a text already. */
export const pushText = (arg: Fields, row: string, more: Fields = {}): string =>
  pushed(arg, `[${row}]`, more);

/** `more` stands between the terms of the channel and what it tells. */
const pushed = (arg: Fields, data: string, more: Fields): string =>
  `${JSON.stringify({ arg, ...more }).slice(0, -1)},"data":${data}}`;
