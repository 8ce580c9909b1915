import { ApiError, post } from '../api/client';
import type { FleetFrame } from '../api/types';

export type Link = 'connecting' | 'open' | 'lost';

interface Listener {
  readonly onFrame: (frame: FleetFrame) => void;
  readonly onLink: (link: Link) => void;
}

const firstDelayMs = 500;
const longestDelayMs = 15_000;
const silenceMs = 12_000;

/**
 * Keeps one event stream alive: a ticket, a connection, and on any fault a new ticket after a growing delay.
 * Returns the function that ends it.
 */
export function openStream(listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let delay = firstDelayMs;
  let ended = false;

  const later = (run: () => void, ms: number): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, ms);
  };
  const drop = (): void => {
    source?.close();
    source = undefined;
  };
  const retry = (): void => {
    drop();
    if (ended) return;
    listener.onLink('lost');
    later(() => void connect(), delay * (0.75 + Math.random() / 2));
    delay = Math.min(delay * 2, longestDelayMs);
  };
  const onFrame = (event: MessageEvent<string>): void => {
    delay = firstDelayMs;
    listener.onLink('open');
    later(retry, silenceMs); // A connection that says nothing is not a connection.
    listener.onFrame(JSON.parse(event.data) as FleetFrame);
  };
  const connect = async (): Promise<void> => {
    listener.onLink('connecting');
    const ticket = await newTicket();
    if (ended || ticket === 'refused') return;
    if (ticket === undefined) return retry();
    source = new EventSource(`/api/v1/stream?ticket=${encodeURIComponent(ticket.value)}`);
    source.addEventListener('fleet', onFrame);
    source.addEventListener('error', retry);
    later(retry, silenceMs);
  };

  void connect();
  return () => {
    ended = true;
    window.clearTimeout(timer);
    drop();
  };
}

async function newTicket(): Promise<{ readonly value: string } | 'refused' | undefined> {
  try {
    const { ticket } = await post<{ readonly ticket: string }>('/stream-tickets');
    return { value: ticket };
  } catch (error) {
    return error instanceof ApiError && error.status === 401 ? 'refused' : undefined;
  }
}
