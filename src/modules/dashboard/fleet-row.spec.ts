import type { Strategy } from '../market-making/strategy/strategy';
import { fleetRow, pnlOf } from './fleet-row';

describe('the worth of a strategy', () => {
  const given = { base: '1', quote: '100' };

  it('is unknown without a price', () => {
    expect(pnlOf(given, given, undefined, '100')).toEqual({ equityQuote: null, netQuote: null });
  });

  it('is nothing gained when nothing happened', () => {
    expect(pnlOf(given, given, '100', '100')).toEqual({ equityQuote: '200', netQuote: '0' });
  });

  it('counts trades and the move of the price', () => {
    // Bought 0.5 at 90, now at 110: 1.5 × 110 + 55 against 200.
    expect(pnlOf({ base: '1.5', quote: '55' }, given, '110', '100')).toEqual({
      equityQuote: '220',
      netQuote: '20',
    });
  });
});

describe('a strategy without a session here', () => {
  const strategy: Strategy = {
    ...{
      id: 's',
      number: 1,
      name: 'btc',
      strategyType: 'pureMarketMaking',
      accountId: 'a',
      venue: 'binance',
    },
    ...{ environment: 'sim', symbol: 'BTC/USDT', config: {}, configVersion: 1, desiredState: 'running' },
    ...{ state: 'running', stateReason: null, stateSince: '2026-01-01T00:00:00.000Z', ownerId: null },
    ...{ userOrderId: null, allocation: { base: '0', quote: '0' } },
  };
  const books = { fillsCount: 0, deposits: {}, openingMid: undefined, totals: {} };
  const codes = (change: Partial<Strategy>, isElsewhere: boolean): readonly string[] =>
    fleetRow({ ...strategy, ...change }, undefined, { ...books, isElsewhere }).reasons.map(
      ({ code }) => code,
    );

  it('says that another engine leases it, while it should run', () => {
    expect(codes({}, true)).toEqual(['LEASE_NOT_HELD']);
    expect(codes({}, false)).toEqual([]);
    expect(codes({ desiredState: 'stopped', state: 'stopped' }, true)).toEqual([]);
  });
});
