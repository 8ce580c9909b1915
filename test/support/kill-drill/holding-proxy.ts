import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** The Bind message of the prepared statement that commits intents: unnamed portal, then the statement's name. */
const bindOfCommit = Buffer.from('\0commit\0');
const idInBatch = /"clientOrderId":"(m[0-9a-z]{21})"/g;

/** A commit whose answer does not reach the engine any more. The text of its request grows as its bytes pass. */
interface HeldCommit {
  text: string;
}

/** Stands between an engine and its database, passes everything on, and on demand keeps the answer to one commit. */
export class HoldingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isArmed = false;
  private heldCommit: HeldCommit | undefined;

  constructor(private readonly target: { readonly host: string; readonly port: number }) {
    this.server = createServer((client) => this.join(client));
  }

  /** The port in use. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** From the next commit on, its connection hears nothing from the database. */
  holdNextCommit(): void {
    this.isArmed = true;
    this.heldCommit = undefined;
  }

  /** The ids of the orders in the commit that is held; empty until one is. */
  heldIds(): readonly string[] {
    return [...(this.heldCommit?.text ?? '').matchAll(idInBatch)].map((match) => match[1]!);
  }

  /** The next commit passes again. What is held stays so until its connection ends. */
  disarm(): void {
    this.isArmed = false;
    this.heldCommit = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => void this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    const server = connect(this.target);
    let held: HeldCommit | undefined;
    client.on('data', (bytes) => {
      if (this.isArmed && bytes.includes(bindOfCommit)) {
        this.isArmed = false;
        held = { text: '' };
        this.heldCommit = held;
      }
      if (held) held.text += bytes.toString('latin1');
      server.write(bytes);
    });
    server.on('data', (bytes) => void (held ?? client.write(bytes)));
    for (const [socket, other] of [[client, server] as const, [server, client] as const]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
