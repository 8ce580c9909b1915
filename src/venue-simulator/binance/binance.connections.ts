import type { Ms } from '../../domain/units';
import type { Timer } from '../../runtime/runtime';
import type { FramePort } from '../frame-port';
import type { BinanceParts } from './binance-parts';

interface Connection {
  readonly openedAt: Ms;
  /** The socket's own way to say that the server shuts down. */
  readonly farewell: (at: Ms) => unknown;
}

const lookMs = 1_000;
const goingAway = 1001;

/** How long connections last: closed when they have become too old, or some time after a word that the server goes. */
export class Connections {
  private readonly open = new Map<FramePort, Connection>();
  private readonly timers = new Set<Timer>();

  constructor(private readonly parts: Pick<BinanceParts, 'now' | 'timers' | 'control'>) {
    this.timers.add(parts.timers.every(lookMs, () => this.closeOld()));
    parts.control.onShutdown((closeAfterMs) => this.announce(closeAfterMs));
  }

  add(ws: FramePort, farewell: Connection['farewell']): void {
    this.open.set(ws, { openedAt: this.parts.now(), farewell });
    ws.on('close', () => this.open.delete(ws));
  }

  stop(): void {
    for (const timer of this.timers) this.parts.timers.clear(timer);
    this.timers.clear();
  }

  private closeOld(): void {
    const { now, control } = this.parts;
    for (const [ws, { openedAt }] of this.open)
      if (now() - openedAt > control.connectionAgeMs) ws.close(goingAway);
  }

  /** Those that are opened afterwards are served elsewhere. */
  private announce(closeAfterMs: number): void {
    const told = [...this.open];
    for (const [ws, { farewell }] of told) ws.send(JSON.stringify(farewell(this.parts.now())));
    const timer = this.parts.timers.set(closeAfterMs, () => {
      this.timers.delete(timer);
      for (const [ws] of told) ws.close(goingAway);
    });
    this.timers.add(timer);
  }
}
