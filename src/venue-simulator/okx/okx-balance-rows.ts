import BigNumber from 'bignumber.js';
import type { VenueBalance } from '../venue-types';
import type { Row } from './okx-instruments';
import type { OkxParts } from './okx-parts';
import { fieldsText, rowIn, rowText } from './okx-row-text';

/** Dollars: what the first market of an asset last traded at, or 1 for what prices are told in. */
export function usdPrice(
  asset: string,
  { core, instruments }: Pick<OkxParts, 'core' | 'instruments'>,
): string {
  const instrument = instruments.all.find(({ market }) => market.base === asset);
  if (!instrument) return '1';
  const last =
    core.publicTrades(instrument.symbol).at(-1)?.price ?? core.depth(instrument.symbol, 1).bids[0]?.[0];
  return instrument.price(last ?? 0);
}

const total = ({ free, locked }: VenueBalance): BigNumber => new BigNumber(free).plus(locked);
export const isHeld = (balance: VenueBalance): boolean => !total(balance).isZero();

/** What belongs to other kinds of accounts. */
const unused = fieldsText({
  ...{ adjEq: '', availEq: '', borrowFroz: '', delta: '', deltaLever: '', deltaNeutralStatus: '' },
  ...{ imr: '', isoEq: '0', mgnRatio: '', mmr: '', notionalUsd: '', notionalUsdForBorrow: '' },
  ...{ notionalUsdForFutures: '', notionalUsdForOption: '', notionalUsdForSwap: '', ordFroz: '', upl: '' },
});

const unusedDetail = fieldsText({
  ...{ accAvgPx: '', openAvgPx: '', spotUpl: '', spotUplRatio: '', totalPnl: '', totalPnlRatio: '' },
  ...{
    isoEq: '0',
    isoUpl: '0',
    isoLiab: '0',
    liab: '',
    crossLiab: '',
    uplLiab: '',
    upl: '0',
    interest: '',
  },
  ...{ borrowFroz: '', maxLoan: '', twap: '0', imr: '', mmr: '', mgnRatio: '', notionalLever: '0' },
  ...{ stgyEq: '0', spotInUseAmt: '', clSpotInUseAmt: '', maxSpotInUseAmt: '', spotIsoBal: '0' },
  ...{ spotCopyTradingEq: '0', smtSyncEq: '0', fixedBal: '0', rewardBal: '0', collateralEnabled: false },
  ...{ collateralRestrict: false, colBorrAutoConversion: '0', autoLendStatus: 'off', autoLendMtAmt: '0' },
});

/** `account/balance` and the `account` channel tell the account in one row, its currencies below it. */
export function accountText(balances: readonly VenueBalance[], at: number, parts: OkxParts): string {
  let sum = new BigNumber(0);
  const details = balances.map((balance) => {
    const price = usdPrice(balance.asset, parts);
    const dollars = total(balance).times(price);
    sum = sum.plus(dollars);
    return detailText(balance, at, { price, dollars: dollars.toFixed() });
  });
  const own = `"uTime":"${at}","totalEq":"${sum.toFixed()}","details":[${details.join(',')}]`;
  return rowText(own, unused);
}

export const accountRow = (balances: readonly VenueBalance[], at: number, parts: OkxParts): Row =>
  rowIn(accountText(balances, at, parts));

function detailText(
  balance: VenueBalance,
  at: number,
  { price, dollars }: { readonly price: string; readonly dollars: string },
): string {
  const { asset, free, locked } = balance;
  const all = total(balance).toFixed();
  const own = {
    ccy: asset,
    uTime: String(at),
    eq: all,
    cashBal: all,
    availEq: free,
    availBal: free,
    frozenBal: locked,
    ordFrozen: locked,
    spotBal: all,
    coinUsdPrice: price,
    eqUsd: dollars,
    disEq: '0',
  };
  return rowText(fieldsText(own), unusedDetail);
}

/** A row of `balance_and_position`: cash alone, what orders hold included. */
export const balanceAndPositionRow = (
  balances: readonly VenueBalance[],
  at: number,
  told: { readonly eventType: 'snapshot' | 'filled'; readonly trades: readonly Row[] },
): Row => ({
  pTime: String(at),
  eventType: told.eventType,
  balData: balances.map((balance) => ({
    ...{ ccy: balance.asset, cashBal: total(balance).toFixed(), uTime: String(at) },
  })),
  posData: [],
  trades: told.trades,
});
