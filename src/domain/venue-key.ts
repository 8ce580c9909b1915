import type { AccountId, InstrumentId, VenueId } from './instrument';

/** Where an order rests. */
export interface OrderPlace {
  readonly venue: VenueId;
  readonly accountId: AccountId;
  readonly instrument: InstrumentId;
}

/** A venue counts its order ids per instrument: one id may name several orders of one account. */
export const venueKey = ({ venue, accountId, instrument }: OrderPlace, venueOrderId: string): string =>
  `${venue}|${accountId}|${instrument}|${venueOrderId}`;
