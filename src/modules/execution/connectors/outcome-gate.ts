import type { CodeTable } from './outcome';
import { aboutOrder, codesOf } from './outcome-codes';

const labels = codesOf(
  {
    BALANCE: ['BALANCE_NOT_ENOUGH', 'MARGIN_BALANCE_NOT_ENOUGH'],
    POST_ONLY: ['POC_FILL_IMMEDIATELY', 'ORDER_POC_IMMEDIATE', 'ORDER_POC'],
    FILTER: [
      ...['INVALID_PRECISION', 'AMOUNT_TOO_LITTLE', 'AMOUNT_TOO_MUCH', 'QUANTITY_NOT_ENOUGH'],
      ...['INVALID_PARAM_VALUE', 'PRICE_TOO_DEVIATED'],
    ],
    LIMIT: ['TOO_MANY_ORDERS'],
    SYMBOL: ['INVALID_CURRENCY_PAIR', 'INVALID_CURRENCY'],
    RATE: ['TOO_MANY_REQUESTS', 'TOO_FAST'],
    AUTH: [
      ...['INVALID_KEY', 'INVALID_SIGNATURE', 'INVALID_CREDENTIALS', 'MISSING_REQUIRED_HEADER'],
      ...['IP_FORBIDDEN', 'READ_ONLY', 'FORBIDDEN'],
    ],
    RESTRICTED: ['ACCOUNT_LOCKED', 'SUB_ACCOUNT_LOCKED', 'TRADE_RESTRICTED'],
    BAD_REQUEST: ['MISSING_REQUIRED_PARAM', 'INVALID_REQUEST_BODY'],
  },
  { server_error: ['SERVER_ERROR', 'INTERNAL', 'TOO_BUSY'] },
);

const ofOrder = aboutOrder({
  amend: {
    AMEND_REFUSED: [
      ...['ORDER_NOT_FOUND', 'CLIENT_ID_NOT_FOUND'],
      ...['ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_FINISHED'],
    ],
  },
  cancel: {
    not_found: ['ORDER_NOT_FOUND', 'CLIENT_ID_NOT_FOUND', 'ORDER_NOT_OWNED'],
    already_done: ['ORDER_CLOSED', 'ORDER_CANCELLED', 'ORDER_FINISHED'],
  },
  query: { not_found: ['ORDER_NOT_FOUND', 'CLIENT_ID_NOT_FOUND'] },
});

/** No public list names the label of a text that is in use; these words in any label or message are one. */
const repeated = /DUPLIC|REPEAT/i;
/** Nor the label of a request that came too late. */
const expired = /EXPIR/;

/** Nor that of a pair that is not traded now: it is listed, and a person has nothing to mend. */
const untraded = /not tradable|suspend|halted/i;

/** The labels of Gate v4. An absent row means that the outcome is unknown. */
export const gateCodes: CodeTable = (operation, label, message) => {
  if (repeated.test(label) || repeated.test(message)) return { kind: 'unknown', reason: 'duplicate_id' };
  if (expired.test(label)) return { kind: 'rejected', code: 'CLOCK' };
  if (label === 'INVALID_CURRENCY_PAIR' && untraded.test(message))
    return { kind: 'rejected', code: 'MARKET_CLOSED' };
  return ofOrder(operation, label) ?? labels[label];
};
