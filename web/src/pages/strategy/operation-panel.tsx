import type { VNode } from 'preact';
import type { Operation } from '../../api/operation';
import { outcomeOf } from '../../format/operation';
import { dismiss, isRunning, type Pending } from '../../live/operations';
import { toneOf } from '../../parts/operation-note';

interface Props {
  readonly id: string;
  readonly entry: Pending;
}

const doing = { start: 'Starting', resume: 'Resuming', pause: 'Pausing', stop: 'Stopping' } as const;

/** A command in place: what was wanted, what is observed, which orders remain, and the verified end. */
export function OperationPanel({ id, entry }: Props): VNode {
  const { operation } = entry;
  return (
    <section class={`operation operation-${toneOf(entry)}`} aria-label="Operation" aria-live="polite">
      <p class="operation-line">
        <strong>{isRunning(entry) ? `${doing[entry.command]} …` : 'Result'}</strong>
        <span data-testid="operation-result">
          {entry.error ?? (operation ? outcomeOf(operation) : 'sent to the engine')}
        </span>
        {!isRunning(entry) && (
          <button type="button" class="quiet" onClick={() => dismiss(id)}>
            Dismiss
          </button>
        )}
      </p>
      {operation && <Progress operation={operation} />}
    </section>
  );
}

function Progress({ operation }: { readonly operation: Operation }): VNode {
  const left = operation.openOrdersCount ?? operation.remaining.length;
  return (
    <dl class="steps">
      <div>
        <dt>wanted</dt>
        <dd>{operation.wanted || '–'}</dd>
      </div>
      <div>
        <dt>observed</dt>
        <dd>{operation.observed || '–'}</dd>
      </div>
      <div>
        <dt>remaining orders</dt>
        <dd class="num">
          {left}
          {operation.remaining.map((order) => (
            <code key={order.clientOrderId} title={order.lastError}>
              {order.clientOrderId} {order.status}
            </code>
          ))}
        </dd>
      </div>
    </dl>
  );
}
