import { refusal } from './orders';
import { row } from './row';
import { onRequests, pick } from './transport';

/** Definitive refusals that only a person can mend. */
const forGood = [
  [401, -2015, 'Invalid API-key, IP, or permissions for action.'],
  [400, -2010, 'This action is disabled on this account.'],
  [400, -1121, 'Invalid symbol.'],
  [400, -1102, "Mandatory parameter 'side' was not sent, was empty/null, or malformed."],
] as const;

export const refusalRows = [
  row(
    'K4',
    'the key, the account, the pair or the request is refused for good',
    onRequests(['create'], (site, fate) => {
      const [status, code, msg] = pick(site, forGood);
      fate.instead = refusal(status, code, msg);
    }),
    ['AUTH', 'RESTRICTED', 'SYMBOL', 'BAD_REQUEST'],
  ),
];
