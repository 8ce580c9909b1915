import { Client } from 'pg';
import type { Runtime, Timer } from '../../../runtime/runtime';

const redialMs = 1_000;
const connectTimeoutMs = 5_000;

/**
 * A connection that only listens for halts. It is dialled again after a loss, and tells after every dial, because
 * what was said in between is not repeated. A hint and no more: the engines look every second anyway.
 */
export class HaltListener {
  private client: Client | undefined;
  private redial: Timer | undefined;
  private isClosed = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly url: string,
    private readonly changed: () => void,
  ) {}

  async listen(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'mm listen',
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    this.client = client;
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', () => this.changed());
    try {
      await client.connect();
      await client.query('listen mm_halts');
      if (this.client === client) this.changed();
    } catch {
      this.lost(client);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.redial) this.runtime.timers.clear(this.redial);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined); // It may be lost already.
  }

  private lost(client: Client): void {
    if (this.client !== client || this.isClosed) return;
    this.client = undefined;
    void client.end().catch(() => undefined); // Half dead is dead.
    this.redial = this.runtime.timers.set(redialMs, () => void this.listen());
  }
}
