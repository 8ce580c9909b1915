import type { VenueEvent } from '../../../domain/venue-event';
import { EventSinks } from './event-sinks';

const event = {} as VenueEvent;

it('tells its listeners in order, and none that has left or joined during the event before the next one', () => {
  const sinks = new EventSinks();
  const log: string[] = [];
  let leaveSecond = (): void => undefined;
  sinks.add(() => {
    log.push('first');
    leaveSecond();
    if (log.length === 1) sinks.add(() => log.push('third'));
  });
  leaveSecond = sinks.add(() => log.push('second'));
  sinks.emit(event);
  expect(log.splice(0)).toEqual(['first', 'second']);
  log.push('next');
  sinks.emit(event);
  expect(log).toEqual(['next', 'first', 'third']);
});
