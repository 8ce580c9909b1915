import { AdminProblem, numberField, textField } from './admin-fields';
import type { AdminFields, AdminRoute } from './admin-fields';
import { dialFates } from './wire-faults';
import type { SetAnswer, WireFaults } from './wire-faults';
import type { VenueKeys } from './venue-keys';

const bodies: readonly SetAnswer['body'][] = ['given', 'half', 'cut', 'stalled'];

/** What happens on the wire of every dialect, and to the keys of accounts. */
export function wireRoutes(wire: WireFaults, keys: VenueKeys): readonly (readonly [string, AdminRoute])[] {
  return [
    ['GET /sockets', () => wire.counts()],
    ['GET /subscriptions', () => wire.subscriptions()],
    ['POST /faults/answerNext', (fields) => answerNext(wire, fields)],
    ['POST /faults/muteSockets', (fields) => ({ silenced: wire.silence(pathOf(fields), 'mute') })],
    ['POST /faults/hangSockets', (fields) => ({ silenced: wire.silence(pathOf(fields), 'hang') })],
    ['POST /faults/changeFrames', (fields) => changeFrames(wire, fields)],
    ['POST /faults/spoilDials', (fields) => spoilDials(wire, fields)],
    ['POST /clock', (fields) => setClock(wire, fields)],
    ['POST /keys/revoke', (fields) => ({ revoked: keys.revoke(textField(fields, 'account')) })],
    ['POST /keys/restore', (fields) => ({ restored: keys.restore(textField(fields, 'account')) })],
  ];
}

const pathOf = (fields: AdminFields): string => textField(fields, 'path', '/');

function answerNext(wire: WireFaults, fields: AdminFields): unknown {
  const body = bodies.find((each) => each === textField(fields, 'body', 'given'));
  if (!body) throw new AdminProblem(`body is one of ${bodies.join(', ')}`);
  const headers = fields['headers'] ?? {};
  if (typeof headers !== 'object') throw new AdminProblem('headers is an object');
  wire.answerNext(numberField(fields, 'count', 1), {
    ...{ method: textField(fields, 'method', ''), path: textField(fields, 'path', '/') },
    isExecuted: fields['executed'] === true,
    status: fields['status'] === undefined ? undefined : numberField(fields, 'status'),
    headers: headers as Readonly<Record<string, string>>,
    ...{ body, text: textField(fields, 'text', '') },
  });
  return { ok: true };
}

/** The next frames that hold the text are lost, sent twice, or have some of their text replaced. */
function changeFrames(wire: WireFaults, fields: AdminFields): unknown {
  const [from, to] = [textField(fields, 'from', ''), textField(fields, 'to', '')];
  const changes: Readonly<Record<string, (text: string) => readonly string[]>> = {
    lose: () => [],
    repeat: (text) => [text, text],
    replace: (text) => [text.replaceAll(from, to)],
  };
  const change = changes[textField(fields, 'how')];
  if (!change) throw new AdminProblem(`how is one of ${Object.keys(changes).join(', ')}`);
  const [holds, count] = [textField(fields, 'holds', ''), numberField(fields, 'count', 1)];
  wire.changeFrames({ path: pathOf(fields), holds, count, change });
  return { ok: true };
}

function spoilDials(wire: WireFaults, fields: AdminFields): unknown {
  const fate = dialFates.find((each) => each === textField(fields, 'fate'));
  if (!fate) throw new AdminProblem(`fate is one of ${dialFates.join(', ')}`);
  wire.spoilDials(pathOf(fields), fate, numberField(fields, 'count', 1));
  return { ok: true };
}

function setClock(wire: WireFaults, fields: AdminFields): unknown {
  wire.aheadMs = numberField(fields, 'aheadMs');
  return { aheadMs: wire.aheadMs };
}
