import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Runtime } from '../../src/runtime/runtime';
import { EngineProcess } from './kill-drill/engine-process';

const token = 'demo-token-demo-token-demo-token-demo';

/** An answer as it came: the specs say what it must be. */
export type Json = ReturnType<typeof JSON.parse>;

/** The service as `npm start` starts it: built, embedded Postgres, local exchange, demo. */
export class DemoApp {
  readonly engine: EngineProcess;
  origin = '';
  simOrigin = '';
  readyMs = Infinity;
  private adminPort = 0;

  constructor(private readonly runtime: Runtime) {
    this.engine = new EngineProcess(runtime, { PORT: '0' });
  }

  async start(): Promise<void> {
    this.engine.build();
    const [simPort, adminPort] = await Promise.all([freePort(), freePort()]);
    this.simOrigin = `http://127.0.0.1:${simPort}`;
    this.adminPort = adminPort;
    const began = this.runtime.monotonic();
    this.origin = await this.engine.start({
      ...{ SIM_PORT: String(simPort), SIM_ADMIN_PORT: String(adminPort) },
      ...{ ADMIN_TOKEN: token, ADMIN_PASSWORD: 'demo-demo-password', TICK_MS: '200' },
    });
    await this.eventually('ready', () => this.isReady(), 120_000);
    this.readyMs = this.runtime.monotonic() - began;
  }

  async get(path: string): Promise<Json> {
    const answer = await fetch(`${this.origin}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** The venue's own door for people and tests. */
  async admin(method: 'GET' | 'POST', path: string, body?: object): Promise<Json> {
    const answer = await fetch(`http://127.0.0.1:${this.adminPort}${path}`, {
      ...{ method, headers: { 'content-type': 'application/json' } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async eventually(what: string, holds: () => Promise<boolean>, withinMs: number): Promise<void> {
    const until = this.runtime.monotonic() + withinMs;
    while (!(await holds().catch(() => false))) {
      if (this.runtime.monotonic() > until)
        throw new Error(`not within ${withinMs} ms: ${what}\n${this.engine.output()}`);
      await this.runtime.sleep(200);
    }
  }

  private async isReady(): Promise<boolean> {
    return (await fetch(`${this.origin}/health/ready`)).ok && (await this.get('accounts')).data.length === 3;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
