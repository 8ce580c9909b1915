import type { VNode } from 'preact';
import type { OwnQuote } from '../../api/types';
import { none, padded } from '../../format/numbers';
import { bestOwn } from '../../live/own-quotes';

interface Props {
  readonly side: 'bid' | 'ask';
  readonly quotes: readonly OwnQuote[];
  readonly places: number;
}

/** Our best quote on one side with its quantity; deeper levels as a count. */
export function OwnSide({ side, quotes, places }: Props): VNode {
  const quote = bestOwn(quotes)[side];
  const deeper = quotes.filter((candidate) => candidate.side === side).length - 1;
  return (
    <span
      class={`own own-${side} side-${side}`}
      title={quote ? `own ${side}, ${quote.status}` : `no own ${side}`}
    >
      {quote ? padded(quote.price, places) : none}
      {quote && (
        <span class="own-rest">
          {' '}
          × {quote.quantity}
          {deeper > 0 && <span class="muted"> +{deeper}</span>}
        </span>
      )}
    </span>
  );
}
