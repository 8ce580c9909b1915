import { configOf, orderOf, targetOf } from '../../../../test/support/decisions';
import { ask, bid, sceneOf } from '../../../../test/support/risk-scene';
import type { Scene } from '../../../../test/support/risk-scene';
import type { Reason } from '../../../domain/reason';
import { admit, fit } from './admit';
import { defaultLimits, lowered } from './limits';

const day = { pnl: 0, peak: 0, equity: 2_000 };
const gate: readonly Reason[] = [{ code: 'RECONCILING', effect: 'hold', side: 'both', params: {} }];
const block = (code: Reason['code'], side: Reason['side'] = 'both'): readonly Reason[] => [
  { code, effect: 'block', side, params: {} },
];
const other = (price: number) =>
  orderOf({ side: 'sell', slotKey: 'ask-0', strategyId: 's2', accountId: 'a2', price });
const band = { bid: { down: 0.999, up: 1.001 }, ask: { down: 0.5, up: 1.5 } };
const capped = (others: number, limit: number): Scene => ({
  view: { exposure: [{ scope: 'global', others, limit }] },
});

/** Name, scene, code expected; undefined when the order must pass: each limit is seen from both sides. */
const table: readonly (readonly [string, Scene, string | undefined])[] = [
  ['1 a hold', { view: { gate } }, 'RECONCILING'],
  ['1 the kill switch', { view: { gate: block('KILL_SWITCH') } }, 'KILL_SWITCH'],
  ['1 a lost lease', { view: { gate: block('LEASE_NOT_HELD') } }, 'LEASE_NOT_HELD'],
  ['1 a halt of risk', { view: { gate: block('PAUSED_BY_RISK') } }, 'PAUSED_BY_RISK'],
  ['1 reduce only, the adding side', { view: { gate: block('REDUCE_ONLY', 'bid') } }, 'REDUCE_ONLY'],
  ['1 reduce only, the other side', { view: { gate: block('REDUCE_ONLY', 'ask') } }, undefined],
  ['10 below the budget the venue has left', { places: [bid], recent: { orderBudget: 1 } }, undefined],
  ['10 at the budget the venue has left', { places: [bid], recent: { orderBudget: 0 } }, 'ORDER_COUNT_LIMIT'],
  ['5 references 100 bps apart', { view: { secondReferenceTicks: 10_100 } }, undefined],
  ['5 references further apart', { view: { secondReferenceTicks: 10_101 } }, 'REFERENCES_DISAGREE'],
  [
    '5 at the collar of the second reference',
    { limits: { collarBps: 50 }, view: { secondReferenceTicks: 10_040 } },
    undefined,
  ],
  [
    '5 beyond the collar of the second reference',
    { limits: { collarBps: 50 }, view: { secondReferenceTicks: 10_041 } },
    'PRICE_COLLAR',
  ],
  ['5 at the band of the venue', { rules: { percentPrice: band } }, undefined],
  [
    '5 below the band of the venue',
    { rules: { percentPrice: band }, places: [targetOf({ priceTicks: 9_989 })] },
    'PRICE_COLLAR',
  ],
  ['6 one tick away', { places: [targetOf({ priceTicks: 10_000 })] }, undefined],
  ['6 at the opposite best', { places: [targetOf({ priceTicks: 10_001 })] }, 'POST_ONLY_MARGIN'],
  ['7 an ask of another account 6 ticks in', { view: { orders: [other(9_985)] } }, 'SELF_CROSS_GUARD'],
  ['8 at the limit', { limits: { maxOrderNotional: '99.9' } }, undefined],
  ['8 above the limit', { limits: { maxOrderNotional: '99.89' } }, 'ORDER_NOTIONAL_LIMIT'],
  ['11 the last create of a second', { recent: { creates: 49 } }, undefined],
  ['11 one create too many', { recent: { creates: 50 } }, 'ORDER_RATE_LIMIT'],
  ['11 cancels beyond number', { recent: { cancels: 10_000 } }, undefined],
  ['13 no mark yet', { recent: { day: undefined } }, undefined],
  ['13 a loss at the limit', { recent: { day: { ...day, pnl: -200 } } }, undefined],
  ['13 a loss beyond it', { recent: { day: { ...day, pnl: -200.01 } } }, 'LOSS_LIMIT'],
  [
    '13 a limit of its own',
    { recent: { day: { ...day, pnl: -51 } }, limits: { maxDailyLoss: 50 } },
    'LOSS_LIMIT',
  ],
  ['13 a fall at the limit', { recent: { day: { ...day, peak: 300, pnl: 100 } } }, undefined],
  ['13 a fall beyond it', { recent: { day: { ...day, peak: 300, pnl: 99 } } }, 'DRAWDOWN_LIMIT'],
  ['14 fills at the limit', { recent: { fills: 300 } }, undefined],
  ['14 fills beyond it', { recent: { fills: 301 } }, 'TOXIC_FLOW'],
  ['14 a streak at the limit', { recent: { streak: { side: 'bid', orders: 30 } } }, undefined],
  ['14 a streak beyond it', { recent: { streak: { side: 'bid', orders: 31 } } }, 'ONE_SIDED_FILLS'],
  ['14 a streak of the other side', { recent: { streak: { side: 'ask', orders: 31 } } }, undefined],
  ['15 at the cap', capped(0, 1_098.9), undefined],
  ['15 beyond the cap', capped(0, 1_098.8), 'EXPOSURE_LIMIT'],
  ['15 a cap the others use', capped(500, 1_098.9), 'EXPOSURE_LIMIT'],
];

