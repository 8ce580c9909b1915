import { AdminProblem, numberField, textField } from './admin-fields';
import type { AdminFields, AdminRoute } from './admin-fields';
import { batchSpoilings, holdPoints } from './faults';
import type { Faults, HoldPoint } from './faults';

/** Each fault under `POST /faults/<name>`, its parameters as JSON fields. */
export function faultRoutes(faults: Faults): readonly (readonly [string, AdminRoute])[] {
  const count = (fields: AdminFields): number => numberField(fields, 'count', 1);
  const done = (act: (fields: AdminFields) => void): AdminRoute => {
    return (fields) => {
      act(fields);
      return { ok: true };
    };
  };
  const cutSockets = done((f) => faults.cutSockets(oneOf(textField(f, 'which'), ['public', 'private'])));
  const skipDepthFrames = done((f) => faults.skipDepthFrames(textField(f, 'symbol'), count(f)));
  const repeatDepthFrames = done((f) => faults.repeatDepthFrames(textField(f, 'symbol'), count(f)));
  const swapDepthFrames = done((f) => faults.swapDepthFrames(textField(f, 'symbol'), count(f)));
  const dropReply = done((f) =>
    faults.dropReply(oneOf(textField(f, 'kind'), ['create', 'cancel']), count(f)),
  );
  const holdNext = done((f) =>
    faults.holdNext(oneOf<HoldPoint>(textField(f, 'point'), holdPoints), count(f)),
  );
  const failNext = done((f) => {
    const kind = oneOf(textField(f, 'kind'), ['create', 'cancel', 'query']);
    faults.failNext(kind, count(f), numberField(f, 'status', 503));
  });
  const refuseNext = done((f) => {
    const said = {
      code: textField(f, 'code'),
      text: textField(f, 'text', 'refused'),
      isExecuted: f['executed'] === true,
    };
    faults.refuseNext(oneOf(textField(f, 'kind'), ['create', 'cancel']), count(f), said);
  });
  const spoilBatches = done((f) => faults.spoilBatches(oneOf(textField(f, 'how'), batchSpoilings), count(f)));
  const release: AdminRoute = (f) => ({ released: faults.release(whichOf(f), verdictOf(f)) });
  return [
    ['GET /faults/held', () => faults.held()],
    ['POST /faults/cutSockets', cutSockets],
    ['POST /faults/skipDepthFrames', skipDepthFrames],
    ['POST /faults/repeatDepthFrames', repeatDepthFrames],
    ['POST /faults/swapDepthFrames', swapDepthFrames],
    ['POST /faults/delaySnapshots', done((f) => faults.delaySnapshots(numberField(f, 'ms')))],
    ['POST /faults/dropReply', dropReply],
    ['POST /faults/holdNext', holdNext],
    ['POST /faults/release', release],
    ['POST /faults/failNext', failNext],
    ['POST /faults/refuseNext', refuseNext],
    ['POST /faults/spoilBatches', spoilBatches],
    ['POST /faults/delayQueries', done((f) => faults.delayQueries(numberField(f, 'ms')))],
    ['POST /faults/rateLimitNext', done((f) => faults.rateLimitNext(count(f)))],
    ['POST /faults/clearAll', done(() => faults.clearAll())],
  ];
}

const verdictOf = (fields: AdminFields) =>
  oneOf(textField(fields, 'verdict', 'continue'), ['continue', 'drop'] as const);
const whichOf = (fields: AdminFields): number | 'all' =>
  textField(fields, 'id', 'all') === 'all' ? 'all' : numberField(fields, 'id');

function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new AdminProblem(`${value} is none of ${allowed.join(', ')}`);
  return found;
}
