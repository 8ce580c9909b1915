import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** `answer`: the database does it and is not heard. `request`: the database does not hear of it. */
export type HeldSide = 'answer' | 'request';

const idInBatch = /"clientOrderId":"(m[0-9a-z]{21})"/g;

interface Armed {
  /** In the Bind message: the unnamed portal, then the name of the statement. */
  readonly mark: Buffer;
  readonly side: HeldSide;
}

/** A statement that is held, with what has come on its connection since. The text grows as bytes arrive. */
interface HeldStatement extends Armed {
  text: string;
  readonly toServer: Buffer[];
  readonly toClient: Buffer[];
  isReleased: boolean;
  readonly send: { readonly server: Socket; readonly client: Socket };
}

/** Stands between an engine and its database, passes everything on, and on demand keeps one statement or all away. */
export class HoldingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private armed: Armed | undefined;
  private held: HeldStatement | undefined;
  private isCut = false;

  constructor(private target: { readonly host: string; readonly port: number }) {
    this.server = createServer((client) => this.join(client));
  }

  /** The port in use. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** New connections go there: a database that was started again has another port. */
  aim(target: { readonly host: string; readonly port: number }): void {
    this.target = target;
  }

  /** From the next commit on, its connection hears nothing from the database. */
  holdNextCommit(): void {
    this.holdNext('commit', 'answer');
  }

  /** From the next use of the prepared statement on, its connection is silent in one direction. */
  holdNext(statement: string, side: HeldSide): void {
    this.armed = { mark: Buffer.from(`\0${statement}\0`), side };
    this.held = undefined;
  }

  get isHolding(): boolean {
    return this.held !== undefined;
  }

  /** The ids of the orders in the statement that is held; empty until one is. */
  heldIds(): readonly string[] {
    return [...(this.held?.text ?? '').matchAll(idInBatch)].map((match) => match[1]!);
  }

  /** The next statement passes again. What is held stays so until its connection ends. */
  disarm(): void {
    this.armed = undefined;
    this.held = undefined;
  }

  /** What is held goes on its way, late. */
  release(): void {
    const { held } = this;
    this.disarm();
    if (!held) return;
    held.isReleased = true;
    for (const bytes of held.toServer.splice(0)) held.send.server.write(bytes);
    for (const bytes of held.toClient.splice(0)) held.send.client.write(bytes);
  }

  /** The connection of what is held is reset; others go on. */
  reset(): void {
    const { held } = this;
    this.disarm();
    if (!held) return;
    held.send.client.resetAndDestroy();
    held.send.server.resetAndDestroy();
  }

  /** Every connection is lost, and no new one is accepted until `mend`. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => void this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    if (this.isCut) return void client.destroy();
    const server = connect(this.target);
    let held: HeldStatement | undefined;
    const isKept = (side: HeldSide): boolean => held?.side === side && !held.isReleased;
    client.on('data', (bytes) => {
      held = this.catchHeld(bytes, { server, client }) ?? held;
      if (held) held.text += bytes.toString('latin1');
      if (isKept('request')) held!.toServer.push(bytes);
      else server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (isKept('answer')) held!.toClient.push(bytes);
      else client.write(bytes);
    });
    this.tie(client, server);
    this.tie(server, client);
  }

  private catchHeld(bytes: Buffer, send: HeldStatement['send']): HeldStatement | undefined {
    const { armed } = this;
    if (!armed || !bytes.includes(armed.mark)) return undefined;
    this.armed = undefined;
    this.held = { ...armed, text: '', toServer: [], toClient: [], isReleased: false, send };
    return this.held;
  }

  private tie(socket: Socket, other: Socket): void {
    this.sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      other.destroy();
    });
  }
}
