import type { Case } from '../case';
import { bookCases } from './book.case';
import { decodeCases } from './decode.case';
import { receiveCases } from './receive.case';
import { refreshCases } from './refresh.case';
import { tickCases } from './tick.case';

export const allCases: readonly Case[] = [
  ...bookCases,
  ...tickCases,
  ...decodeCases,
  ...receiveCases,
  ...refreshCases,
];
