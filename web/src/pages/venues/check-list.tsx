import type { VNode } from 'preact';
import type { Check } from '../../api/accounts';

const marks = { true: '✓', false: '■', null: '?' } as const;
const tones = { true: 'tone-good', false: 'tone-danger', null: 'tone-warn' } as const;

/** What was looked at with a key, what was found, and what to do about it. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }): VNode | null {
  if (checks.length === 0) return null;
  return (
    <ul class="checks" role="status">
      {checks.map(({ check, ok, detail, fix }) => (
        <li key={check} class={tones[`${ok}`]}>
          <span aria-hidden="true">{marks[`${ok}`]}</span> {check.replace('_', ' ')}: {detail}{' '}
          {ok !== true && <span class="muted">{fix}</span>}
        </li>
      ))}
    </ul>
  );
}
