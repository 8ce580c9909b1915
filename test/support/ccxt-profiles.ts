import type { DialectVenueId } from '../../src/domain/instrument';
import type { CcxtProfile } from '../../src/modules/execution/connectors/ccxt.profiles';

const day = 86_400_000;

const common = {
  environments: [],
  needsPassphrase: false,
  options: { defaultType: 'spot' },
  bookIntegrity: 'none',
  confirmations: 1,
  tradesWithOrders: true,
  /** ccxt gives the fee of OKX the wrong sign. */
  feesOnStream: false,
  byClientId: (clientOrderId: string) => ({ params: { clientOrderId } }),
  query: 'order',
  history: 'fetchOrders',
  openOrders: 'account',
  openLimit: 100,
  trades: { limit: 100, windowMs: day, ofOrder: false },
  createParams: {},
  refusals: {},
} as const;

/** The venues of the local exchange as ccxt's own classes speak to them. Every address of the tree is local. */
export const simulatedProfiles: Readonly<Record<DialectVenueId, CcxtProfile>> = {
  binance: {
    ...common,
    id: 'binance',
    options: {
      ...common.options,
      fetchMargins: false,

      fetchOpenOrders: { warnWithoutSymbol: false },
    },
    isConfirmed: (frame) => frame['status'] === 200 && frame['result'] !== undefined,
    simulated: (http, ws) => ({
      public: `${http}/binance/api/v3`,
      private: `${http}/binance/api/v3`,
      sapi: `${http}/binance/sapi/v1`,
      ws: { spot: `${ws}/binance/stream/ws`, 'ws-api': { spot: `${ws}/binance/ws-api/v3` } },
    }),
  },
  okx: {
    ...common,
    id: 'okx',
    needsPassphrase: true,
    history: 'fetchClosedOrders',
    isConfirmed: (frame) => frame['event'] === 'subscribe',
    simulated: (http, ws) => ({ rest: `${http}/okx`, ws: `${ws}/okx/ws/v5` }),
  },
  gate: {
    ...common,
    id: 'gate',
    options: { ...common.options, unifiedAccount: false },
    confirmations: 2,
    tradesWithOrders: false,
    feesOnStream: true,
    history: 'fetchClosedOrders',
    byClientId: (clientOrderId) => ({ id: `t-${clientOrderId}`, params: {} }),
    ownIdOf: (text) => text.replace(/^t-/, ''),
    isConfirmed: (frame) => frame['event'] === 'subscribe' && frame['error'] === null,
    simulated: (http, ws) => ({
      spot: `${ws}/gate/ws/v4/`,
      public: { spot: `${http}/gate/api/v4`, margin: `${http}/gate/api/v4` },
      private: { spot: `${http}/gate/api/v4`, account: `${http}/gate/api/v4` },
    }),
  },
};
