import type { VNode } from 'preact';
import type { OwnQuote } from '../../api/types';
import { none, padded } from '../../format/numbers';
import { bestOwn } from '../../live/own-quotes';

interface Props {
  readonly quotes: readonly OwnQuote[];
  readonly places: number;
}

/** Our best bid and ask with their quantity; deeper levels as a count. */
export function OwnQuotes({ quotes, places }: Props): VNode {
  const { bid, ask } = bestOwn(quotes);
  const levels = (side: 'bid' | 'ask'): number => quotes.filter((quote) => quote.side === side).length;
  return (
    <span class="own-pair num">
      <Own side="bid" quote={bid} levels={levels('bid')} places={places} />
      <Own side="ask" quote={ask} levels={levels('ask')} places={places} />
    </span>
  );
}

interface OwnProps {
  readonly side: 'bid' | 'ask';
  readonly quote: OwnQuote | undefined;
  readonly levels: number;
  readonly places: number;
}

function Own({ side, quote, levels, places }: OwnProps): VNode {
  return (
    <span class={`own-${side} side-${side}`} title={quote ? `${side} ${quote.status}` : `no own ${side}`}>
      <span class="own-word">{side === 'bid' ? 'B' : 'S'}</span>
      {quote ? `${padded(quote.price, places)} × ${quote.quantity}` : none}
      {levels > 1 && <span class="muted"> +{levels - 1}</span>}
    </span>
  );
}
