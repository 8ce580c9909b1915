import { Agent } from 'node:http';
import BigNumber from 'bignumber.js';
import * as ccxt from 'ccxt';
import type { VenueId } from '../../src/domain/instrument';

interface UrlTree {
  [key: string]: string | UrlTree;
}

interface Keys {
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string;
}

/** What a venue says about an account: decimals without trailing zeros. */
export interface AccountAtVenue {
  /** Client ids of the open orders as the engine drew them (Gate has `t-` before each), with side, price and quantity. */
  readonly orders: readonly string[];
  /** Trade id, side, price, quantity and fee. */
  readonly trades: readonly string[];
  readonly totals: Readonly<Record<string, string>>;
}

export const plain = (text: unknown): string => new BigNumber(String(text)).toFixed();
export const orderLine = (id: string, side: string, price: unknown, quantity: unknown): string =>
  [id, side, plain(price), plain(quantity)].join(' ');
export const tradeLine = (
  trade: Readonly<Record<'id' | 'side' | 'price' | 'quantity' | 'fee' | 'feeAsset', unknown>>,
): string =>
  [trade.id, trade.side, plain(trade.price), plain(trade.quantity), plain(trade.fee), trade.feeAsset].join(
    ' ',
  );

/** Unmodified ccxt asks the account endpoints: a client that shares no code with the engine's. */
export async function accountAtVenue(
  venue: VenueId,
  origin: string,
  keys: Keys,
  symbol: string,
): Promise<AccountAtVenue> {
  const client = clientOf(venue, origin, keys);
  await client.loadMarkets();
  const open = await client.fetchOpenOrders(symbol);
  const trades = await client.fetchMyTrades(symbol, undefined, venue === 'okx' ? 100 : 1_000);
  const balance = await client.fetchBalance();
  const totals = Object.entries(balance['total'] as unknown as Record<string, unknown>);
  return {
    orders: open
      .map((order) =>
        orderLine(
          (order.clientOrderId ?? '').replace(/^t-/, ''),
          String(order.side),
          order.price,
          order.amount,
        ),
      )
      .sort(),
    trades: trades
      .map((trade) =>
        tradeLine({
          ...{ id: trade.id, side: trade.side, price: trade.price, quantity: trade.amount },
          ...{ fee: trade.fee?.cost, feeAsset: trade.fee?.currency },
        }),
      )
      .sort(),
    totals: sorted(totals),
  };
}

/** Equal sets of balances, equal text. */
export const sorted = (totals: readonly (readonly [string, unknown])[]): Readonly<Record<string, string>> =>
  Object.fromEntries(totals.map(([asset, total]) => [asset, plain(total)] as const).sort());

export function clientOf(
  venue: VenueId,
  origin: string,
  { apiKey, secret, passphrase }: Keys,
): ccxt.Exchange {
  const client = new ccxt.pro[venue]({
    ...{
      apiKey,
      secret,
      ...(passphrase === undefined ? {} : { password: passphrase }),
      enableRateLimit: false,
    },
    httpAgent: new Agent({ keepAlive: false }),
    options: { fetchMarkets: { types: ['spot'] } },
  });
  const urls = client.urls as unknown as { api: UrlTree };
  setAll(urls.api, `${origin}/blocked`); // Nothing may reach a real venue.
  if (venue === 'okx') urls.api['rest'] = `${origin}/okx`;
  if (venue === 'gate')
    for (const kind of ['public', 'private']) setAll(urls.api[kind] as UrlTree, `${origin}/gate/api/v4`);
  if (venue === 'binance')
    Object.assign(urls.api, {
      ...{ public: `${origin}/binance/api/v3`, private: `${origin}/binance/api/v3` },
      sapi: `${origin}/binance/sapi/v1`,
    });
  return client;
}

function setAll(tree: UrlTree, url: string): void {
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') tree[key] = url;
    else setAll(value, url);
  }
}
