/** One decision as the page shows it: when, from what, to what, and the whole of it for the curious. */
export interface DecisionLine {
  readonly key: string;
  readonly at: string | number | undefined;
  readonly text: string;
  readonly full: string;
}

type Bag = Readonly<Record<string, unknown>>;

const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null ? (value as Bag) : {});
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [];
const shown = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** A decision in words. What the service does not send is left out, never guessed. */
export function decisionLine(raw: unknown, index: number): DecisionLine {
  const decision = bag(raw);
  const at = decision['at'] ?? decision['atMs'];
  const parts = [inputWords(decision), planWords(decision), reasonWords(decision)].filter(
    (part) => part !== '',
  );
  return {
    key: shown(decision['tick']) ?? shown(decision['id']) ?? shown(at) ?? String(index),
    at: typeof at === 'string' || typeof at === 'number' ? at : undefined,
    text: shown(decision['text']) ?? shown(decision['summary']) ?? (parts.join(' → ') || 'no change'),
    full: JSON.stringify(raw, undefined, 2),
  };
}

function inputWords(decision: Bag): string {
  const inputs = { ...bag(decision['trace']), ...bag(decision['inputs']) };
  const bid = shown(inputs['bid']);
  const ask = shown(inputs['ask']);
  const age = shown(inputs['bookAgeMs']);
  const book = bid && ask ? `book ${bid}/${ask}` : '';
  return age ? [book, `age ${age} ms`].filter(Boolean).join(', ') : book;
}

function planWords(decision: Bag): string {
  const plan = bag(decision['plan']);
  const kept = list(plan['keep']).length || Number(plan['keep']) || 0;
  const steps = (['cancel', 'amend', 'place'] as const).flatMap((name) =>
    list(plan[name]).map((step) => `${name} ${stepWords(step)}`),
  );
  const words = [...(kept > 0 ? [`keep ${kept}`] : []), ...steps];
  return words.length > 0 ? words.join(', ') : targetWords(decision);
}

function targetWords(decision: Bag): string {
  const targets = list(decision['targets']);
  return targets.length > 0 ? `wants ${targets.map(stepWords).join(', ')}` : '';
}

function stepWords(raw: unknown): string {
  const step = bag(raw);
  const slot = shown(step['slot']) ?? shown(step['slotKey']) ?? shown(raw) ?? '';
  const price = shown(step['price']);
  const quantity = shown(step['quantity']);
  return [slot, price, quantity && `× ${quantity}`].filter(Boolean).join(' ');
}

function reasonWords(decision: Bag): string {
  const codes = list(decision['reasons']).map((reason) => shown(bag(reason)['code']) ?? shown(reason) ?? '');
  return [...new Set(codes.filter(Boolean))].join(', ');
}
