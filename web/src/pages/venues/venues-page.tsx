import type { VNode } from 'preact';
import { byVenue, hasSwitch, type Account, type Venue } from '../../api/accounts';
import { rowsOf, usePoll } from '../../live/poll';
import { Panel } from '../../parts/panel';
import { AccountForm } from './account-form';
import { AccountRow } from './account-row';

/** The accounts at each venue, what is wrong there and since when, and a way to add one. */
export function VenuesPage(): VNode {
  const { data, error, retry } = usePoll<unknown>('/accounts', 1_000);
  const accounts = rowsOf<Account>(data);
  const venues = rowsOf<Venue>(usePoll<unknown>('/venues', 60_000).data);
  return (
    <div class="venues-page">
      <h1>Venues and accounts</h1>
      {error !== undefined && (
        <p class="panel-error" role="alert">
          ▲ {error}
        </p>
      )}
      {byVenue(accounts).map(([venue, own]) => (
        <Panel key={venue} title={venue} count={own.length}>
          {own.length === 0 ? (
            <p class="muted">No account.</p>
          ) : (
            own.map((account) => (
              <AccountRow
                key={account.id}
                account={account}
                hasSwitch={hasSwitch(venues, venue)}
                onChanged={retry}
              />
            ))
          )}
        </Panel>
      ))}
      <Panel title="Add an account">
        <AccountForm venues={venues} onAdded={retry} />
      </Panel>
    </div>
  );
}
