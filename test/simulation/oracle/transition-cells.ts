/** What the log of an order calls a step, as `from|kind|to`, and the column of the table of transitions it is. */
const columns: Readonly<Record<string, string>> = {
  'sent PENDING_CREATE': 'sent',
  'seen OPEN': 'acknowledged',
  'seen PARTIALLY_FILLED': 'partial fill',
  'booked PARTIALLY_FILLED': 'partial fill',
  'seen FILLED': 'full fill',
  'booked FILLED': 'full fill',
  'seen CANCELED': 'canceled',
  'booked CANCELED': 'late fill',
  'seen EXPIRED': 'expired',
  'booked EXPIRED': 'late fill',
  'refused REJECTED': 'refused',
  'denied DENIED': 'denied',
  'ambiguous UNKNOWN': 'ambiguous',
  'absent ABSENT': 'absent',
  'vanished LOST': 'vanished',
};

const fromStart = ['acknowledged', 'partial fill', 'full fill', 'canceled', 'expired', 'refused', 'absent'];
const shown = ['partial fill', 'full fill', 'canceled', 'expired'];
const resurrected = ['acknowledged', ...shown];

const table: Readonly<Record<string, readonly string[]>> = {
  INTENT: ['sent', ...fromStart, 'denied', 'ambiguous'],
  PENDING_CREATE: [...fromStart, 'denied', 'ambiguous'],
  UNKNOWN: fromStart,
  OPEN: [...shown, 'refused', 'vanished'],
  PARTIALLY_FILLED: [...shown, 'vanished'],
  LOST: ['acknowledged', ...shown],
  CANCELED: ['late fill', 'full fill'],
  EXPIRED: ['late fill', 'full fill'],
  FILLED: ['full fill'],
  REJECTED: resurrected,
  DENIED: resurrected,
  ABSENT: resurrected,
};

/** Every cell of the table of transitions that changes something, as `FROM column`. */
export const cells: readonly string[] = Object.entries(table).flatMap(([from, reports]) =>
  reports.map((report) => `${from} ${report}`),
);

const known: ReadonlySet<string> = new Set(cells);

/** The cell a logged step belongs to; undefined for steps that are none, such as a command. */
export function cellOf(step: string): string | undefined {
  const [from = '', kind = '', to = ''] = step.split('|');
  const cell = `${from} ${columns[`${kind} ${to}`] ?? ''}`;
  return known.has(cell) ? cell : undefined;
}
