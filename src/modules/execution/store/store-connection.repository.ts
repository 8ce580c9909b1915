import { Client, DatabaseError } from 'pg';
import { storeTimeoutMs } from '../common/constants';
import { StoreUnavailable } from './types';

const connectTimeoutMs = 5_000;
const maxRetries = 2;
const endWithinMs = 1_000;
/** The server frees a connection, and the locks it holds, within half a minute of losing its peer. */
const keepAlive = '-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

export interface ConnectionOptions {
  readonly url: string;
  readonly name: string;
  /** False for the log alone: its last second may be lost. */
  readonly isDurable: boolean;
}

/** One process of the server; its number alone is used again. */
interface Backend {
  readonly pid: number;
  readonly since: string;
}

/**
 * One connection to the database, one statement after another, made again after a loss. A lost connection is
 * StoreUnavailable: whether the statement took effect is unknown, so it is not repeated here.
 */
export class StoreConnection {
  private client: Client | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  private isClosed = false;
  /** Lost while no statement was on its way: what the database is when it answers again is not known. */
  private isLostUnheard = false;
  private isAsking = false;
  private backend: Backend | undefined;
  /** Works on a statement that was given up on, which may take effect for as long as this lives. */
  private unheard: Backend | undefined;

  constructor(private readonly options: ConnectionOptions) {}

  query<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const answer = this.tail.then(() => this.run<Row>(name, text, values, maxRetries));
    this.tail = answer.catch(() => undefined); // The caller has the error; the next statement does not.
    return answer;
  }

  /** Resolves when no statement that was given up on can take effect any more. Rejects with StoreUnavailable. */
  async heard(): Promise<void> {
    if (this.unheard) await this.query('heard', 'select 1', []);
  }

  async close(): Promise<void> {
    await this.tail;
    this.isClosed = true;
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined); // It may be lost already.
  }

  private async run<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
    retries: number,
  ): Promise<readonly Row[]> {
    if (this.isLostUnheard) {
      this.isLostUnheard = false;
      throw new StoreUnavailable(`${this.options.name}: the connection was lost`);
    }
    const client = this.client ?? (await this.connect());
    this.isAsking = true;
    try {
      return (await client.query<Row>({ name, text, values: [...values] })).rows;
    } catch (error) {
      // A deadlock or a serialisation failure undid everything: asking again is safe.
      if (isUndone(error) && retries > 0) return this.run(name, text, values, retries - 1);
      if (error instanceof DatabaseError && !isLoss(error)) throw error;
      this.unheard ??= this.backend;
      this.forget(client);
      throw unavailable(this.options.name, error);
    } finally {
      this.isAsking = false;
    }
  }

  private async connect(): Promise<Client> {
    if (this.isClosed) throw new StoreUnavailable(`${this.options.name} is closed`);
    const client = new Client({
      connectionString: this.options.url,
      application_name: `mm ${this.options.name}`,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: storeTimeoutMs,
      keepAlive: true,
      options: this.options.isDurable ? keepAlive : `${keepAlive} -c synchronous_commit=off`,
    });
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      await this.endUnheard(client);
    } catch (error) {
      void client.end().catch(() => undefined); // It never became ours.
      throw unavailable(this.options.name, error);
    }
    this.client = client;
    return client;
  }

  /** Throws while what was given up on still lives, though it was told to end: the next statement looks again. */
  private async endUnheard(client: Client): Promise<void> {
    const { unheard } = this;
    if (unheard) {
      const end = `select pg_terminate_backend(pid, ${endWithinMs}) as ended from pg_stat_activity
        where pid = $1 and backend_start = $2`;
      const { rows } = await client.query<{ readonly ended: boolean }>(end, [unheard.pid, unheard.since]);
      if (rows[0]?.ended === false) throw new Error('the statement that was given up on still runs');
    }
    this.unheard = undefined;
    const own = `select pid, backend_start::text as since from pg_stat_activity where pid = pg_backend_pid()`;
    this.backend = (await client.query<Backend>(own)).rows[0];
  }

  /** The next statement fails when no other did: whoever asks must know that there was a loss. */
  private lost(client: Client): void {
    if (this.client === client && !this.isAsking) this.isLostUnheard = this.options.isDurable;
    this.forget(client);
  }

  private forget(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    void client.end().catch(() => undefined); // Half dead is dead: the next statement gets a new one.
  }
}

const isUndone = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');

/** Connection failure, resources, shutdown and internal errors; 40 only after its retries. */
const isLoss = (error: DatabaseError): boolean => /^(08|40|53|57|58|XX)/.test(error.code ?? '');

const unavailable = (name: string, error: unknown): StoreUnavailable =>
  new StoreUnavailable(`${name}: ${error instanceof Error ? error.message : String(error)}`);
