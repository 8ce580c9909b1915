import type { OrderIntent } from './order';
import type { Instrument } from './instrument';
import type { Dec } from './units';

declare const approval: unique symbol;

/**
 * An order that passed risk: the only thing that can be committed and sent. Only `risk/admit.ts` may import
 * `approve` (an import rule says so).
 */
export interface ApprovedOrder extends OrderIntent {
  readonly [approval]: true;
  readonly rules: Instrument;
  /** What it holds while unended: `holdRate × remaining quantity` of `holdAsset`. */
  readonly holdAsset: string;
  readonly holdRate: Dec;
}

export const approve = (order: Omit<ApprovedOrder, typeof approval>): ApprovedOrder => order as ApprovedOrder;
