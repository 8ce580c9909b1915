import type { FramePort } from '../frame-port';
import type { Row } from './gate-order-rows';
import { seconds } from './gate-pairs';

/** A private channel that a socket hears, and whose account. */
export interface PrivateSubscription {
  readonly account: string;
  /** Pair ids or `!all`; empty where the channel knows no pairs. */
  readonly pairs: Set<string>;
}

/** One socket and what it has subscribed to. */
export interface GateClient {
  readonly ws: FramePort;
  readonly connectionId: string;
  /** Names of public streams. */
  readonly streams: Set<string>;
  /** By channel. */
  readonly private: Map<string, PrivateSubscription>;
  /** Private frames that wait for their moment. */
  readonly queue: string[];
}

/** Why a subscription is refused, in the codes of the sockets. */
export class SocketRefusal extends Error {
  constructor(
    readonly code: 1 | 2 | 4,
    readonly text: string,
  ) {
    super(text);
    this.name = 'SocketRefusal';
  }
}

/** A subscription or its end, as it came. */
export interface ChannelRequest {
  readonly channel: string;
  readonly event: 'subscribe' | 'unsubscribe';
  readonly payload: readonly string[];
  readonly time: unknown;
  readonly auth: unknown;
}

/** A frame the venue sends on its own. */
export const updateFrame = (channel: string, result: unknown, now: number): string =>
  JSON.stringify({ time: seconds(now), time_ms: now, channel, event: 'update', result });

/** The newer book channel puts its name first and leaves the seconds out. */
export const bookFrame = (result: Row, now: number): string =>
  JSON.stringify({ channel: 'spot.obu', result, time_ms: now, event: 'update' });
