import type { BinanceParts } from './binance-parts';
import type { SignedCall, SignedRoute } from './binance.routes';
import { orderLimitRows } from './exchange-info';
import type { RateMeter } from './rate-meter';

/** Signed requests about the account's rights, fees and limits: they read nothing of its orders. */
export function accountRoutes({ core, meter }: BinanceParts): ReadonlyMap<string, SignedRoute> {
  const route = (weight: number, body: (call: SignedCall) => unknown): SignedRoute => ({
    kind: 'query',
    weight: () => weight,
    handle: (call) => ({ body: body(call) }),
  });
  return new Map<string, SignedRoute>([
    ['GET /sapi/v1/margin/allAssets', route(1, () => [])],
    ['GET /sapi/v1/margin/allPairs', route(1, () => [])],
    ['GET /sapi/v1/margin/isolated/allPairs', route(1, () => [])],
    ['GET /api/v3/rateLimit/order', route(40, ({ account }) => orderLimits(meter, account))],
    ['GET /sapi/v1/account/apiRestrictions', route(1, () => restrictions)],
    [
      'GET /sapi/v1/asset/tradeFee',
      route(1, ({ params }) =>
        core.markets
          .filter(({ symbol }) => !params.has('symbol') || params.get('symbol') === symbol)
          .map(({ symbol }) => ({ symbol, makerCommission: '0.001', takerCommission: '0.001' })),
      ),
    ],
    [
      'GET /sapi/v1/capital/config/getall',
      route(10, () => {
        const assets = new Set(core.markets.flatMap(({ base, quote }) => [base, quote]));
        return [...assets].map((coin) => ({ coin, name: coin, trading: true, networkList: [] }));
      }),
    ],
  ]);
}

const restrictions = {
  ipRestrict: false,
  enableReading: true,
  enableWithdrawals: false,
  enableSpotAndMarginTrading: true,
  enableInternalTransfer: false,
  enableMargin: false,
  enableFutures: false,
  permitsUniversalTransfer: false,
  enableVanillaOptions: false,
  createTime: 1_700_000_000_000,
};

function orderLimits(meter: RateMeter, account: string) {
  const { per10s, perDay } = meter.orderCounts(account);
  return orderLimitRows(meter).map((row) => ({ ...row, count: row.interval === 'SECOND' ? per10s : perDay }));
}
