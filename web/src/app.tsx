import type { VNode } from 'preact';
import { session } from './api/session';
import { useCell } from './live/cell';
import { killPath, path, strategyIdOf, venuesPath } from './live/route';
import { FleetPage } from './pages/fleet/fleet-page';
import { KillPage } from './pages/kill/kill-page';
import { LoginPage } from './pages/login-page';
import { StrategyRoute } from './pages/strategy/strategy-route';
import { VenuesPage } from './pages/venues/venues-page';
import { Frame } from './parts/frame';
import { Link } from './parts/link';

export function App(): VNode {
  const token = useCell(session);
  const pathname = useCell(path);
  if (token === undefined) return <LoginPage />;
  return (
    <Frame>
      <Page pathname={pathname} />
    </Frame>
  );
}

function Page({ pathname }: { readonly pathname: string }): VNode {
  const id = strategyIdOf(pathname);
  if (id !== undefined) return <StrategyRoute key={id} id={id} />;
  if (pathname === '/') return <FleetPage />;
  if (pathname === venuesPath) return <VenuesPage />;
  if (pathname === killPath) return <KillPage />;
  return (
    <section class="empty">
      <h1>No such page</h1>
      <p>
        The address {pathname} leads nowhere. <Link to="/">Back to the fleet</Link>
      </p>
    </section>
  );
}
