import type { Dispatcher } from 'undici';
import type { Answer } from './runtime';

/** The parts of undici's controller that one exchange needs. */
interface Controller {
  abort(reason: Error): void;
}

/**
 * One request and its answer. `onRequestStart` runs on the stack of the write, so the permission is asked there:
 * a refusal leaves no byte. It is asked once; a second start of the same request aborts, because no request may be
 * written twice.
 */
export class HttpExchange {
  private started = false;
  private refused: string | undefined;
  private done = false;
  private status: number | undefined;
  private headers: Readonly<Record<string, string>> = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly beforeWrite: () => boolean,
    private readonly maxBytes: number,
    private readonly finish: (answer: Answer) => void,
  ) {}

  /** Refuses a request that has not been written yet; a written one is left to answer. */
  expire(): void {
    if (this.started) return;
    this.refused = 'send deadline passed before the write';
    this.settle({ written: false, why: this.refused });
  }

  handler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: (controller) => this.start(controller),
      onResponseStart: (controller, status, headers) => this.head(status, headers),
      onResponseData: (controller, chunk) => this.data(controller, chunk),
      onResponseEnd: () => this.end(),
      onResponseError: (_controller, error) => this.fail(error),
    };
  }

  /** A connection that could not be made, or one that broke. */
  fail(error: Error): void {
    if (!this.started) return this.settle({ written: false, why: this.refused ?? textOf(error) });
    this.settle({ written: true, error: textOf(error) });
  }

  private start(controller: Controller): void {
    if (this.started) return controller.abort(new Error('a request starts once'));
    if (this.refused !== undefined) return controller.abort(new Error(this.refused));
    if (!this.beforeWrite()) {
      this.refused = 'refused at the moment of the write';
      return controller.abort(new Error(this.refused));
    }
    this.started = true;
  }

  private head(status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status;
    const plain: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
    }
    this.headers = plain;
  }

  private data(controller: Controller, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) return controller.abort(new Error('answer too large'));
    this.chunks.push(chunk);
  }

  private end(): void {
    const body = Buffer.concat(this.chunks).toString('utf8');
    this.settle({ written: true, status: this.status ?? 0, headers: this.headers, body });
  }

  private settle(answer: Answer): void {
    if (this.done) return;
    this.done = true;
    this.finish(answer);
  }
}

const textOf = (error: Error): string =>
  'code' in error ? `${String(error.code)} ${error.message}` : error.message;
