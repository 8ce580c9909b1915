import { uidOf } from '../venue-accounts';
import { accountRow, isHeld } from './okx-balance-rows';
import { optionalInstrumentOf, isSpot, textOf } from './okx-fields';
import { instrumentRows } from './okx-instruments';
import type { Row } from './okx-instruments';
import { asking } from './okx-meter';
import { feeRate } from './okx-order-rows';
import type { OkxParts } from './okx-parts';
import { route, success } from './okx-routes';
import type { Routes, SignedCall, SignedRoute } from './okx-routes';

const second = 1_000;

/** Signed requests about the account itself: they read nothing of its orders. */
export function accountRoutes(parts: OkxParts): Routes<SignedRoute> {
  const { now } = parts;
  const query = (
    path: string,
    limit: number,
    rows: (call: SignedCall) => readonly Row[],
    windowMs?: number,
  ): readonly [string, SignedRoute] => [
    route('GET', path),
    {
      kind: 'query',
      charges: ({ account }) => [asking(path, account, limit, windowMs)],
      handle: (call) => ({ body: success(rows(call)) }),
    },
  ];
  return [
    query('account/balance', 10, (call) => [balance(parts, call)]),
    query('account/config', 5, ({ account }) => [configRow(account)]),
    query('account/trade-fee', 5, ({ query: fields }) => (isSpot(fields) ? [feeRow(now())] : [])),
    query('account/instruments', 20, (call) => instruments(parts, call)),
    query('account/positions', 10, () => []),
    query('asset/currencies', 6, (call) => currencies(parts, call), second),
    query('trade/account-rate-limit', 1, () => [rateLimitRow(now())], second),
  ];
}

/** Currencies asked for by name are told also when there is nothing of them. */
function balance(parts: OkxParts, { account, query }: SignedCall): Row {
  const names = textOf(query, 'ccy')?.split(',');
  const { faults, history, now } = parts;
  const all = history.balances(account, faults.queriedAsOf(now()));
  const shown = all.filter((one) => (names ? names.includes(one.asset) : isHeld(one)));
  return accountRow(shown, now(), parts);
}

/** A key that may read and trade, in the mode that knows spot alone. */
function configRow(account: string): Row {
  const uid = String(uidOf(account));
  return {
    ...{ uid, mainUid: uid, label: 'simulated', ip: '', perm: 'read_only,trade', type: '0', roleType: '0' },
    ...{ acctLv: '1', posMode: 'net_mode', autoLoan: false, acctStpMode: 'cancel_maker', feeType: '0' },
    ...{ level: 'Lv1', levelTmp: '', kycLv: '2', opAuth: '0', greeksType: 'PA', stgyType: '0' },
    ...{ ctIsoMode: 'automatic', mgnIsoMode: 'automatic', liquidationGear: '-1', settleCcy: 'USDT' },
    ...{ settleCcyList: ['USDT'], enableSpotBorrow: false, spotBorrowAutoRepay: false, spotOffsetType: '' },
    ...{ spotRoleType: '0', spotTraderInsts: [], traderInsts: [] },
  };
}

/** Negative means paid. */
const feeRow = (at: number): Row => ({
  ...{ instType: 'SPOT', level: 'Lv1', category: '1', ruleType: 'normal', ts: String(at) },
  ...{ maker: feeRate, taker: feeRate, makerU: '', takerU: '', makerUSDC: feeRate, takerUSDC: feeRate },
  ...{ delivery: '', exercise: '', settle: '', fiat: [] },
  feeGroup: [{ groupId: '1', maker: feeRate, taker: feeRate }],
});

function instruments(parts: OkxParts, { query }: SignedCall): readonly Row[] {
  if (!isSpot(query)) return [];
  const given = optionalInstrumentOf(query, parts.instruments);
  return instrumentRows(given ? [given] : parts.instruments.all);
}

/** One row per currency and chain; nothing can be paid in or out here. */
function currencies({ instruments: { assets } }: OkxParts, { query }: SignedCall): readonly Row[] {
  const names = textOf(query, 'ccy')?.split(',');
  const shown = assets.filter((asset) => !names || names.includes(asset));
  return shown.map((asset) => ({
    ...{ ccy: asset, name: asset, chain: `${asset}-Simulated`, mainNet: true, logoLink: '', ctAddr: '' },
    ...{
      canDep: false,
      canWd: false,
      canInternal: false,
      minDep: '0',
      minWd: '0',
      maxWd: '0',
      wdTickSz: '8',
    },
    ...{
      fee: '0',
      minFee: '0',
      maxFee: '0',
      minInternal: '0',
      needTag: false,
      wdQuota: '0',
      usedWdQuota: '0',
    },
  }));
}

const rateLimitRow = (at: number): Row => ({
  ...{ accRateLimit: '1000', nextAccRateLimit: '1000', fillRatio: '', mainFillRatio: '', ts: String(at) },
});
