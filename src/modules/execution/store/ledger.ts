import BigNumber from 'bignumber.js';
import { assertEngine } from '../../../domain/errors';
import type { Fill } from '../../../domain/fill';
import type { Dec } from '../../../domain/units';
import type { Balance, Traded, TransferLine } from './types';

const decimals = 18;
const nothing = new BigNumber(0);

/** A plain decimal of at most 18 places without trailing zeros: what the ledger keeps. */
export const plain = (value: BigNumber.Value): Dec =>
  rounded(BigNumber.isBigNumber(value) ? value : new BigNumber(value)).toFixed();

/** Nearly every figure is that short as it is. */
const rounded = (value: BigNumber): BigNumber =>
  value.decimalPlaces()! > decimals ? value.decimalPlaces(decimals) : value;

export const strategyHolder = (strategyId: string): string => `strategy:${strategyId}`;
export const unallocatedHolder = (accountId: string): string => `unallocated:${accountId}`;

/** Whose money lies on an account that these strategies trade. */
export const holdersOn = (accountId: string, strategyIds: readonly string[]): readonly string[] => [
  ...['unallocated', 'suspense', 'unexplained'].map((kind) => `${kind}:${accountId}`),
  ...strategyIds.map(strategyHolder).sort(),
];

/** What an order holds: its rate times what is not booked yet; never less than nothing after an overfill. */
export function heldBy(rate: Dec, quantity: Dec, booked: Dec): BigNumber {
  const left = new BigNumber(quantity).minus(booked);
  return left.isNegative() ? nothing : rounded(left.times(rate));
}

/** A fill against the market: what one side gains the other loses. */
export function fillLines(fill: Fill): readonly TransferLine[] {
  const sign = fill.side === 'buy' ? 1 : -1;
  const base = new BigNumber(fill.quantity).times(sign);
  const quote = new BigNumber(fill.price).times(fill.quantity).times(-sign);
  const ours = strategyHolder(fill.strategyId);
  const theirs = `market:${fill.venue}`;
  return [...moved(ours, theirs, fill.base, base), ...moved(ours, theirs, fill.quote, quote)];
}

/** The fee in its own asset; one the strategy does not trade is taken from the account's unallocated money. */
export function feeLines(fill: Fill): readonly TransferLine[] {
  if (fill.fee === undefined || fill.feeAsset === undefined) return [];
  return moved(feePayer(fill), `venue-fees:${fill.venue}`, fill.feeAsset, new BigNumber(fill.fee).negated());
}

/** Whose balances a fill may have changed, counterparties apart. */
export const holdersOf = (fill: Fill): readonly string[] =>
  fill.feeAsset === undefined
    ? [strategyHolder(fill.strategyId)]
    : [...new Set([strategyHolder(fill.strategyId), feePayer(fill)])];

/** The balances that belong to one fill, out of those a batch has changed. */
export function balancesFor(fill: Fill, balances: readonly Balance[]): readonly Balance[] {
  const holders = holdersOf(fill);
  return balances.filter((balance) => holders.includes(balance.holder));
}

/** What fills have moved in the order they were booked, and the best they were worth at one of their prices. */
export function tradedBy(fills: readonly Fill[]): Omit<Traded, 'since'> {
  let [base, quote, best] = [new BigNumber(0), new BigNumber(0), new BigNumber(0)];
  for (const fill of fills) {
    const ours = [...fillLines(fill), ...feeLines(fill)].filter(
      ({ holder }) => holder === strategyHolder(fill.strategyId),
    );
    const moved = (asset: string): BigNumber[] =>
      ours.filter((line) => line.asset === asset).map(({ quantity }) => new BigNumber(quantity));
    base = BigNumber.sum(base, ...moved(fill.base));
    quote = BigNumber.sum(quote, ...moved(fill.quote));
    best = BigNumber.max(best, base.times(fill.price).plus(quote));
  }
  return { base: plain(base), quote: plain(quote), best: plain(best) };
}

/** Lines that do not sum to zero are a bug of ours and never reach the books. */
export function assertBalanced(key: string, lines: readonly TransferLine[]): void {
  const sums = new Map<string, BigNumber>();
  for (const { asset, quantity } of lines)
    sums.set(asset, (sums.get(asset) ?? new BigNumber(0)).plus(quantity));
  for (const [asset, sum] of sums) {
    assertEngine(sum.isZero(), 'LEDGER_UNBALANCED', { key, asset, difference: sum.toFixed() });
  }
}

const feePayer = (fill: Fill): string =>
  fill.feeAsset === fill.base || fill.feeAsset === fill.quote
    ? strategyHolder(fill.strategyId)
    : unallocatedHolder(fill.accountId);

function moved(to: string, from: string, asset: string, quantity: BigNumber): readonly TransferLine[] {
  const gained = plain(quantity);
  return [
    { holder: to, asset, quantity: gained },
    { holder: from, asset, quantity: gained.startsWith('-') ? gained.slice(1) : `-${gained}` },
  ];
}

/** A fee counts only with its asset. */
export function storedFill(fill: Fill): Fill {
  if (fill.fee !== undefined && fill.feeAsset !== undefined) return fill;
  const { fee: _fee, feeAsset: _feeAsset, ...rest } = fill;
  return rest;
}