describe('the gate', () => {
  it.each(table)('%s', (_, scene, code) => {
    const { batch, risk } = sceneOf({ places: [bid], ...scene });
    const { approved, refused } = admit(batch, risk);
    expect(refused.map((reason) => reason.code)).toEqual(code === undefined ? [] : [code]);
    expect(approved).toHaveLength(code === undefined ? 1 : 0);
  });

  it('lets a sale pass whatever the exposure is', () => {
    const { batch, risk } = sceneOf({ places: [ask], ...capped(1e9, 1) });
    expect(admit(batch, risk).approved).toHaveLength(1);
  });

  it('counts what the batch was admitted before: creates and exposure', () => {
    const places = [bid, targetOf({ slot: 'bid-1', priceTicks: 9_980 })];
    const slow = sceneOf({ places, recent: { creates: 49 } });
    expect(admit(slow.batch, slow.risk).refused).toMatchObject([{ code: 'ORDER_RATE_LIMIT', slot: 'bid-1' }]);
    const full = sceneOf({ places, ...capped(0, 1_150) });
    expect(admit(full.batch, full.risk).refused).toMatchObject([{ code: 'EXPOSURE_LIMIT', slot: 'bid-1' }]);
  });

  it('asks about the rate and about holds only for what is created, not for what rests', () => {
    const { batch, risk } = sceneOf({ places: [bid], recent: { creates: 50 }, view: { gate } });
    expect(fit(batch, risk).targets).toEqual([bid]);
  });

  it('pulls the quotes of a day beyond its loss', () => {
    const { batch, risk } = sceneOf({ recent: { day: { ...day, pnl: -201 } } });
    expect(fit(batch, risk).targets).toEqual([]);
  });

  it('names the first reason in the fixed order', () => {
    const scene: Scene = {
      places: [bid],
      recent: { creates: 50, fills: 301, day: { ...day, pnl: -201 } },
      view: { freeQuoteTickLots: 0 },
    };
    const codes = [
      scene,
      { ...scene, recent: { ...scene.recent, creates: 0 } },
      { ...scene, recent: { ...scene.recent, creates: 0 }, view: {} },
      { ...scene, recent: { fills: 301 }, view: {} },
    ].map((one) => {
      const { batch, risk } = sceneOf(one);
      return admit(batch, risk).refused.map((reason) => reason.code);
    });
    expect(codes).toEqual([['ORDER_RATE_LIMIT'], ['INSUFFICIENT_QUOTE'], ['LOSS_LIMIT'], ['TOXIC_FLOW']]);
  });
});

describe('the nudge', () => {
  const nudgedTo = (price: number, strategyId = 's2') => {
    const { batch, risk } = sceneOf({ places: [bid], view: { orders: [{ ...other(price), strategyId }] } });
    return admit(batch, risk);
  };

  it('moves a quote by up to 5 ticks, one tick clear of the order of another strategy, and says so', () => {
    const near = nudgedTo(9_986);
    expect(near.approved.map((order) => order.price)).toEqual([9_985]);
    expect(near.refused).toMatchObject([{ code: 'SELF_CROSS_GUARD', params: { blocker: '99.86' } }]);
    expect(nudgedTo(9_985).approved).toEqual([]);
  });

  it('waits for an order of the same strategy, which is about to move', () => {
    expect(nudgedTo(9_990, 's1')).toMatchObject({ approved: [], refused: [{ code: 'SELF_CROSS_GUARD' }] });
  });

  it('lets a nudged order rest: fit and admit agree', () => {
    const { batch, risk } = sceneOf({ places: [bid], view: { orders: [other(9_990)] } });
    expect(fit(batch, risk).targets.map((quote) => quote.priceTicks)).toEqual([9_989]);
  });
});

describe('limits of a strategy', () => {
  it('lower what the operator allows and never raise it', () => {
    const wanted = configOf({
      limits: { collarBps: 300, maxOrderNotionalQuote: '50', maxFillsPerMinute: 10, maxOneSidedFills: 99 },
    }).limits;
    expect(lowered({ ...defaultLimits, maxOrderNotional: '40' }, wanted)).toMatchObject({
      collarBps: 200,
      maxOrderNotional: '40',
      fillsPerMinute: 10,
      oneSidedOrders: 30,
    });
    expect(lowered(defaultLimits, wanted).maxOrderNotional).toBe('50');
  });
});
