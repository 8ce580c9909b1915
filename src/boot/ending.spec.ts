import type { EndStep, Way } from './ending';
import { Ending } from './ending';

type Wish = readonly [Way, 'signal' | 'person'];
const term: Wish = ['handover', 'signal'];
const interrupt: Wish = ['stop', 'signal'];
const asked: Wish = ['handover', 'person'];

it.each<[string, readonly Wish[], readonly EndStep[]]>([
  ['a stop', [interrupt], ['begin']],
  ['a stop asked for twice', [interrupt, interrupt], ['begin', 'exit']],
  ['a handover by signal', [term], ['begin']],
  ['a handover by a person', [asked], ['begin']],
  ['the signal of a deploy after a person asked', [asked, term], ['begin', 'join']],
  ['and again', [asked, term, term], ['begin', 'join', 'cut short']],
  ['a handover that is not waited for', [term, term], ['begin', 'cut short']],
  ['and then not at all', [term, term, term], ['begin', 'cut short', 'exit']],
  ['Ctrl-C in a handover', [asked, interrupt], ['begin', 'cut short']],
  ['twice', [asked, interrupt, interrupt], ['begin', 'cut short', 'exit']],
  ['the signal for a handover during a stop', [interrupt, term], ['begin', 'exit']],
  ['a person who asks for a handover during a stop', [interrupt, asked], ['begin', 'join']],
])('%s', (_what, wishes, steps) => {
  const ending = new Ending();
  expect(wishes.map(([way, by]) => ending.wish(way, by === 'signal'))).toEqual(steps);
});
