import type { End } from '../../domain/order';
import type { SwitchFacts, SwitchStep } from './dead-man';
import { dueAfter, isOverdue, mayRenew, recordedFor, switchStep, tellsFired } from './dead-man';
import type { SwitchLook } from './dead-man-words';
import { switchTrouble, switchWords } from './dead-man-words';

const now = 1_000_000;
const btc = 'BTC/USDT';
const eth = 'ETH/USDT';
/** An engine that works, on an account of its own, at a venue with a switch per pair; nothing armed yet. */
const working: SwitchFacts = {
  ...{
    kind: 'instrument',
    isDedicated: true,
    isShared: false,
    isOffered: false,
    isLeaving: false,
    traded: [btc],
    resting: [btc],
  },
  ...{
    databaseAt: now - 900,
    tickLateMs: 0,
    armed: [],
    isOurs: false,
    isOwnerElsewhere: false,
    dueAt: Infinity,
  },
  ...{ renewedAt: -Infinity, askedAt: -Infinity, refusedAt: -Infinity },
};
const armed: SwitchFacts = { ...working, armed: [btc], isOurs: true, renewedAt: now - 4_999 };
const due: SwitchFacts = { ...armed, renewedAt: now - 5_000 };
/** Another engine trades beside this one and has renewed it last. */
const others: SwitchFacts = {
  ...{ ...armed, isShared: true, isOurs: false, isOwnerElsewhere: true, dueAt: now + 25_000 },
};
/** Orders of another pair are in other hands already, and the rest is still here. */
const handing: SwitchFacts = {
  ...due,
  isShared: true,
  isLeaving: true,
  armed: [btc, eth],
  dueAt: now + 25_000,
};
const stopped: SwitchFacts = { ...armed, traded: [], resting: [] };

type Row = readonly [what: string, facts: SwitchFacts, step: SwitchStep];
const arm = (...places: string[]): SwitchStep => ({ act: 'arm', places, why: 'ARMED' });
const renew = (...places: string[]): SwitchStep => ({ act: 'renew', places, why: 'ARMED' });
const disarm = (why: SwitchStep['why'], ...places: string[]): SwitchStep => ({ act: 'disarm', places, why });
const none = (why: SwitchStep['why']): SwitchStep => ({ act: 'none', why });

