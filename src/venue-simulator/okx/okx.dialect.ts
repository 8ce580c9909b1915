import type { FramePort } from '../frame-port';
import type { Dialect, WireAnswer, WireRequest } from '../dialect.server';
import { Countdowns } from './okx-countdown';
import { failure } from './okx-errors';
import { OkxLedger } from './okx-ledger';
import type { OkxParts } from './okx-parts';
import { OkxRequests } from './okx.requests';
import { OkxSockets, socketPath } from './okx.sockets';

/** OKX spot, version 5: REST below `/api/v5`, sockets below `/ws/v5`. */
export class OkxDialect implements Dialect {
  readonly prefix = '/okx';
  private readonly countdowns: Countdowns;
  private readonly ledger: OkxLedger;
  private readonly requests: OkxRequests;
  private readonly sockets: OkxSockets;

  constructor(parts: OkxParts) {
    this.countdowns = new Countdowns(parts);
    this.ledger = new OkxLedger(parts);
    this.requests = new OkxRequests(parts, this.ledger, this.countdowns);
    this.sockets = new OkxSockets(parts, this.ledger);
  }

  answer(request: WireRequest): Promise<WireAnswer> {
    return this.requests.answer(request);
  }

  failure(error: unknown): unknown {
    return { code: failure(500).code, msg: String(error), data: [] };
  }

  hasSocket(path: string): boolean {
    return socketPath.test(path);
  }

  accept(ws: FramePort, path: string): void {
    this.sockets.accept(ws, path);
  }

  stop(): void {
    this.countdowns.stop();
    this.ledger.stop();
    this.sockets.stop();
  }
}
