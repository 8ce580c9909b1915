import type { FleetFrame, VenueRow } from '../api/types';

interface VenueHealth {
  readonly name: string;
  readonly ok: boolean;
  readonly word: string;
  readonly detail: string;
}

interface Health {
  readonly ok: boolean;
  readonly venues: readonly VenueHealth[];
}

const modes: readonly (readonly [environment: string, mode: string])[] = [
  ['live', 'LIVE'],
  ['testnet', 'SANDBOX'],
  ['sandbox', 'SANDBOX'],
];

/** The most serious environment any strategy trades in. */
export function modeOf(frame: FleetFrame | undefined): string {
  if (!frame) return 'CONNECTING';
  const environments = new Set(frame.rows.map((row) => row.environment.toLowerCase()));
  return modes.find(([environment]) => environments.has(environment))?.[1] ?? 'SIM';
}

export function healthOf(frame: FleetFrame): Health {
  const venues = frame.venues.map(healthOfVenue);
  return { ok: venues.every((venue) => venue.ok), venues };
}

function healthOfVenue({ venue, publicLive, privateLive }: VenueRow): VenueHealth {
  const down = [...(publicLive ? [] : ['book']), ...(privateLive ? [] : ['private stream'])];
  return {
    name: venue,
    ok: down.length === 0,
    word: down.length === 0 ? 'live' : `${down.join(', ')} down`,
    detail: `book ${publicLive ? 'live' : 'down'}, private stream ${privateLive ? 'live' : 'down'}`,
  };
}
