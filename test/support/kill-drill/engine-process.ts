import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Runtime } from '../../../src/runtime/runtime';

const root = join(__dirname, '..', '..', '..');
const startMs = 30_000;
const keptOutput = 20_000_000;

/** The service as it is shipped: a process of its own, started, killed and started again. */
export class EngineProcess {
  private readonly place = mkdtempSync(join(tmpdir(), 'mm-drill-'));
  private child: ChildProcess | undefined;
  private exited: Promise<number | null> = Promise.resolve(null);
  private text = '';
  private began = 0;
  private readonly further: Record<string, string> = {};

  constructor(
    private readonly runtime: Runtime,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    chmodSync(this.place, 0o711); // As root, the embedded Postgres runs as another user below it.
  }

  /** Builds what is older than its sources and keeps a copy, so that a later build does not reach the drill. */
  build(): void {
    const built = spawnSync(process.execPath, [join(root, 'tools', 'ensure-build.mjs')], {
      stdio: 'inherit',
    });
    if (built.status !== 0) throw new Error('the build failed');
    cpSync(join(root, 'dist'), join(this.place, 'dist'), { recursive: true });
    for (const name of ['node_modules', 'dist-web', 'package.json']) {
      symlinkSync(join(root, name), join(this.place, name));
    }
  }

  /** Resolves with the address once the service says that it listens. Rejects when it ends before. */
  async start(more: Readonly<Record<string, string>> = {}): Promise<string> {
    this.began = this.text.length;
    Object.assign(this.further, more);
    const child = this.spawn('main.js');
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes) => this.keep(String(bytes)));
    let hasExited = false;
    this.exited = new Promise((resolve) => {
      child.on('exit', (code) => {
        hasExited = true;
        resolve(code);
      });
    });
    const until = this.runtime.monotonic() + startMs;
    while (this.runtime.monotonic() < until && !hasExited) {
      const address = /Dashboard\s+(http:\/\/\S+)/.exec(this.text.slice(this.began))?.[1];
      if (address) return address;
      await this.runtime.sleep(25);
    }
    throw new Error(`the service did not start:\n${this.output()}`);
  }

  /** Another program of the same build, in the same place and with the same settings. */
  spawn(script: string, args: readonly string[] = []): ChildProcess {
    return spawn(process.execPath, [join(this.place, 'dist', script), ...args], {
      cwd: this.place,
      env: {
        PATH: process.env['PATH'],
        DATA_DIR: join(this.place, 'data'),
        ...this.settings,
        ...this.further,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** The process stands still, or goes on. */
  freeze(isFrozen: boolean): void {
    this.child?.kill(isFrozen ? 'SIGSTOP' : 'SIGCONT');
  }

  /** kill -9: no handler of the process runs. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exited;
  }

  /** The exit code after the signal; null when it had to be killed after the bound. */
  async terminate(withinMs: number, signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | null> {
    this.child?.kill(signal);
    return this.ended(withinMs);
  }

  /** The same without a signal, for a process that ends by itself. */
  async ended(withinMs: number): Promise<number | null> {
    const code = await Promise.race([this.exited, this.runtime.sleep(withinMs).then(() => 'late' as const)]);
    if (code !== 'late') return code;
    await this.kill();
    return null;
  }

  /** What the present process has printed, or the last part of it. */
  output(): string {
    return this.text.slice(this.began).slice(-8_000);
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.place, { recursive: true, force: true });
  }

  private keep(text: string): void {
    if (this.text.length < keptOutput) this.text += text;
  }
}
