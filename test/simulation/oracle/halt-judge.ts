import { nonceLength } from '../../../src/domain/ids';
import type {
  CommitVerdict,
  HaltedScope,
  IntentBatch,
  NewHalt,
} from '../../../src/modules/execution/store/types';
import { stopsCreates } from '../../../src/modules/execution/store/halt-scopes';
import type { StoreCall } from '../store-adapter';
import type { Ear } from './ears';
import type { Findings } from './findings';

/** I16: once a halt is durable no intent of a strategy it covers becomes durable, whoever checked what before. */
export class HaltJudge implements Ear {
  /** Engines that may create nothing: each kept dying. */
  private readonly engines = new Set<string>();
  /** The strategies each standing halt covers. */
  private readonly halted = new Map<string, readonly string[]>();

  constructor(private readonly findings: Findings) {}

  /** Another history of the database begins, with the halts of then. */
  setBack(): void {
    this.halted.clear();
    this.engines.clear();
  }

  applied(name: StoreCall, args: readonly unknown[], result: unknown): void {
    if (name === 'kill') this.killed(args[0] as NewHalt, result as HaltedScope);
    if (name === 'liftHalt') this.lifted((args[0] as { readonly scopeKey: string }).scopeKey);
    if (name === 'commitIntents')
      this.committed(args[0] as readonly IntentBatch[], result as ReadonlyMap<string, CommitVerdict>);
  }

  private killed(halt: NewHalt, { strategies }: HaltedScope): void {
    if (!stopsCreates(halt)) return;
    if (halt.scopeKey.startsWith('engine:')) this.engines.add(halt.scopeKey);
    else
      this.halted.set(
        halt.scopeKey,
        strategies.map(({ id }) => id),
      );
  }

  private lifted(scopeKey: string): void {
    this.halted.delete(scopeKey);
    this.engines.delete(scopeKey);
  }

  private committed(batches: readonly IntentBatch[], verdicts: ReadonlyMap<string, CommitVerdict>): void {
    for (const { strategyId, ownerId, orders } of batches) {
      const engine = `engine:${ownerId.slice(0, -(nonceLength + 1))}`;
      const scope = this.engines.has(engine)
        ? engine
        : [...this.halted].find(([, ids]) => ids.includes(strategyId))?.[0];
      const isRefused = scope === undefined || verdicts.get(strategyId)?.kind !== 'committed';
      const says = (): string => `${orders[0]?.clientOrderId} was committed under the halt of ${scope}`;
      this.findings.check('I16', isRefused, says, orders[0]?.clientOrderId);
    }
  }
}
