import type { Lots, Ticks } from '../../../domain/units';

/** Absorbs the error of floating arithmetic, so that a figure meant to be on the grid stays there. */
const slack = (x: number): number => Math.max(1e-6, Math.abs(x) * 4e-15);

export const floorTick = (x: number): Ticks => Math.floor(x + slack(x));
export const ceilTick = (x: number): Ticks => Math.ceil(x - slack(x));
export const floorLot = (x: number): Lots => Math.floor(x + slack(x));
export const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
