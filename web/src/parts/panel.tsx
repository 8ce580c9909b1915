import type { ComponentChildren, VNode } from 'preact';

interface Props {
  readonly title: string;
  readonly count?: number | undefined;
  readonly error?: string | undefined;
  readonly retry?: () => void;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** One framed part of a page; its failure is its own and blanks nothing else. */
export function Panel({ title, count, error, retry, children, class: className = '' }: Props): VNode {
  return (
    <section class={`panel ${className}`} aria-label={title}>
      <h2>
        {title}
        {count !== undefined && <span class="count num">{count}</span>}
      </h2>
      {error !== undefined && (
        <p class="panel-error" role="alert">
          ▲ {error}{' '}
          {retry && (
            <button type="button" class="quiet" onClick={retry}>
              Retry
            </button>
          )}
        </p>
      )}
      {children}
    </section>
  );
}
