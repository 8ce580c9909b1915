import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

type Page = ComponentType<{ readonly id: string }>;

/** Loads the strategy page, and the chart library with it, only when it is first opened. */
export function StrategyRoute({ id }: { readonly id: string }): VNode {
  const [Page, setPage] = useState<Page | undefined>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import('./strategy-page').then(
      (module) => setPage(() => module.StrategyPage),
      () => setFailed(true),
    );
  }, []);
  if (failed) return <p class="empty">This page could not be loaded. Reload to try again.</p>;
  return Page ? <Page id={id} /> : <p class="empty">Opening …</p>;
}
