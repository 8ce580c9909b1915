import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createEngine } from '../../src/modules/execution/create-engine';
import type { Notice } from '../../src/modules/execution/common/notices';
import type { Engine } from '../../src/modules/execution/engine';
import { ExecutionService } from '../../src/modules/execution/execution.service';
import { PostgresStore } from '../../src/modules/execution/store/postgres-store.repository';
import type { Build } from '../../src/modules/execution/store/types';
import { createRealRuntime } from '../../src/runtime/real-runtime';
import type { Runtime } from '../../src/runtime/runtime';
import { usualPassphrase } from '../../src/venue-simulator/venue-accounts';
import { demoAccount } from '../../src/venue-simulator/venue-simulator';
import { testBuild } from './engine-bench';
import { testDatabaseUrl } from './test-database';

/** A way to the database that can be taken away and given back. */
export class CuttableProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  constructor(private readonly target: URL) {
    this.server = createServer((client) => this.join(client));
  }

  /** The address of the database through the proxy. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private join(client: Socket): void {
    if (this.isCut) return void client.destroy();
    const upstream = connect(Number(this.target.port || 5432), this.target.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

/** One more engine on the same database and venue, which reaches its database through a proxy of its own. */
export interface SecondEngine {
  readonly runtime: Runtime;
  readonly engine: Engine;
  readonly execution: ExecutionService;
  readonly database: CuttableProxy;
  readonly notices: readonly Notice[];
  stop(): Promise<void>;
}

export async function startSecondEngine(
  simOrigin: string,
  engineId = 'second',
  build: Build = testBuild,
): Promise<SecondEngine> {
  const runtime = createRealRuntime();
  const database = new CuttableProxy(new URL(testDatabaseUrl()));
  const notices: Notice[] = [];
  const engine = await createEngine(
    runtime,
    new PostgresStore(await database.listen(), runtime),
    { tickMs: 100, engineId, build, simOrigin },
    {
      credentials: { credentials: () => Promise.resolve({ ...demoAccount, passphrase: usualPassphrase }) },
      fillSink: { fillBooked: () => undefined },
      notify: (notice) => void notices.push(notice),
    },
  );
  return {
    ...{ runtime, engine, database, notices },
    execution: new ExecutionService(engine),
    stop: async () => {
      await engine.shutdown();
      await database.close();
      await runtime.close();
    },
  };
}
