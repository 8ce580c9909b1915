import { Client, DatabaseError } from 'pg';
import { storeTimeoutMs } from '../common/constants';
import { StoreUnavailable } from './types';

const connectTimeoutMs = 5_000;
const maxRetries = 2;
/** The server frees a connection, and the locks it holds, within half a minute of losing its peer. */
const keepAlive = '-c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

export interface ConnectionOptions {
  readonly url: string;
  readonly name: string;
  /** False for the log alone: its last second may be lost. */
  readonly isDurable: boolean;
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

  constructor(private readonly options: ConnectionOptions) {}

  query<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const answer = this.tail.then(() => this.run<Row>(name, text, values, maxRetries));
    this.tail = answer.catch(() => undefined); // The caller has the error; the next statement does not.
    return answer;
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
    } catch (error) {
      void client.end().catch(() => undefined); // It never became ours.
      throw unavailable(this.options.name, error);
    }
    this.client = client;
    return client;
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
