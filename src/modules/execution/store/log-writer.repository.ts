import type { Runtime, Timer } from '../../../runtime/runtime';
import type { StoreConnection } from './store-connection.repository';
import type { OrderLogLine } from './types';

const writeEveryMs = 200;
const maxWaiting = 10_000;

/** The log for people, written behind. Lines that cannot be written are dropped: nobody may wait for them. */
export class LogWriter {
  private lines: OrderLogLine[] = [];
  private timer: Timer | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly connection: StoreConnection,
  ) {}

  add(lines: readonly OrderLogLine[]): void {
    const room = maxWaiting - this.lines.length;
    this.lines.push(...lines.slice(0, Math.max(0, room)));
    this.timer ??= this.runtime.timers.set(writeEveryMs, () => void this.write());
  }

  async close(): Promise<void> {
    if (this.timer) this.runtime.timers.clear(this.timer);
    await this.write();
  }

  private async write(): Promise<void> {
    this.timer = undefined;
    const lines = this.lines;
    this.lines = [];
    if (lines.length === 0) return;
    const sql = `
insert into order_events (client_order_id, kind, status, source, detail, worker, at)
select "clientOrderId", kind, status, source, detail, worker, to_timestamp(at / 1000.0)
from jsonb_to_recordset($1) as l ("clientOrderId" text, kind text, status text, source text, detail text, worker text, at bigint)`;
    const rows = lines.map((line) => ({ ...line, at: Math.round(line.at) }));
    await this.connection.query('log', sql, [JSON.stringify(rows)]).catch(() => undefined); // It decides nothing.
  }
}
