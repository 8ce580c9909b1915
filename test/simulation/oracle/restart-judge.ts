import { decodeClientOrderId } from '../../../src/domain/ids';
import type { Host } from '../host';
import type { World } from '../world';
import type { Disagreement } from './agreement';
import { disagreements, wordsOf } from './agreement';
import { LedgerView } from './ledger-view';

const convergeMs = 30_000;
/** What is on its way when it is asked is settled when it is asked again. */
const againMs = 2_000;
/** A trade of this moment may still be on its way to the books. */
const bookingMs = 5_000;
/** Rows that harm the process alone: beside any other, T_conv begins with the last fault and not with the boot. */
const processRows: ReadonlySet<string> = new Set(['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'P1', 'P2', 'P3']);

/** I17: thirty seconds after a boot nothing of an earlier process is unknown, unbooked or different at the venue. */
export class RestartJudge {
  private readonly isJudging: boolean;

  constructor(private readonly world: World) {
    const rows = [...world.plan.rates.keys()];
    this.isJudging = rows.length > 0 && rows.every((row) => processRows.has(row));
  }

  /** The engine of this process is made. */
  booted(host: Host): void {
    const { world } = this;
    if (!this.isJudging || world.stats.boots <= world.hosts.all.length) return;
    const bootedAt = world.now();
    const isHere = (): boolean =>
      world.host() === host && !host.runtime.isDead && !host.isStopping && host.frozenUntil === 0;
    // T_conv begins anew with every fault, and another boot may have come between.
    const isJudged = (): boolean => isHere() && world.board.lastAt <= bootedAt;
    world.after(convergeMs, () => {
      if (!isJudged()) return;
      const first = new Set(this.wrong().map((one) => one.clientOrderId));
      world.after(againMs, () => {
        if (isJudged()) this.judge(this.wrong().filter((one) => first.has(one.clientOrderId)));
      });
    });
  }

  /** Orders of earlier processes alone. */
  private wrong(): readonly Disagreement[] {
    const { view, engineOf, hosts } = this.world;
    const nonces = hosts.all.map(({ engine }) => engine?.boot.nonce);
    return disagreements(view, engineOf).filter(
      ({ clientOrderId }) => !nonces.includes(decodeClientOrderId(clientOrderId)?.nonce),
    );
  }

  private judge([wrong]: readonly Disagreement[]): void {
    const { findings, view, plan } = this.world;
    const now = this.world.now();
    const says = (): string => `${convergeMs / 1_000} s after a boot ${wordsOf(wrong!)}`;
    findings.check('I17', wrong === undefined, says, wrong?.clientOrderId);
    const books = new LedgerView(this.world);
    const isRecent = ({ at }: { readonly at: number }): boolean => at > plan.startMs + now - bookingMs;
    for (const trade of view.trades) {
      if (isRecent(trade)) continue;
      const problem = books.problemOf(trade);
      const tells = (): string => `after a restart trade ${trade.tradeId} is ${problem}`;
      findings.check('I17', problem === undefined, tells, trade.clientOrderId);
    }
    const open = view.trades.filter((trade) => isRecent(trade) && !books.postings.has(books.keyOf(trade)));
    for (const { asset, shown, booked } of books.totals(open)) {
      const tells = (): string =>
        `after a restart the venue has ${shown.toFixed()} ${asset}, the books ${booked.toFixed()}`;
      findings.check('I17', shown.eq(booked), tells);
    }
  }
}
