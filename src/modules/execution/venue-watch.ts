import type { Reason } from '../../domain/reason';
import type { Tick, TimeIterator } from './clock/types';
import type { Engine, OpenAccount } from './engine';
import { connectionReasons, haltReasonsOf } from './gates';
import type { StandingProblem } from './types';

/** What a market feed can have: a reason of a strategy that is about its venue, whoever trades there. */
const ofMarkets: ReadonlySet<string> = new Set([
  ...['BOOK_STALE', 'BOOK_GAP_RESYNC', 'BOOK_EMPTY', 'BOOK_CROSSED', 'BOOK_TOO_WIDE'],
  ...['INSTRUMENT_HALTED', 'INSTRUMENT_CANCEL_ONLY', 'INSTRUMENT_RULES_CHANGED', 'INSTRUMENT_RULES_UNSURE'],
]);

const nothing: readonly StandingProblem[] = [];

/** Looks at every open account once a tick, because a problem is told together with when it began. */
export class VenueWatch implements TimeIterator {
  readonly name = 'venue-watch';
  private readonly standing = new Map<string, readonly StandingProblem[]>();

  constructor(private readonly engine: Engine) {}

  onTick(tick: Tick): void {
    for (const [id, account] of this.engine.accounts) this.standing.set(id, this.look(account, tick));
  }

  problems(accountId: string): readonly StandingProblem[] {
    return this.standing.get(accountId) ?? [];
  }

  forget(accountId: string): void {
    this.standing.delete(accountId);
  }

  private look(account: OpenAccount, tick: Tick): readonly StandingProblem[] {
    const own = this.ofAccount(account, tick);
    const pairs = this.ofPairs(account);
    if (own.length + pairs.length === 0) return nothing;
    const before = this.problems(account.config.id);
    const standing = (
      { code, effect, side, params }: Reason,
      symbols: readonly string[],
    ): StandingProblem => {
      const since = before.findLast((problem) => problem.code === code)?.since ?? tick.now;
      return { code, effect, side, params, symbols, since };
    };
    return [
      ...own.map((reason) => standing(reason, wholeAccount)),
      ...pairs.map((problem) => standing(problem, problem.symbols)),
    ];
  }

  private ofAccount(account: OpenAccount, tick: Tick): readonly Reason[] {
    const { config, connector, reconciler, books } = account;
    const { breaker, halts, switches } = this.engine;
    const halt = halts.over(scopesOf(account));
    const why = switches.trouble(config.id);
    const ofConnection = connectionReasons({
      mono: tick.mono,
      isReconciled: reconciler.isReady,
      isStreamSilent: reconciler.isStreamSilent,
      disagreement: books.problem,
      uncompared: undefined,
      connector: connector.health(),
      canCreate: breaker.canCreate(config.id),
    });
    if (!halt && why === undefined) return ofConnection;
    return [
      ...(halt ? haltReasonsOf(halt) : []),
      ...(why === undefined ? [] : [deadManReason(why)]),
      ...ofConnection,
    ];
  }

  /** One line for each problem, however many strategies and pairs have it. */
  private ofPairs({ config }: OpenAccount): readonly OfPairs[] {
    let found: Map<string, OfPairs> | undefined;
    for (const { strategy, latestReasons } of this.engine.sessions.values()) {
      if (latestReasons.length === 0 || strategy.account.id !== config.id) continue;
      for (const { code, effect, side, params } of latestReasons) {
        if (!ofMarkets.has(code)) continue;
        found ??= new Map();
        const symbols = new Set([...(found.get(code)?.symbols ?? []), strategy.rules.id]);
        found.set(code, { code, effect, side, params, symbols: [...symbols] });
      }
    }
    return found ? [...found.values()] : noPairs;
  }
}

/** A problem of a market, and the pairs that have it. */
type OfPairs = Reason & Pick<StandingProblem, 'symbols'>;
const wholeAccount: readonly string[] = [];
const noPairs: readonly OfPairs[] = [];

const scopesOf = ({ config }: OpenAccount): readonly string[] => [
  `account:${config.id}`,
  `venue:${config.venue}`,
  'global',
];

const deadManReason = (why: string): Reason => ({
  ...{ code: 'DEAD_MAN_NOT_ARMED', effect: 'info', side: 'both' },
  params: { why },
});
