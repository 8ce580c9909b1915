import { instrumentOf } from '../../../test/support/decisions';
import type { Instrument, InstrumentRules } from '../../domain/instrument';
import { VirtualRuntime } from '../../runtime/virtual-runtime';
import { rulesRefreshMs, statusPollMs, windDownAfterMs } from './common/constants';
import { RulesKeeper } from './rules-keeper';

const place = { venue: 'binance', id: 'BTC/USDT' } as const;

function bench() {
  const runtime = new VirtualRuntime({ seed: 1, startMs: 1_764_000_000_000 });
  const venue = { rules: instrumentOf(), reads: 0, isDown: false, answerMs: 0 };
  let known: Instrument = venue.rules;
  const state = { inForce: known, ofOrders: [] as Instrument[], isOffGrid: false };
  const feed = {
    rulesOf: () => known,
    rereadRules: async () => {
      venue.reads += 1;
      const answer = venue.rules;
      await runtime.sleep(venue.answerMs);
      if (venue.isDown) throw new Error('gone');
      return (known = answer);
    },
  };
  const traded = () => ({ ...place, feed, ...state, inForce: [state.inForce] });
  const notices: string[] = [];
  const halts: string[] = [];
  const keeper = new RulesKeeper({
    runtime,
    notify: ({ code }) => void notices.push(code),
    traded: () => [traded()],
    adopt: (rules) => (state.inForce = rules),
    windDown: ({ id }, detail) => void halts.push(`${id} ${detail}`),
    halt: (accountId, instrument, detail) => void halts.push(`${accountId} ${instrument} ${detail}`),
  });
  keeper.start();
  const reasons = (): string =>
    keeper
      .reasons(traded())
      .map(({ code }) => code)
      .join();
  const change = (rules: Partial<InstrumentRules>): void => {
    venue.rules = instrumentOf({ ...venue.rules.rules, ...rules });
  };
  const refuse = (sentAt = runtime.monotonic()): void =>
    keeper.filterRefused('a1', place, { sentAt, text: 'Filter failure: PRICE_FILTER' });
  return { runtime, venue, state, keeper, notices, halts, reasons, change, refuse };
}

describe('the rules of an instrument', () => {
  it('are read every half hour', async () => {
    const { runtime, venue } = bench();
    await runtime.advance(rulesRefreshMs - 1_000);
    expect(venue.reads).toBe(0);
    await runtime.advance(3_000);
    expect(venue.reads).toBe(1);
    await runtime.advance(rulesRefreshMs);
    expect(venue.reads).toBe(2);
  });

  it('in new steps wait until every order of the old ones has ended', async () => {
    const { runtime, state, reasons, change, refuse, notices } = bench();
    const old = state.inForce;
    state.ofOrders = [old];
    change({ tickSize: '0.1' });
    refuse();
    await runtime.advance(5_000);
    expect(reasons()).toBe('INSTRUMENT_RULES_CHANGED');
    expect(state.inForce).toBe(old);
    state.ofOrders = [];
    await runtime.advance(1_000);
    expect(state.inForce.rules.tickSize).toBe('0.1');
    expect(reasons()).toBe('');
    expect(notices).toEqual(['INSTRUMENT_RULES_CHANGED']);
  });

  it('that were taken back before the old orders had ended stay as they were', async () => {
    const { runtime, state, reasons, change, refuse } = bench();
    state.ofOrders = [state.inForce];
    change({ minNotional: '50' });
    refuse();
    await runtime.advance(2_000);
    expect(reasons()).toBe('INSTRUMENT_RULES_CHANGED');
    change({ minNotional: '0' });
    await runtime.advance(rulesRefreshMs + 2_000);
    expect(reasons()).toBe('');
  });

  it('are not in force while an order made in other steps is not over, whoever made it', () => {
    const { state, reasons } = bench();
    state.ofOrders = [instrumentOf({ tickSize: '0.005' })];
    expect(reasons()).toBe('INSTRUMENT_RULES_CHANGED');
  });

  it('change in place where resting orders stay legal', async () => {
    const { runtime, state, change, refuse, notices } = bench();
    state.ofOrders = [state.inForce];
    change({ maxQuantity: '5' });
    refuse();
    await runtime.advance(1_000);
    expect(state.inForce.rules.maxQuantity).toBe('5');
    expect(notices).toEqual([]);
  });

  it('are asked for again soon when the venue does not answer', async () => {
    const { runtime, venue, state, change, refuse, notices } = bench();
    venue.isDown = true;
    change({ maxQuantity: '5' });
    refuse();
    await runtime.advance(2_000);
    expect(new Set(notices)).toEqual(new Set(['READ_FAILED']));
    venue.isDown = false;
    await runtime.advance(2_000);
    expect(state.inForce.rules.maxQuantity).toBe('5');
  });

  it('hold back what would be made by them from a refusal until they are read', async () => {
    const { runtime, venue, reasons, refuse, change } = bench();
    venue.isDown = true;
    change({ maxQuantity: '5' });
    refuse();
    await runtime.advance(30_000);
    expect(reasons()).toBe('INSTRUMENT_RULES_UNSURE');
    venue.isDown = false;
    await runtime.advance(3_000);
    expect(reasons()).toBe('');
  });

  it('are read when the book cannot be read by them', async () => {
    const { runtime, venue, state } = bench();
    state.isOffGrid = true;
    await runtime.advance(2_000);
    expect(venue.reads).toBe(1);
    await runtime.advance(statusPollMs);
    expect(venue.reads).toBe(2);
  });
});

