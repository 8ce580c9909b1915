import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { Ear } from './ears';
import type { Findings } from './findings';
import type { VenueView } from './venue-view';

/** I3: an order is called lost after reads that could not have missed it, so not while the venue has it. */
export class LostJudge implements Ear {
  constructor(
    private readonly findings: Findings,
    private readonly view: VenueView,
  ) {}

  logged(lines: readonly OrderLogLine[]): void {
    for (const { status, clientOrderId } of lines) if (status === 'LOST') this.judge(clientOrderId);
  }

  private judge(id: string): void {
    const live = [...this.view.standings.values()].flatMap((one) => [...one.live.values()]);
    const isGone = !live.some(({ clientOrderId }) => clientOrderId === id);
    this.findings.check('I3', isGone, () => `${id} is called lost and rests at the venue`, id);
  }
}