const rows: readonly Row[] = [
  ['a venue without one', { ...working, kind: 'none' }, none('NOT_OFFERED')],
  ['an account of others too', { ...working, isDedicated: false }, none('NOT_DEDICATED')],
  ['two engines on it', { ...working, isShared: true }, none('SHARED')],
  ['all is well, and something was just asked', { ...working, askedAt: now - 1_099 }, none('ARMED')],
  ['no lease', { ...working, traded: [] }, none('NOT_TRADING')],
  ['all is well', working, arm(btc)],
  ['armed a moment ago', armed, none('ARMED')],
  ['five seconds later', due, renew(btc)],
  ['the last answer of the database too old', { ...due, databaseAt: now - 5_000 }, none('DATABASE_SILENT')],
  ['the same, before it was ever armed', { ...working, databaseAt: -Infinity }, none('DATABASE_SILENT')],
  ['the tick a second late', { ...due, tickLateMs: 1_000 }, none('TICK_LATE')],
  ['the tick nearly a second late', { ...due, tickLateMs: 999 }, renew(btc)],
  ['a pair more is traded', { ...armed, traded: [btc, eth] }, renew(btc, eth)],
  ['a pair less, and nothing rests there', { ...armed, armed: [btc, eth] }, disarm('ARMED', eth)],
  ['a pair less, and an order rests there', { ...armed, armed: [btc, eth], resting: [eth] }, none('ARMED')],
  ['the same when it is due', { ...due, armed: [btc, eth], resting: [eth] }, renew(btc, eth)],
  ['a pair less, just refused', { ...armed, armed: [btc, eth], refusedAt: now - 4_999 }, none('ARMED')],
  ['a renewal that failed is not repeated at once', { ...armed, refusedAt: now - 10 }, none('ARMED')],
  ['the last strategy has stopped', stopped, disarm('NOT_TRADING', btc)],
  ['the same with an order left', { ...stopped, resting: [eth] }, none('ORDERS_LEFT')],
  ['the same, and another engine trades on', { ...stopped, isShared: true }, none('NOT_TRADING')],
  ['the same, armed by another engine', { ...stopped, isOurs: false }, none('NOT_TRADING')],
  ['the same, just renewed', { ...stopped, askedAt: now - 1_099 }, none('NOT_TRADING')],
  ['the same, just refused', { ...stopped, refusedAt: now - 1 }, none('NOT_TRADING')],
  ['the same, the database silent', { ...stopped, databaseAt: now - 9_000 }, none('DATABASE_SILENT')],
  ['another engine came', { ...armed, isShared: true }, disarm('SHARED', btc)],
  ['another engine armed it and we came', { ...armed, isOurs: false, isShared: true }, disarm('SHARED', btc)],
  ['not dedicated any more', { ...armed, isDedicated: false }, disarm('NOT_DEDICATED', btc)],
  ['another engine armed it and trades on', others, none('SHARED')],
  [
    'the same, and it leaves it until it all but fires',
    { ...others, dueAt: now + 3_000 },
    disarm('SHARED', btc),
  ],
  ['two engines, and a third has armed it', { ...others, isOwnerElsewhere: false }, disarm('SHARED', btc)],
  ['we hand over, and another engine has taken some', handing, renew(btc, eth)],
  ['the same, nothing running here any more', { ...handing, traded: [], resting: [] }, renew(btc, eth)],
  ['the same, just renewed', { ...handing, renewedAt: now - 4_999 }, none('ARMED')],
  ['the same, renewed by the heir', { ...handing, isOurs: false, traded: [] }, none('NOT_TRADING')],
  ['we stop, and it is not armed', { ...handing, armed: [] }, none('SHARED')],
  ['a pair is nobody’s yet', { ...armed, armed: [btc, eth], isOffered: true }, none('ARMED')],
  ['the same when it is due', { ...due, armed: [btc, eth], isOffered: true }, renew(btc, eth)],
  [
    'not dedicated any more, armed by another, nothing traded here',
    { ...stopped, isDedicated: false, isOurs: false },
    none('NOT_DEDICATED'),
  ],
  [
    'what a dead engine armed is renewed by the next one',
    { ...working, armed: [btc, eth], resting: [] },
    renew(btc),
  ],
];

it.each(rows)('the switch: %s', (_, facts, step) => expect(switchStep(facts, now)).toEqual(step));

it.each<readonly [string, Partial<SwitchFacts>, boolean]>([
  ['it works', {}, true],
  ['nothing is traded here', { traded: [] }, false],
  ['another engine came', { isShared: true }, false],
  ['we hand over to it', { isShared: true, isLeaving: true, traded: [] }, true],
  ['we hand over to it, and it has renewed it', { isShared: true, isLeaving: true, isOurs: false }, false],
  ['not dedicated any more', { isDedicated: false }, false],
  ['the database is silent', { databaseAt: now - 5_000 }, false],
])('a renewal may leave: %s', (_, facts, may) => expect(mayRenew({ ...armed, ...facts }, now)).toBe(may));

describe('when it may fire', () => {
  it.each([
    ['agreed to', 500, true, 31_000],
    ['not agreed to: what was agreed before runs on', 20_000, false, 20_000],
    ['not agreed to, and nothing ran', undefined, false, 31_000],
    ['not agreed to, and what ran is over', 900, false, 31_000],
  ])('%s', (_, before, isAgreed, at) => expect(dueAfter(before, { askedAt: 1_000, isAgreed })).toBe(at));

  it('is overdue half its time before', () => {
    expect([isOverdue(1_000, 15_999), isOverdue(1_000, 16_000)]).toEqual([false, true]);
  });

  it.each([
    ['nothing runs', [], 30_000],
    ['what ran is over', [999, 1_000], 30_000],
    ['renewed in time', [26_000, 26_500], 30_000],
    ['not agreed to the last time', [21_000, 26_000], 25_000],
  ])('is written down before it is asked: %s', (_, due, ms) => expect(recordedFor(due, 1_000)).toBe(ms));
});

