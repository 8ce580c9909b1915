import type { ComponentChildren, VNode } from 'preact';
import { closeSession } from '../api/session';
import type { FleetFrame } from '../api/types';
import { useCell } from '../live/cell';
import { fleet } from '../live/fleet';
import { healthOf, modeOf } from '../live/health';
import { killPath, venuesPath } from '../live/route';
import { DataAge } from './data-age';
import { Link } from './link';

/** Around every page: the mode as a word, a colour and a stripe; health; age of the data. */
export function Frame({ children }: { readonly children: ComponentChildren }): VNode {
  const frame = useCell(fleet);
  const mode = modeOf(frame);
  return (
    <div class={`frame mode-${mode.toLowerCase()}`}>
      <div class="stripe" aria-hidden="true" />
      <header class="top">
        <Link to="/" class="brand">
          <img src="/favicon.svg" alt="" width="20" height="20" />
          <span class="wide">Market Making Engine</span>
          <span class="narrow">Engine</span>
        </Link>
        <span class="mode" title="Decided by the engine, not by this page">
          {mode}
        </span>
        <Health frame={frame} />
        <DataAge />
        <Link to={venuesPath} class="venues-link">
          Venues
        </Link>
        <Link to={killPath} class="kill-link">
          Kill switch
        </Link>
        <button type="button" class="quiet" onClick={closeSession}>
          Sign out
        </button>
      </header>
      <main class="page">{children}</main>
    </div>
  );
}

function Health({ frame }: { readonly frame: FleetFrame | undefined }): VNode | null {
  if (!frame) return null;
  const { ok, venues } = healthOf(frame);
  return (
    <span class="health">
      <span class={ok ? 'tone-good' : 'tone-warn'}>
        <span aria-hidden="true">{ok ? '●' : '▲'}</span> health {ok ? 'ok' : 'degraded'}
      </span>
      {venues.map((venue) => (
        <span key={venue.name} class={venue.ok ? 'venue' : 'venue tone-warn'} title={venue.detail}>
          {venue.name} <span class="small">{venue.word}</span>
        </span>
      ))}
    </span>
  );
}
