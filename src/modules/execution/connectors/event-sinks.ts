import type { VenueEvent } from '../../../domain/venue-event';

/** Listeners of one stream, called in order on the stack of the frame. */
export class EventSinks {
  /** Replaced by every change, so that one during an event is heard from the next event on. */
  private sinks: readonly ((event: VenueEvent) => void)[] = [];

  add(sink: (event: VenueEvent) => void): () => void {
    this.sinks = [...this.sinks, sink];
    return () => void (this.sinks = this.sinks.filter((other) => other !== sink));
  }

  emit(event: VenueEvent): void {
    for (const sink of this.sinks) sink(event);
  }
}

/** A foreign text, short enough to keep. */
export const excerptOf = (frame: Buffer): string => frame.subarray(0, 512).toString('utf8');

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
