import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Runtime } from '../../../src/runtime/runtime';
import type { EngineOrders, KnownOrder, Question, Told } from './messages';

const startMs = 30_000;
const answerMs = 5_000;
const keptOutput = 12_000;

type Ask = Question extends infer Each ? (Each extends Question ? Omit<Each, 'id'> : never) : never;

/** An engine in a process of its own: started, killed, paused, asked, stopped and started again. */
export class LightEngine {
  ownerId = '';
  kills = 0;
  private child: ChildProcess | undefined;
  private exited: Promise<number | null> = Promise.resolve(null);
  private hasExited = true;
  private text = '';
  private asked = 0;
  private readonly answers = new Map<number, (value: unknown) => void>();

  constructor(
    private readonly runtime: Runtime,
    private readonly orders: EngineOrders,
  ) {}

  /** Returns at once; the process has not even begun. */
  spawn(): void {
    this.text = '';
    this.ownerId = '';
    const child = spawn(process.execPath, [join(__dirname, 'engine-main.js')], {
      env: { PATH: process.env['PATH'], CHAOS_ENGINE: JSON.stringify(this.orders) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    this.hasExited = false;
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (bytes) => (this.text = (this.text + String(bytes)).slice(-keptOutput)));
    child.on('message', (told: Told) => this.heard(told));
    this.exited = new Promise((resolve) => {
      child.on('exit', (code) => {
        if (this.child === child) this.hasExited = true;
        resolve(code);
      });
    });
  }

  /** Resolves once the database knows the boot. Rejects when the process ends before. */
  async start(): Promise<void> {
    this.spawn();
    const until = this.runtime.monotonic() + startMs;
    while (this.ownerId === '') {
      if (this.hasExited || this.runtime.monotonic() > until)
        throw new Error(`${this.orders.engineId} did not start:\n${this.text}`);
      await this.runtime.sleep(10);
    }
  }

  get engineId(): string {
    return this.orders.engineId;
  }

  get isAlive(): boolean {
    return !this.hasExited;
  }

  get nonce(): string {
    return this.ownerId.slice(this.orders.engineId.length + 1);
  }

  /** kill -9: no handler of the process runs. */
  async kill(): Promise<void> {
    if (!this.hasExited) this.kills += 1;
    this.child?.kill('SIGKILL');
    await this.exited;
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** The request alone; the process goes on until it has done it. */
  askToStop(): void {
    this.child?.kill('SIGTERM');
  }

  /** The exit code after SIGTERM; undefined when it has not ended within the bound. */
  async terminate(withinMs: number): Promise<number | null | undefined> {
    this.askToStop();
    return Promise.race([this.exited, this.runtime.sleep(withinMs).then(() => undefined)]);
  }

  /** What the engine itself believes to have at the venue. */
  knownOrders(): Promise<readonly KnownOrder[]> {
    return this.ask({ ask: 'orders' }) as Promise<readonly KnownOrder[]>;
  }

  /** Undefined when it does not answer in time. */
  async ask(question: Ask): Promise<unknown> {
    this.asked += 1;
    const id = this.asked;
    const answer = new Promise<unknown>((resolve) => this.answers.set(id, resolve));
    if (this.child?.connected) this.child.send({ ...question, id });
    return Promise.race([answer, this.runtime.sleep(answerMs).then(() => undefined)]);
  }

  output(): string {
    return this.text;
  }

  private heard(told: Told): void {
    if (told.kind === 'registered') this.ownerId = told.ownerId;
    else this.answers.get(told.id)?.(told.value);
  }
}
