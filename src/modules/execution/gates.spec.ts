import { Instrument } from '../../domain/instrument';
import type { GateInputs } from './gates';
import { gateReasons } from './gates';

const health = {
  ...{ publicLive: true, privateLive: true, privateSince: 0 },
  ...{ clockOffsetMs: 0, isClockDoubted: false, createWaitMs: 0 },
};
const connected = (part: Partial<GateInputs['connector']>): Partial<GateInputs> => ({
  connector: { ...calm.connector, ...part },
});
const calm: GateInputs = {
  ...{ mono: 100_000, mode: 'running', haltCode: undefined, halt: undefined, lean: 0 },
  ...{ lease: 'held', drainLeftMs: 0, isReconciled: true, disagreement: undefined },
  uncompared: undefined,
  connector: health as GateInputs['connector'],
  ...{ canCreate: true, isStreamSilent: false, loopLagMs: 0, databaseDownSince: undefined },
  rules: new Instrument({
    ...{ venue: 'binance', id: 'BTC/USDT', venueSymbol: 'BTCUSDT', base: 'BTC', quote: 'USDT' },
    ...{ tickSize: '0.01', lotSize: '0.0001', minQuantity: '0.0001', maxQuantity: '9', minNotional: '5' },
    ...{ makerFeeBps: 10, takerFeeBps: 10, maxOpenOrders: 200, status: 'trading' },
  }),
};
const halt = { scopeKey: 'global', level: 'HALTED', reason: 'why', actor: 'anna' } as const;

describe('what keeps a strategy from quoting', () => {
  it.each<[string, Partial<GateInputs>, readonly string[]]>([
    ['nothing', {}, []],
    ['a person', { halt }, ['KILL_SWITCH block both']],
    ['the engine', { halt: { ...halt, actor: 'engine' } }, ['PAUSED_BY_RISK block both']],
    ['a milder halt', { halt: { ...halt, level: 'CANCEL_ONLY' } }, ['PAUSED_BY_RISK block both']],
    ['a fault said once', { mode: 'halted', halt }, ['KILL_SWITCH block both']],
    ['a fault', { mode: 'halted', haltCode: 'X' }, ['PAUSED_BY_RISK block both']],
    ['a lease too old to create', { lease: 'stale' }, ['LEASE_NOT_HELD hold both']],
    ['a lease that may be another’s', { lease: 'lost' }, ['LEASE_NOT_HELD block both']],
    ['what a dead engine signed', { drainLeftMs: 1 }, ['DRAINING hold both']],
    ['an account not asked', { isReconciled: false }, ['RECONCILING hold both']],
    ['too much money', { disagreement: 'USDT 5' }, ['ACCOUNT_UNRECONCILED info both']],
    ['silence the venue asked for', connected({ createWaitMs: 501 }), ['RATE_LIMITED hold both']],
    ['limits that never let an order', connected({ createWaitMs: Infinity }), ['RATE_LIMITED hold both']],
    ['no wait that a create outlives', connected({ createWaitMs: 500 }), []],
    ['a clock far off', connected({ clockOffsetMs: -1_500 }), ['CLOCK_SKEW info both']],
    ['a clock called wrong', connected({ isClockDoubted: true }), ['CLOCK_SKEW hold both']],
    ['a balance never compared', { uncompared: 'USDT' }, ['ACCOUNT_UNRECONCILED hold both']],
  ])('is %s', (_name, part, expected) => {
    const reasons = gateReasons({ ...calm, ...part });
    expect(reasons.map(({ code, effect, side }) => `${code} ${effect} ${side}`)).toEqual(expected);
  });

  it.each<[number, readonly string[]]>([
    [0.5, ['bid']],
    [-0.5, ['ask']],
    [0, ['bid', 'ask']],
  ])('under REDUCE_ONLY with a position %s off its target: the sides %j', (lean, sides) => {
    const reasons = gateReasons({ ...calm, lean, halt: { ...halt, level: 'REDUCE_ONLY' } });
    expect(reasons.map(({ side }) => side)).toEqual(sides);
    expect(reasons.every(({ code, effect }) => code === 'REDUCE_ONLY' && effect === 'block')).toBe(true);
  });
});
