import type { UserEvent } from './dialect';
import { messageOf } from './event-sinks';
import type { JsonRecord } from './venue-json';

/** The events of each row of a frame. A row that cannot be read is set aside and hides none of the others. */
export function eventsOfRows(
  rows: readonly JsonRecord[],
  read: (row: JsonRecord) => readonly UserEvent[],
): readonly UserEvent[] {
  return rows.flatMap((row) => {
    try {
      return read(row);
    } catch (error) {
      const raw = JSON.stringify(row).slice(0, 512);
      return [{ type: 'quarantine', stream: 'private', raw, error: messageOf(error) } as const];
    }
  });
}
