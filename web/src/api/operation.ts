/** One order of ours that the venue has not shown ended. */
export interface RemainingOrder {
  readonly clientOrderId: string;
  readonly status: string;
  readonly lastError: string | undefined;
}

/** What a start, pause or stop wanted, what is observed, and what is left. */
export interface Operation {
  readonly state: string;
  readonly wanted: string;
  readonly observed: string;
  readonly openOrdersCount: number | undefined;
  readonly remaining: readonly RemainingOrder[];
  readonly error: string | undefined;
  readonly finished: boolean;
}

type Bag = Readonly<Record<string, unknown>>;

const endStates: ReadonlySet<string> = new Set(['succeeded', 'failed', 'superseded', 'timed_out']);

const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null ? (value as Bag) : {});
const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const stateIn = (value: unknown): string => word(value) || word(bag(value)['state']);

/** Reads the service's answer; fields it does not know are ignored, and a missing one claims nothing. */
export function readOperation(raw: unknown): Operation | undefined {
  const answer = bag(raw);
  const state = word(answer['state']);
  if (state === '') return undefined;
  const observed = bag(answer['observed']);
  const count = observed['openOrdersCount'];
  const remaining = Array.isArray(answer['remaining']) ? (answer['remaining'] as readonly unknown[]) : [];
  return {
    state,
    wanted: stateIn(answer['desired']) || stateIn(answer['wanted']),
    observed: stateIn(answer['observed']),
    openOrdersCount: typeof count === 'number' ? count : undefined,
    remaining: remaining.map(readRemaining),
    error: errorIn(answer['error']),
    finished: endStates.has(state),
  };
}

function readRemaining(raw: unknown): RemainingOrder {
  if (typeof raw === 'string') return { clientOrderId: raw, status: '', lastError: undefined };
  const order = bag(raw);
  return {
    clientOrderId: word(order['clientOrderId']),
    status: word(order['status']),
    lastError: word(order['lastError']) || undefined,
  };
}

function errorIn(raw: unknown): string | undefined {
  const error = bag(raw);
  return word(raw) || word(error['detail']) || word(error['message']) || word(error['code']) || undefined;
}
