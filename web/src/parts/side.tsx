import type { VNode } from 'preact';

/** Buy and sell by word, triangle and colour. */
export function SideWord({ side }: { readonly side: string }): VNode {
  const buys = side === 'buy' || side === 'bid';
  return (
    <span class={buys ? 'side-bid' : 'side-ask'}>
      <span aria-hidden="true">{buys ? '▲' : '▼'}</span> {buys ? 'buy' : 'sell'}
    </span>
  );
}
