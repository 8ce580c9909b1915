import { DomainError } from '../domain/errors';

/** A move the present state does not allow; carries the ones it does. */
export class IllegalTransition extends DomainError {
  constructor(
    move: string,
    state: string,
    readonly allowed: readonly string[],
  ) {
    super(
      'ILLEGAL_TRANSITION',
      `${move} is not possible while ${state}.`,
      `Possible now: ${allowed.join(', ') || 'nothing'}.`,
    );
  }
}
