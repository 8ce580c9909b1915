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
  /** The strategies each standing halt covers. */
  private readonly halted = new Map<string, readonly string[]>();

  constructor(private readonly findings: Findings) {}

  applied(name: StoreCall, args: readonly unknown[], result: unknown): void {
    if (name === 'kill') this.killed(args[0] as NewHalt, result as HaltedScope);
    if (name === 'liftHalt') this.halted.delete((args[0] as { readonly scopeKey: string }).scopeKey);
    if (name === 'commitIntents')
      this.committed(args[0] as readonly IntentBatch[], result as ReadonlyMap<string, CommitVerdict>);
  }

  private killed(halt: NewHalt, { strategies }: HaltedScope): void {
    if (stopsCreates(halt))
      this.halted.set(
        halt.scopeKey,
        strategies.map(({ id }) => id),
      );
  }

  private committed(batches: readonly IntentBatch[], verdicts: ReadonlyMap<string, CommitVerdict>): void {
    for (const { strategyId, orders } of batches) {
      const scope = [...this.halted].find(([, ids]) => ids.includes(strategyId))?.[0];
      const isRefused = scope === undefined || verdicts.get(strategyId)?.kind !== 'committed';
      const says = (): string => `${orders[0]?.clientOrderId} was committed under the halt of ${scope}`;
      this.findings.check('I16', isRefused, says, orders[0]?.clientOrderId);
    }
  }
}
