/** A halt that stands, whoever set it. */
export interface StandingHalt {
  readonly scopeKey: string;
  readonly state: string;
  readonly since: string;
  readonly actor: string;
  readonly reason: string;
  /** False while the database has not answered: it stands in the memory of one engine. */
  readonly isSaved: boolean;
}

/** How far a kill has come: its two proofs, and what is left. */
export interface Kill {
  readonly state: string;
  readonly confirmedAt: string | undefined;
  readonly sweptAt: string | undefined;
  readonly remaining: readonly string[];
  /** Accounts whose venue has not answered. */
  readonly silent: readonly string[];
}

type Bag = Readonly<Record<string, unknown>>;

const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null ? (value as Bag) : {});
const word = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [];

/** Reads the service's answer; what is missing claims nothing. */
export function readKill(raw: unknown): Kill | undefined {
  const answer = bag(raw);
  const state = word(answer['state']);
  if (state === undefined) return undefined;
  const observed = bag(answer['observed']);
  return {
    state,
    confirmedAt: observed['confirmed'] === true ? word(observed['confirmedAt']) : undefined,
    sweptAt: observed['swept'] === true ? word(observed['sweptAt']) : undefined,
    remaining: list(answer['remaining']).flatMap((order) => word(bag(order)['clientOrderId']) ?? []),
    silent: list(answer['silentAccounts']).flatMap((id) => word(id) ?? []),
  };
}

/** The outcome in one sentence. Only two empty reads of the venue may be called swept. */
export function killSentence({ state, confirmedAt, sweptAt, remaining, silent }: Kill): string {
  const left = `${remaining.length} own order${remaining.length === 1 ? '' : 's'}`;
  if (state === 'succeeded' && sweptAt !== undefined)
    return 'swept: the venue showed 0 own open orders twice';
  if (silent.length > 0)
    return `not proved: ${silent.length} account${silent.length === 1 ? '' : 's'} not answering`;
  if (confirmedAt !== undefined) return 'confirmed: every own order has ended; reading on for what lags';
  return state === 'timed_out'
    ? `not confirmed in time: ${left} left; cancelling goes on`
    : `cancelling: ${left} left`;
}
