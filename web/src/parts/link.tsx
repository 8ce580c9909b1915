import type { ComponentChildren, VNode } from 'preact';
import { go } from '../live/route';

interface Props {
  readonly to: string;
  readonly class?: string;
  /** Where the text may be cut short. */
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** An address of this page: a plain link for new tabs and copying, no reload for a plain click. */
export function Link({ to, children, title, class: className }: Props): VNode {
  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} class={className} title={title} onClick={onClick}>
      {children}
    </a>
  );
}
