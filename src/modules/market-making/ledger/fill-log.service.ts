import { Injectable } from '@nestjs/common';
import type { Fill } from '../../../domain/fill';
import type { FillSink } from '../../execution/types';

type Listener = (fill: Fill) => void;

/** Passes the notice of a booked fill on to whoever shows fills. */
@Injectable()
export class FillLogService implements FillSink {
  private readonly listeners = new Set<Listener>();

  fillBooked(fill: Fill): void {
    for (const listener of this.listeners) listener(fill);
  }

  onFill(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
