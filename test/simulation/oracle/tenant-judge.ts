import { neighbour } from '../seed-plan';
import type { World } from '../world';

/** I23: who trades nothing has nothing in the books but what it came with, and is told of nobody else's trades. */
export function judgeTenant({ plan, database, alerts, findings }: World): void {
  if (!plan.hasNeighbour) return;
  const { accountId } = neighbour;
  const posting = database
    .postings()
    .find(({ holder, key }) => holder.endsWith(accountId) && !key.startsWith('external:opening:'));
  findings.check('I23', posting === undefined, () => `${posting?.key} is in the books of another user`);
  const told = alerts.find((one) => one.accountId === accountId && one.code === 'EXTERNAL_MOVEMENT');
  const isOpening = told === undefined || told.detail.startsWith('opening');
  findings.check('I23', isOpening, () => `another user is told: ${told?.detail}`);
}
