import type { CodeTable } from './outcome';
import { aboutOrder, codesOf } from './outcome-codes';

const rows = codesOf(
  {
    BALANCE: ['51008', '51119', '51131', '51502'],
    POST_ONLY: ['51019'],
    FILTER: ['51020', '51100', '51120', '51121', '51006', '51116', '51136', '51137', '51138'],
    // More orders of the account rest than it may have, of a pair or in all.
    LIMIT: ['51174'],
    MARKET_CLOSED: ['51021', '51022'],
    SYMBOL: ['51001', '51015'],
    RATE: ['50011', '50061', '50040'],
    CLOCK: ['50036', '50037', '50102', '50112'],
    AUTH: [
      ...['50100', '50101', '50103', '50104', '50105', '50106', '50107', '50108', '50109', '50110'],
      ...['50111', '50113', '50114', '50119', '50030', '50120'],
    ],
    RESTRICTED: ['50007', '50009', '50012', '50027', '50028', '50029', '50032', '50033'],
    BAD_REQUEST: ['50002', '50014', '50015', '50016', '50024', '51000'],
  },
  {
    server_error: ['50001', '50004', '50005', '50013', '50026', '51054', '51149'],
    duplicate_id: ['51016', '50071', '50042'],
  },
);

const ofOrder = aboutOrder({
  amend: { AMEND_REFUSED: ['51503', '51509', '51510', '51512'] },
  cancel: { not_found: ['51400', '51405'], already_done: ['51401', '51402'] },
  query: { not_found: ['51603'] },
});

/** The codes of OKX v5: of the one order (`sCode`) where there is one, else of the request. An absent row is unknown. */
export const okxCodes: CodeTable = (operation, code) => ofOrder(operation, code) ?? rows[code];
