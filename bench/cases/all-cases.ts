import type { Case } from '../case';
import { bookCases } from './book.case';
import { tickCases } from './tick.case';

export const allCases: readonly Case[] = [...bookCases, ...tickCases];
