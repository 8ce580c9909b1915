import { decide } from './controllers/market-making.controller';
import { planOrders } from './executors/plan-orders';
import { inheritedAs } from './handover-rules';
import { admit, besides, fit } from './risk/admit';
import { applyReport } from './trackers/apply-report';
import { follows } from './trackers/local-order-book';
import { fences } from './trackers/reconcile';

/**
 * The pure functions an engine decides with: what a strategy wants, what may be placed, what a report proves, and
 * what becomes of inherited orders.
 */
export interface EngineParts {
  readonly decide: typeof decide;
  readonly planOrders: typeof planOrders;
  readonly fit: typeof fit;
  readonly admit: typeof admit;
  readonly besides: typeof besides;
  readonly applyReport: typeof applyReport;
  readonly follows: typeof follows;
  readonly fences: typeof fences;
  readonly inheritedAs: typeof inheritedAs;
}

export const engineParts: EngineParts = {
  ...{ decide, planOrders, fit, admit, besides, applyReport, follows, fences, inheritedAs },
};
