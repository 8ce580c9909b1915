import { z } from 'zod';
import type { FieldProblem } from '../../../domain/errors';
import {
  decimal,
  decimalOrNull,
  flag,
  integer,
  integerOrNull,
  oneOf,
  setting,
  settingOrNull,
} from './config-fields';
import type { Problem } from './config-fields';
import { nearest } from '../../../domain/nearest';

/** A half spread above this needs `confirmWideSpread`: it is more often a slip of the unit than a wish. */
export const wideSpreadBps = 500;
const day = 86_400_000;

const inventory = z.strictObject({
  mode: oneOf(['ratio', 'base'], 'ratio'),
  targetRatio: setting(0, 1, 0.5),
  rangeRatio: setting(0.01, 1, 0.25),
  targetBase: decimalOrNull('any'),
  rangeBase: decimalOrNull('positive'),
  priceSkew: setting(0, 1, 0.5),
  sizeSkew: setting(0, 1, 1),
  maxShiftRatio: setting(0, 1, 1),
  maxBase: decimalOrNull('positive'),
  minBase: decimal('0'),
});
const postOnly = z.strictObject({ marginTicks: integer(1, 100, 1) });
const freshness = z.strictObject({ hardMs: integerOrNull(100, 60_000) });
/** Null leaves what the operator allows; a figure above it changes nothing. */
const limits = z.strictObject({
  collarBps: settingOrNull(1, 10_000, null),
  maxOrderNotionalQuote: decimalOrNull('positive'),
  maxDailyLossQuote: decimalOrNull('positive'),
  maxDrawdownQuote: decimalOrNull('positive'),
  maxFillsPerMinute: integerOrNull(1, 100_000),
  maxOneSidedFills: integerOrNull(1, 100_000),
});

const schema = z.strictObject({
  bidSpreadBps: setting(0.1, 5_000, 10),
  askSpreadBps: setting(0.1, 5_000, 10),
  minimumSpreadBps: setting(0, 5_000, 0),
  maxHalfSpreadBps: settingOrNull(0.1, 5_000, null),
  confirmWideSpread: flag(false),
  maxBookSpreadBps: settingOrNull(10, 20_000, null),
  costMode: oneOf(['none', 'floor'], 'floor'),
  minEdgeBps: setting(0, 100, 0.5),
  levels: integer(1, 20, 1),
  levelSpacingBps: setting(0.1, 1_000, 5),
  orderQuantityBase: decimalOrNull('positive'),
  orderNotionalQuote: decimalOrNull('positive'),
  inventory: inventory.prefault({}),
  refreshMs: integer(250, 3_600_000, 15_000),
  requoteMoveBps: settingOrNull(0.1, 1_000, 10),
  refreshToleranceBps: setting(0, 500, 2),
  sizeToleranceRatio: setting(0, 1, 0.1),
  refillBelowRatio: setting(0, 1, 0.5),
  minOrderLifetimeMs: integer(0, 3_600_000, 1_000),
  maxOrderAgeMs: integer(1_000, day, 1_800_000),
  postOnly: postOnly.prefault({}),
  freshness: freshness.prefault({}),
  limits: limits.prefault({}),
});

/** A validated configuration. Bps and ratios are numbers, quantities and money decimal strings, null is unset. */
export type MarketMakingConfig = Readonly<z.output<typeof schema>>;

export type ParsedConfig =
  | { readonly ok: true; readonly config: MarketMakingConfig }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** Reads a configuration; everything wrong with it at once. `at` is where it lies in the body, a JSON pointer. */
export function parseMarketMakingConfig(raw: unknown, at = ''): ParsedConfig {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap((i) => problemsOf(i, at)) };
  const problems = crossChecks(parsed.data).map((p) => ({ ...p, pointer: at + p.pointer }));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: parsed.data };
}

function problemsOf(issue: z.core.$ZodIssue, at: string): readonly FieldProblem[] {
  const pointer = [at, ...issue.path.map(String)].join('/');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = nearest(key, knownKeys(issue.path));
      const hint = known === undefined ? {} : { hint: `Did you mean ${known}?` };
      return {
        pointer: `${pointer}/${key}`,
        code: 'UNKNOWN_FIELD',
        detail: `${key} is not a field of this strategy.`,
        ...hint,
      };
    });
  }
  if (issue.code === 'custom') return [{ pointer, ...(issue.params as unknown as Problem) }];
  return [{ pointer, code: 'TYPE_MISMATCH', detail: issue.message }];
}

const blocks: Readonly<Record<string, z.ZodObject>> = { inventory, postOnly, freshness, limits };
const knownKeys = (path: readonly PropertyKey[]): readonly string[] =>
  Object.keys((blocks[String(path[0])] ?? schema).shape);

function crossChecks(config: MarketMakingConfig): readonly FieldProblem[] {
  return [...sizeChecks(config), ...spreadChecks(config), ...inventoryChecks(config)];
}

function sizeChecks(config: MarketMakingConfig): readonly FieldProblem[] {
  if ((config.orderQuantityBase === null) !== (config.orderNotionalQuote === null)) return [];
  const both = config.orderQuantityBase !== null;
  return [
    {
      pointer: both ? '/orderNotionalQuote' : '/orderQuantityBase',
      code: both ? 'OUT_OF_RANGE' : 'REQUIRED',
      detail: 'Exactly one of orderQuantityBase and orderNotionalQuote sets the order size.',
      hint: both ? 'Remove one of them.' : 'Set one of them.',
    },
  ];
}

function spreadChecks(config: MarketMakingConfig): readonly FieldProblem[] {
  const wide = (['bidSpreadBps', 'askSpreadBps'] as const).filter(
    (key) => config[key] > wideSpreadBps && !config.confirmWideSpread,
  );
  const problems: FieldProblem[] = wide.map((key) => ({
    pointer: `/${key}`,
    code: 'SPREAD_TOO_WIDE',
    detail: `${config[key]} bps are ${config[key] / 100} %: a price of 100 is quoted ${config[key] / 100} away.`,
    hint: `If you meant ${config[key] / 100} bps (${config[key] / 10_000} %), set that; if ${config[key] / 100} % is right, set confirmWideSpread.`,
  }));
  const least = Math.max(config.bidSpreadBps, config.askSpreadBps, config.minimumSpreadBps / 2);
  if (config.maxHalfSpreadBps !== null && config.maxHalfSpreadBps < least) {
    const hint = `Use ${least} or more, or null.`;
    const detail = `The cap of ${config.maxHalfSpreadBps} bps is below the ${least} bps it has to allow.`;
    problems.push({ pointer: '/maxHalfSpreadBps', code: 'OUT_OF_RANGE', detail, hint });
  }
  return problems;
}

function inventoryChecks({ inventory: limits }: MarketMakingConfig): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const hint = 'Set it, or use mode ratio.';
  for (const key of ['targetBase', 'rangeBase'] as const) {
    if (limits.mode !== 'base' || limits[key] !== null) continue;
    problems.push({
      pointer: `/inventory/${key}`,
      code: 'REQUIRED',
      detail: `Mode base needs ${key}.`,
      hint,
    });
  }
  if (limits.maxBase !== null && Number(limits.minBase) > Number(limits.maxBase)) {
    const detail = `minBase ${limits.minBase} is above maxBase ${limits.maxBase}.`;
    problems.push({ pointer: '/inventory/minBase', code: 'OUT_OF_RANGE', detail, hint: 'Lower minBase.' });
  }
  return problems;
}