describe('orders refused by a filter', () => {
  it('of one moment count once', async () => {
    const { runtime, venue, refuse, halts } = bench();
    for (let i = 0; i < 6; i += 1) refuse();
    await runtime.advance(1_000);
    expect(venue.reads).toBe(1);
    expect(halts).toEqual([]);
  });

  it('halt the instrument when one sent under the rules just read is among them', async () => {
    const { runtime, venue, refuse, halts } = bench();
    venue.answerMs = 300;
    const before = runtime.monotonic();
    refuse();
    await runtime.advance(100);
    refuse(); // Sent before the rules were known.
    await runtime.advance(1_000);
    refuse(before);
    expect(halts).toEqual([]);
    refuse();
    expect(halts).toEqual(['a1 BTC/USDT refused again under rules just read: Filter failure: PRICE_FILTER']);
    expect(venue.reads).toBe(1);
  });

  it('begin to count anew under new rules, and after half an hour', async () => {
    const { runtime, refuse, halts, change } = bench();
    change({ tickSize: '0.1' });
    refuse();
    await runtime.advance(2_000);
    refuse();
    await runtime.advance(rulesRefreshMs + 1_000);
    refuse();
    expect(halts).toEqual([]);
    await runtime.advance(1_000);
    refuse();
    expect(halts).toHaveLength(1);
  });
});

describe('a pair that does not trade', () => {
  it('only cancels from the refusal on, and trades again by itself', async () => {
    const { runtime, state, keeper, reasons, change, notices } = bench();
    change({ status: 'cancel_only' });
    keeper.marketClosed(place);
    expect(reasons()).toBe('INSTRUMENT_CANCEL_ONLY');
    await runtime.advance(1_000);
    expect(state.inForce.rules.status).toBe('cancel_only');
    change({ status: 'trading' });
    await runtime.advance(statusPollMs + 1_000);
    expect(state.inForce.rules.status).toBe('trading');
    expect(reasons()).toBe('');
    expect(notices).toEqual(['INSTRUMENT_STATUS', 'INSTRUMENT_STATUS']);
  });

  it('stays closed until it has been asked after the refusal', async () => {
    const { runtime, venue, keeper, reasons, refuse } = bench();
    venue.answerMs = 500;
    refuse();
    await runtime.advance(100);
    keeper.marketClosed(place);
    await runtime.advance(600);
    expect(reasons()).toBe('INSTRUMENT_CANCEL_ONLY');
    await runtime.advance(2_000);
    expect(venue.reads).toBe(2);
    expect(reasons()).toBe('');
  });
});

describe('a pair that does not come back', () => {
  it('is wound down as soon as the venue lists it no more, once', async () => {
    const { runtime, keeper, state, change, halts } = bench();
    change({ status: 'delisted' });
    keeper.marketClosed(place);
    await runtime.advance(60_000);
    expect(state.inForce.rules.status).toBe('delisted');
    expect(halts).toEqual(['BTC/USDT is not listed any more']);
  });

  it('is wound down when it has been halted for a day in one piece', async () => {
    const { runtime, keeper, change, halts } = bench();
    change({ status: 'halted' });
    keeper.marketClosed(place);
    await runtime.advance(windDownAfterMs / 2);
    change({ status: 'trading' });
    await runtime.advance(statusPollMs + 1_000);
    change({ status: 'halted' });
    keeper.marketClosed(place);
    await runtime.advance(windDownAfterMs - 10_000);
    expect(halts).toEqual([]);
    await runtime.advance(20_000);
    expect(halts).toEqual(['BTC/USDT has been halted for 24 h']);
  });

  it('is wound down again when it is lost again', async () => {
    const { runtime, keeper, change, halts } = bench();
    change({ status: 'delisted' });
    keeper.marketClosed(place);
    await runtime.advance(2_000);
    change({ status: 'trading' });
    await runtime.advance(statusPollMs + 1_000);
    change({ status: 'delisted' });
    keeper.marketClosed(place);
    await runtime.advance(2_000);
    expect(halts).toHaveLength(2);
  });
});
