import type { HaltLevel } from './types';

/** Where something trades and whose it is: what decides which halts cover it. */
export interface Scoped {
  readonly accountId: string;
  readonly venue: string;
  readonly instrument: string;
  readonly owner?: string | undefined;
}

const ranks: Readonly<Record<HaltLevel, number>> = { REDUCE_ONLY: 1, CANCEL_ONLY: 2, HALTED: 3 };

/** From CANCEL_ONLY on nothing is created, quotes are pulled and no lease can be taken. */
export const stopsCreates = ({ level }: { readonly level: HaltLevel }): boolean => ranks[level] >= 2;

/** Every scope a strategy is in. */
export const scopeKeysOf = (strategyId: string, of: Scoped | undefined): readonly string[] => [
  ...['global', `strategy:${strategyId}`],
  ...(of
    ? [`venue:${of.venue}`, `account:${of.accountId}`, `instrument:${of.accountId}/${of.instrument}`]
    : []),
  ...(of?.owner === undefined ? [] : [`owner:${of.owner}`]),
];

/** The halt that binds; the earlier of two that are equally strict. */
export const strictestOf = <H extends { readonly level: HaltLevel }>(halts: readonly H[]): H | undefined =>
  halts.reduce<H | undefined>(
    (strictest, halt) => (strictest && ranks[strictest.level] >= ranks[halt.level] ? strictest : halt),
    undefined,
  );
