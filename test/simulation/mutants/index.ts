import { gateMutants } from './gate';
import { marketMutants } from './market';
import type { Mutant } from './mutant';
import { moneyMutants } from './money';
import { orderMutants } from './orders';
import { processMutants } from './process';

export const mutants: readonly Mutant[] = [
  ...orderMutants,
  ...gateMutants,
  ...moneyMutants,
  ...marketMutants,
  ...processMutants,
].sort((a, b) => (a.id < b.id ? -1 : 1));
