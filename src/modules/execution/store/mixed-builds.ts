import { DomainError } from '../../../domain/errors';
import type { Build } from './types';

/** The live lease that stands in the way. */
export interface MixedLease {
  readonly ownerId: string;
  readonly buildId: string;
  readonly schemaVersion: number;
}

const majorOf = ({ id }: Build): string => id.split('.')[0] ?? '';

/** Two builds that must not trade side by side: they may not mean the same by what they write. */
export const isMixed = (one: Build, other: Build): boolean =>
  majorOf(one) !== majorOf(other) || one.schemaVersion !== other.schemaVersion;

export const mixedBuilds = ({ ownerId, buildId, schemaVersion }: MixedLease): DomainError => {
  const detail = `engine ${ownerId} of build ${buildId}, schema ${schemaVersion}, trades, and this build must not trade beside it`;
  return new DomainError('LEASE_NOT_HELD', detail, 'Stop that engine, or start its build here.');
};
