/** A caller's mistake: mapped to problem+json in one filter. */
export class DomainError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly hint: string,
    readonly fields: readonly FieldProblem[] = [],
  ) {
    super(`${code}: ${detail}`);
    this.name = 'DomainError';
  }
}

/** One wrong field of a request. `pointer` is a JSON pointer into the body. */
export interface FieldProblem {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

/** A broken promise of ours. Whoever catches it halts the session concerned and pages. */
export class EngineFault extends Error {
  constructor(
    readonly code: string,
    readonly context: Readonly<Record<string, unknown>>,
  ) {
    super(`${code} ${JSON.stringify(context)}`);
    this.name = 'EngineFault';
  }
}

/** Throws an EngineFault when a promise the engine makes to itself does not hold. */
export function assertEngine(
  condition: boolean,
  code: string,
  context: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) throw new EngineFault(code, context);
}

/** A read from a venue that did not succeed. Neutral evidence: it says nothing about any order. */
export class VenueError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'VenueError';
  }
}
