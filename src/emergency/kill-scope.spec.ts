import { encodeClientOrderId } from '../domain/ids';
import type { OrderReport } from '../domain/venue-event';
import { accountsIn, isScopeKey, mayHold, wantedIn } from './kill-scope';

const accounts = [
  { id: 'a1', venue: 'binance', environment: 'sim' },
  { id: 'a2', venue: 'binance', environment: 'live' },
] as const;
const covered = { strategies: [{ id: 's7', number: 7, accountId: 'a1' }] };
const idOf = (installation: string, strategyNumber: number): string =>
  encodeClientOrderId({ installation, strategyNumber, nonce: 'bcdfgh', counter: 1 });
const order = (clientOrderId: string, instrument = 'BTC/USDT'): OrderReport => ({
  ...{ instrument, clientOrderId, venueOrderId: '1', side: 'buy', price: '1', quantity: '1' },
  ...{ cumFilled: '0', status: 'open', source: 'rest-list' },
});

describe('the scope of a kill', () => {
  it.each([
    ['global', true],
    ['account:a1', true],
    ['instrument:a1/BTC/USDT', true],
    ['strategy:', false],
    ['engine:host', false],
    ['everything', false],
    ['account:a 1', false],
  ])('%s is a scope: %s', (text, is) => expect(isScopeKey(text)).toBe(is));

  it.each([
    ['global', ['a1', 'a2']],
    ['venue:binance', ['a1', 'a2']],
    ['venue:okx', []],
    ['account:a2', ['a2']],
    ['instrument:a1/BTC/USDT', ['a1']],
    ['strategy:s7', ['a1']],
    ['owner:anna', ['a1']],
  ])('%s reaches the accounts %j', (scope, ids) =>
    expect(accountsIn(scope, accounts, covered).map(({ id }) => id)).toEqual(ids),
  );

  it.each([
    ['account:a1', true],
    ['account:a3', false],
    ['venue:okx', false],
    ['instrument:a3/BTC/USDT', false],
    ['strategy:unknown', true],
    ['global', true],
  ])('%s may hold something: %s', (scope, may) => expect(mayHold(scope, accounts)).toBe(may));

  it.each([
    ['global', order(idOf('xyz', 9)), true],
    ['global', order(idOf('bbb', 7)), false],
    ['global', order('placed-by-a-person'), false],
    ['account:a1', order(idOf('xyz', 9)), true],
    ['strategy:s7', order(idOf('xyz', 7)), true],
    ['strategy:s7', order(idOf('xyz', 9)), false],
    ['owner:anna', order(idOf('xyz', 9)), false],
    ['instrument:a1/BTC/USDT', order(idOf('xyz', 9)), true],
    ['instrument:a1/BTC/USDT', order(idOf('xyz', 9), 'ETH/USDT'), false],
  ])('%s wants order %#: %s', (scope, one, is) => expect(wantedIn(scope, 'xyz', covered)(one)).toBe(is));
});
