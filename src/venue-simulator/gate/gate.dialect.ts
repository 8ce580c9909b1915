import type { FramePort } from '../frame-port';
import type { Dialect, WireAnswer, WireRequest } from '../dialect.server';
import { Countdowns } from './gate-countdown';
import { GateLedger } from './gate-ledger';
import type { GateParts } from './gate-parts';
import { GateRequests } from './gate.requests';
import { GateSockets } from './gate.sockets';

/** Gate spot, version 4: REST below `/api/v4`, one socket at `/ws/v4/`. */
export class GateDialect implements Dialect {
  readonly prefix = '/gate';
  private readonly countdowns: Countdowns;
  private readonly requests: GateRequests;
  private readonly sockets: GateSockets;

  constructor(private readonly parts: GateParts) {
    const ledger = new GateLedger(parts);
    this.countdowns = new Countdowns(parts);
    this.requests = new GateRequests(parts, ledger, this.countdowns);
    this.sockets = new GateSockets(parts, ledger);
  }

  answer(request: WireRequest): Promise<WireAnswer> {
    return this.requests.answer(request);
  }

  failure(error: unknown): unknown {
    return { label: 'SERVER_ERROR', message: String(error) };
  }

  hasSocket(path: string): boolean {
    return /^\/ws\/v4(\/|\?|$)/.test(path);
  }

  accept(ws: FramePort): void {
    this.sockets.accept(ws);
  }

  stop(): void {
    this.countdowns.stop();
    this.sockets.stop();
    this.parts.changes.stop();
  }
}
