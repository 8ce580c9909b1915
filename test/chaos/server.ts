import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../src/database/data-source';
import { startEmbeddedPostgres } from '../../src/database/embedded-postgres';
import { isServerOf, readPostmasterPid } from '../../src/database/postmaster-pid';
import type { Runtime } from '../../src/runtime/runtime';

const endMs = 10_000;

/** A Postgres with all its guarantees that can be ended without a word and started again. */
export class DurableServer {
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

  /** Immediate shutdown: nothing is flushed, and the next start recovers. Throws when it goes on running. */
  async crash(): Promise<void> {
    const data = join(this.root, 'data');
    const pid = readPostmasterPid(data)?.pid ?? 0;
    if (!isServerOf(pid, data)) return;
    process.kill(pid, 'SIGQUIT');
    const until = this.runtime.monotonic() + endMs;
    while (isServerOf(pid, data)) {
      if (this.runtime.monotonic() > until) throw new Error(`the server ${pid} does not end`);
      await this.runtime.sleep(10);
    }
  }

  async dispose(): Promise<void> {
    await this.crash();
    await rm(this.root, { recursive: true, force: true });
  }
}