describe('the end of an order tells that it has fired', () => {
  const canceled: End = { why: 'canceled', at: 0 };
  const named: End = { ...canceled, code: 'DEAD_MAN' };
  const order = { ended: canceled, sentAt: 10, commandSentAt: undefined };
  it.each([
    ['per pair, after its time', order, 'instrument', 1_000, true],
    ['an order of an engine before us', { ...order, sentAt: undefined }, 'instrument', 1_000, true],
    ['before its time', order, 'instrument', 1_001, false],
    ['not armed', order, 'instrument', undefined, false],
    ['we had canceled it', { ...order, commandSentAt: 999 }, 'instrument', 1_000, false],
    ['we canceled it too late', { ...order, commandSentAt: 1_000 }, 'instrument', 1_000, true],
    ['sent after it had fired', { ...order, sentAt: 1_000 }, 'instrument', 1_000, false],
    ['filled', { ...order, ended: { why: 'filled', at: 0 } as End }, 'instrument', 1_000, false],
    ['not over', { ...order, ended: undefined }, 'instrument', 1_000, false],
    ['the venue names it', { ...order, ended: named, commandSentAt: 5 }, 'account', undefined, true],
    ['the venue names another cause', { ...order, ended: { ...canceled, code: '1' } }, 'account', 1, false],
  ] as const)('%s', (_, end, kind, dueAt, is) =>
    expect(tellsFired(end, { kind, dueAt, source: 'ws-order' }, 1_000)).toBe(is),
  );

  it('but for the answer to a cancel of our own', () => {
    const late = { ...order, commandSentAt: 1_000 };
    const told = { kind: 'instrument', dueAt: 1_000 } as const;
    expect(tellsFired(late, { ...told, source: 'ws-order' }, 1_000)).toBe(true);
    expect(tellsFired(late, { ...told, source: 'reply' }, 1_000)).toBe(false);
  });
});

describe('its words', () => {
  const look: SwitchLook = {
    ...{ venue: 'okx', why: 'ARMED', otherOwner: undefined, renewedAgoMs: 3_100 },
    ...{ firesInMs: 26_900, isOverdue: false },
  };
  const off = { ...look, firesInMs: undefined, renewedAgoMs: undefined };
  it.each<readonly [SwitchLook, string]>([
    [look, 'Orders die 30 s after the engine stops; last renewed 3 s ago.'],
    [
      { ...look, why: 'DATABASE_SILENT', renewedAgoMs: 17_000, firesInMs: 13_000, isOverdue: true },
      'Not renewed for 17 s: the database does not answer. Orders die in 13 s.',
    ],
    [{ ...look, otherOwner: 'b-1' }, 'Armed by the engine b-1, unless it is renewed. Orders die in 27 s.'],
    [
      { ...look, renewedAgoMs: 45_000, firesInMs: -15_000, isOverdue: true },
      'Not renewed for 45 s: the venue has not agreed. Its time is over: orders have died.',
    ],
    [
      { ...off, why: 'NOT_OFFERED', venue: 'binance' },
      "binance offers none; a watchdog process, where one runs, cancels the engine's orders 15 s after it has stopped.",
    ],
    [{ ...off, why: 'NOT_TRADING' }, 'Not armed: nothing trades here.'],
  ])('%#', (seen, text) => expect(switchWords(seen)).toBe(text));

  it('name a trouble while it can be mended, and when two engines share', () => {
    expect(switchTrouble(look)).toBeUndefined();
    expect(switchTrouble({ ...off, why: 'SHARED' })).toContain('another engine trades this account');
    expect(switchTrouble({ ...look, isOverdue: true })).toContain('orders die in 27 s');
    expect(switchTrouble({ ...look, renewedAgoMs: undefined, isOverdue: true })).toBe(
      'asked for, and the venue has not agreed',
    );
  });
});
