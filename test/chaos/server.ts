import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/database/data-source';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import { isServerOf, readPostmasterPid } from '../../src/database/postmaster-pid';
import type { Runtime } from '../../src/runtime/runtime';
import { copyBase, putBack } from './base-copy';

const endMs = 10_000;
/** `immediate`: nothing is flushed and the next start recovers. `fast`: connections are ended in order. */
const signals = { immediate: 'SIGQUIT', fast: 'SIGINT' } as const;

/** A Postgres with all its guarantees that can be ended without a word and started again. */
export class DurableServer {
  /** Whether a base copy was made. */
  hasCopy = false;
  private address = '';

  private constructor(
    private readonly runtime: Runtime,
    private readonly root: string,
  ) {}

  /** With the present schema. */
  static async open(runtime: Runtime): Promise<DurableServer> {
    const server = new DurableServer(runtime, await mkdtemp(join(tmpdir(), 'mm-chaos-pg-')));
    await server.start();
    await migrate(server.address);
    return server;
  }

  get url(): URL {
    return new URL(this.address);
  }

  get target(): { readonly host: string; readonly port: number } {
    return { host: this.url.hostname, port: Number(this.url.port) };
  }

  /** The port may be another one than before. */
  async start(): Promise<void> {
    const { url } = await startEmbeddedPostgres(this.runtime, { root: this.root, durable: true });
    this.address = url;
  }

  /** Throws when it goes on running. */
  async end(how: keyof typeof signals): Promise<void> {
    const { data } = this;
    const pid = readPostmasterPid(data)?.pid ?? 0;
    if (!isServerOf(pid, data)) return;
    process.kill(pid, signals[how]);
    const until = this.runtime.monotonic() + endMs;
    while (isServerOf(pid, data)) {
      if (this.runtime.monotonic() > until) throw new Error(`the server ${pid} does not end`);
      await this.runtime.sleep(10);
    }
  }

  /** A base copy of this moment takes the place of the one before. */
  async copy(): Promise<void> {
    await copyBase(this.url, this.data, this.copied);
    this.hasCopy = true;
  }

  /** Everything since the base copy is lost. */
  async restore(): Promise<void> {
    await this.end('immediate');
    await putBack(this.copied, this.data);
    await this.start();
  }

  async dispose(): Promise<void> {
    await this.end('immediate');
    await rm(this.root, { recursive: true, force: true });
  }

  private get data(): string {
    return join(this.root, 'data');
  }

  private get copied(): string {
    return join(this.root, 'copy');
  }
}
