import { accountingRows } from './accounting';
import { bookRows } from './book-content';
import { connectionRows } from './connection';
import { databaseRows } from './database';
import { fateRows } from './fates';
import { handoverRows } from './handover';
import { heldRows } from './held';
import { keyRows } from './key';
import { marketRows } from './market-data';
import { marketEventRows } from './market';
import { ruleRows } from './market-rules';
import { operatorRows } from './operators';
import { orderIdRows } from './order-ids';
import { orderRows } from './orders';
import { ownOrderRows } from './own-orders';
import { personRows } from './person';
import { processRows } from './process';
import { refusalRows } from './refusals';
import { rolloutRows } from './rollout';
import type { FaultRow } from './row';
import { switchRows } from './switch';
import { takeoverRows } from './takeover';
import { thinRows } from './thin-market';
import { transportRows } from './transport';
import { streamRows } from './user-stream';

/** Every row the simulation can inject. */
export const faultRows: readonly FaultRow[] = [
  ...transportRows,
  ...connectionRows,
  ...marketRows,
  ...bookRows,
  ...orderRows,
  ...orderIdRows,
  ...fateRows,
  ...refusalRows,
  ...keyRows,
  ...ruleRows,
  ...ownOrderRows,
  ...accountingRows,
  ...streamRows,
  ...heldRows,
  ...processRows,
  ...personRows,
  ...databaseRows,
  ...marketEventRows,
  ...thinRows,
  ...takeoverRows,
  ...operatorRows,
  ...rolloutRows,
  ...handoverRows,
  ...switchRows,
];
