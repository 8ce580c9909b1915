import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Runtime } from '../../src/runtime/runtime';

export interface TappedRequest {
  /** `POST /binance/api/v3/order` without its parameters. */
  readonly route: string;
  readonly text: string;
  /** When its first bytes came, by the clock of the runtime. */
  readonly at: number;
}

/** Stands at the door of a venue and writes down what comes in, in order, and every answer; changes no byte. */
export class WireTap {
  readonly requests: TappedRequest[] = [];
  readonly answers: { readonly status: number; readonly text: string }[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(
    private readonly runtime: Runtime,
    venuePort: number,
  ) {
    this.server = createServer({ noDelay: true }, (client) => {
      const venue = connect({ port: venuePort, host: '127.0.0.1', noDelay: true });
      this.join(client, venue, (text) => this.heard(text));
      this.join(venue, client, (text) => this.answered(text));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(from: Socket, to: Socket, read: (text: string) => void): void {
    this.sockets.add(from);
    from.on('data', (chunk) => {
      read(chunk.toString('latin1'));
      to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => void (this.sockets.delete(from), to.destroy()));
  }

  /** A body that comes in a chunk of its own belongs to the request before it on a connection; none is long here. */
  private heard(text: string): void {
    const line = /^(GET|POST|PUT|PATCH|DELETE) (\S+) HTTP/.exec(text);
    const at = this.runtime.monotonic();
    if (line) this.requests.push({ route: `${line[1]} ${line[2]!.split('?')[0]}`, text, at });
    else this.requests.push({ route: '', text, at });
  }

  private answered(text: string): void {
    const line = /^HTTP\/1\.1 (\d+)/.exec(text);
    if (line) this.answers.push({ status: Number(line[1]), text });
  }
}
