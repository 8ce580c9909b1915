import type { DialectVenueId } from '../../src/domain/instrument';

export type Asked = 'create' | 'cancel' | 'query' | 'amend';
/** Status, code, and the words where they decide. */
type Answer = readonly [status: number, code: string, message?: string];
type Row = readonly [asked: Asked, expected: string, answers: readonly Answer[]];

const each = (status: number, ...codes: readonly string[]): readonly Answer[] =>
  codes.map((code) => [status, code] as const);

/** From the public documents of each venue, by what they say a code means: no line is taken from the connectors. */
export const outcomeRows: Readonly<Record<DialectVenueId, readonly Row[]>> = {
  binance: [
    [
      'create',
      'rejected BALANCE',
      [[400, '-2010', 'Account has insufficient balance for requested action.']],
    ],
    ['create', 'rejected POST_ONLY', [[400, '-2010', 'Order would immediately match and take.']]],
    ['create', 'unknown duplicate_id', [[400, '-2010', 'Duplicate order sent.']]],
    [
      'create',
      'rejected FILTER',
      [
        ...['LOT_SIZE', 'PRICE_FILTER', 'NOTIONAL', 'PERCENT_PRICE_BY_SIDE'].map((name): Answer => [
          400,
          '-1013',
          `Filter failure: ${name}`,
        ]),
        [400, '-1111', 'Parameter has too much precision.'],
      ],
    ],
    [
      'create',
      'rejected LIMIT',
      [
        [400, '-1013', 'Filter failure: MAX_NUM_ORDERS'],
        [400, '-1013', 'Filter failure: EXCHANGE_MAX_NUM_ORDERS'],
        [400, '-1013', 'Filter failure: MAX_POSITION'],
        [400, '-2010', 'Filter failure: MAX_NUM_ORDERS'],
      ],
    ],
    ['create', 'rejected MARKET_CLOSED', [[400, '-2010', 'Market is closed.']]],
    ['create', 'rejected SYMBOL', [[400, '-1121', 'Invalid symbol.']]],
    ['create', 'rejected RATE', [...each(429, '-1003', '-1015'), ...each(400, '-1003', '-1015')]],
    ['create', 'rejected CLOCK', each(400, '-1021')],
    ['create', 'rejected AUTH', [...each(401, '-2014', '-2015'), ...each(400, '-1022', '-1002', '-2015')]],
    [
      'create',
      'rejected RESTRICTED',
      [
        [400, '-2010', 'This action is disabled on this account.'],
        [400, '-2010', 'This account may not place or cancel orders.'],
        [400, '-2010', 'This symbol is not permitted for this account.'],
        [400, '-2010', 'This symbol is restricted for this account.'],
      ],
    ],
    [
      'create',
      'rejected BAD_REQUEST',
      [
        ...each(400, '-1100', '-1101', '-1102', '-1103', '-1104', '-1105', '-1106', '-1107', '-1108'),
        ...each(400, '-1114', '-1115', '-1116', '-1117', '-1118', '-1119', '-1120', '-1128', '-1130'),
      ],
    ],
    [
      'create',
      'unknown server_error',
      [
        ...each(400, '-1000', '-1001', '-1006', '-1007', '-1008', '-1016'),
        ...each(503, '-1001'),
        ...each(500, '-2010', '-1013', '-9999'),
      ],
    ],
    ['create', 'unknown unmapped', [...each(400, '-9999', '-2013', '-2011'), ...each(404, 'constructor')]],
    ['amend', 'rejected AMEND_REFUSED', each(400, '-2038', '-2039')],
    ['cancel', 'rejected not_found', [[400, '-2011', 'Unknown order sent.']]],
    ['cancel', 'unknown server_error', each(503, '-1001')],
    ['query', 'not_found', [[400, '-2013', 'Order does not exist.']]],
    [
      'query',
      'failed archived',
      [
        [
          400,
          '-2026',
          'Order was canceled or expired with no executed qty over 90 days ago and has been archived.',
        ],
      ],
    ],
    ['query', 'failed server_error', each(500, '-1001')],
  ],
  okx: [
    ['create', 'rejected BALANCE', each(200, '51008', '51119', '51131', '51502')],
    ['create', 'rejected POST_ONLY', each(200, '51019')],
    ['create', 'rejected LIMIT', each(200, '51174')],
    ['create', 'unknown duplicate_id', each(200, '51016', '50071', '50042')],
    [
      'create',
      'rejected FILTER',
      each(200, '51020', '51100', '51120', '51121', '51006', '51116', '51136', '51137', '51138'),
    ],
    ['create', 'rejected MARKET_CLOSED', each(200, '51021', '51022')],
    ['create', 'rejected SYMBOL', each(200, '51001', '51015')],
    ['create', 'rejected RATE', [...each(200, '50061', '50040'), ...each(429, '50011', '50061')]],
    ['create', 'rejected CLOCK', [...each(200, '50036', '50037'), ...each(401, '50102', '50112')]],
    [
      'create',
      'rejected AUTH',
      [
        ...each(401, '50100', '50101', '50103', '50104', '50105', '50106', '50107', '50108', '50109'),
        ...each(401, '50110', '50111', '50113', '50114', '50119'),
        ...each(200, '50030', '50120'),
      ],
    ],
    [
      'create',
      'rejected RESTRICTED',
      each(200, '50007', '50009', '50012', '50027', '50028', '50029', '50032', '50033'),
    ],
    ['create', 'rejected BAD_REQUEST', each(400, '50002', '50014', '50015', '50016', '50024', '51000')],
    [
      'create',
      'unknown server_error',
      [
        ...each(200, '50001', '50004', '50005', '50013', '50026', '51054', '51149'),
        ...each(429, '50013'),
        ...each(503, '50001', '51008'),
      ],
    ],
    ['create', 'unknown unmapped', each(200, '59999', '51400', '51603', '__proto__')],
    ['amend', 'rejected AMEND_REFUSED', each(200, '51503', '51509', '51510', '51512')],
    ['cancel', 'rejected not_found', each(200, '51400', '51405')],
    ['cancel', 'rejected already_done', each(200, '51401', '51402')],
    ['query', 'not_found', each(200, '51603')],
    ['query', 'failed unmapped', each(200, '59999')],
  ],
  gate: [
    ['create', 'rejected BALANCE', each(400, 'BALANCE_NOT_ENOUGH', 'MARGIN_BALANCE_NOT_ENOUGH')],
    ['create', 'rejected POST_ONLY', each(400, 'POC_FILL_IMMEDIATELY', 'ORDER_POC_IMMEDIATE', 'ORDER_POC')],
    [
      'create',
      'unknown duplicate_id',
      [
        ...each(400, 'DUPLICATE_REQUEST', 'REPEATED_CREATION'),
        [400, 'INVALID_PARAM_VALUE', 'the text is duplicated'],
      ],
    ],
    [
      'create',
      'rejected FILTER',
      [
        ...each(400, 'INVALID_PRECISION', 'AMOUNT_TOO_LITTLE', 'AMOUNT_TOO_MUCH', 'QUANTITY_NOT_ENOUGH'),
        ...each(400, 'INVALID_PARAM_VALUE', 'PRICE_TOO_DEVIATED'),
      ],
    ],
    ['create', 'rejected LIMIT', each(400, 'TOO_MANY_ORDERS')],
    ['create', 'rejected SYMBOL', each(400, 'INVALID_CURRENCY_PAIR', 'INVALID_CURRENCY')],
    ['create', 'rejected RATE', each(429, 'TOO_MANY_REQUESTS', 'TOO_FAST')],
    ['create', 'rejected CLOCK', each(403, 'REQUEST_EXPIRED')],
    [
      'create',
      'rejected AUTH',
      [
        ...each(401, 'INVALID_KEY', 'INVALID_SIGNATURE', 'INVALID_CREDENTIALS', 'MISSING_REQUIRED_HEADER'),
        ...each(403, 'IP_FORBIDDEN', 'READ_ONLY', 'FORBIDDEN'),
      ],
    ],
    ['create', 'rejected RESTRICTED', each(403, 'ACCOUNT_LOCKED', 'SUB_ACCOUNT_LOCKED', 'TRADE_RESTRICTED')],
    ['create', 'rejected BAD_REQUEST', each(400, 'MISSING_REQUIRED_PARAM', 'INVALID_REQUEST_BODY')],
    [
      'create',
      'unknown server_error',
      [...each(500, 'SERVER_ERROR', 'INTERNAL', 'BALANCE_NOT_ENOUGH'), ...each(400, 'INTERNAL', 'TOO_BUSY')],
    ],
    ['create', 'unknown unmapped', each(400, 'NEW_LABEL', 'ORDER_NOT_FOUND', 'ORDER_CLOSED', 'constructor')],
    ['amend', 'rejected AMEND_REFUSED', each(400, 'ORDER_NOT_FOUND', 'ORDER_CLOSED')],
    ['cancel', 'rejected not_found', each(404, 'ORDER_NOT_FOUND', 'CLIENT_ID_NOT_FOUND', 'ORDER_NOT_OWNED')],
    ['cancel', 'rejected already_done', each(400, 'ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_FINISHED')],
    ['query', 'not_found', each(404, 'ORDER_NOT_FOUND', 'CLIENT_ID_NOT_FOUND')],
    ['query', 'failed unmapped', each(400, 'ORDER_CLOSED')],
  ],
};

type Bodies = (code: string, message: string, clientOrderId: string) => readonly unknown[];

/** A refusal as the venue says it. OKX says the same of one order, or of the request as a whole. */
export const refusalBody: Readonly<Record<DialectVenueId, Bodies>> = {
  binance: (code, msg) => [{ code: Number.isNaN(Number(code)) ? code : Number(code), msg }],
  okx: (code, msg, clOrdId) => [
    { code: '1', msg: '', data: [{ ordId: '', clOrdId, tag: '', ts: '0', sCode: code, sMsg: msg }] },
    { code, msg, data: [] },
  ],
  gate: (label, message) => [{ label, message }],
};

/** Answers after which the order may rest or not, each sent with either truth. */
export const doubtfulCodes: Readonly<Record<DialectVenueId, readonly Answer[]>> = {
  binance: each(400, '-1007', '-1006', '-1000'),
  okx: each(200, '50004', '51149', '51054'),
  gate: [...each(500, 'INTERNAL', 'SERVER_ERROR'), ...each(400, 'TOO_BUSY')],
};
