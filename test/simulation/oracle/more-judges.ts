import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { VenueCore } from '../../../src/venue-simulator/venue-types';
import type { StoreCall } from '../store-adapter';
import type { SeenRequest, WireAnswer } from '../wire';
import { AccountJudge } from './account-judge';
import { CrossJudge } from './cross-judge';
import type { Findings } from './findings';
import { HaltJudge } from './halt-judge';
import { LossJudge } from './stopped-by-loss';
import { PacingJudge } from './pacing-judge';
import { checkSecrets } from './secrets-judge';
import type { VenueView } from './venue-view';

export interface MoreParts {
  readonly findings: Findings;
  readonly core: VenueCore;
  readonly now: () => number;
}

/** The judges of single rules, each told what it asks for. */
export class MoreJudges {
  private readonly account: AccountJudge;
  private readonly pacing: PacingJudge;
  private readonly cross: CrossJudge;
  private readonly halts: HaltJudge;
  readonly loss: LossJudge;

  constructor(
    private readonly parts: MoreParts,
    private readonly view: VenueView,
  ) {
    const { findings, core, now } = parts;
    const mid = (symbol: string): number | undefined => {
      const { bids, asks } = core.depth(symbol, 1);
      return bids[0] && asks[0] && (bids[0][0] + asks[0][0]) / 2;
    };
    this.account = new AccountJudge(findings);
    this.pacing = new PacingJudge(findings, view, now);
    this.cross = new CrossJudge(findings, view, parts.now);
    this.halts = new HaltJudge(findings);
    this.loss = new LossJudge(findings, view, { now, mid });
  }

  left(request: SeenRequest): void {
    this.account.left(request);
    this.pacing.left(request);
    this.cross.left(request);
    this.loss.left(request);
  }

  /** It is at the venue, or will never be. */
  over(request: SeenRequest): void {
    this.cross.over(request);
  }

  answered(request: SeenRequest, answer: WireAnswer | undefined): void {
    this.account.answered(request, answer);
    this.pacing.answered(request, answer);
  }

  connected(stream: 'public' | 'private', isOpen: boolean, host: string): void {
    this.account.connected(stream, isOpen, host);
  }

  applied(name: StoreCall, args: readonly unknown[], result: unknown): void {
    this.halts.applied(name, args, result);
  }

  logged(lines: readonly OrderLogLine[]): void {
    for (const line of lines) {
      checkSecrets(this.parts.findings, 'the order log', line.detail);
      if (line.status === 'LOST') this.checkLost(line);
    }
  }

  /** I3: an order is called lost after reads that could not have missed it, so not while the venue has it. */
  private checkLost({ clientOrderId: id }: OrderLogLine): void {
    const live = [...this.view.standings.values()].flatMap((one) => [...one.live.values()]);
    const isGone = !live.some(({ clientOrderId }) => clientOrderId === id);
    this.parts.findings.check('I3', isGone, () => `${id} is called lost and rests at the venue`, id);
  }
}
