const two = (value: number): string => String(value).padStart(2, '0');

/** Local wall-clock time of an instant, `12:41:03`. */
export function clockTime(at: string | number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Local wall-clock time with milliseconds, `12:41:03.120`. */
export function exactTime(at: string | number): string {
  const date = new Date(at);
  const text = clockTime(at);
  return text === '–' ? text : `${text}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A length of time in the one unit that matters, `0.4 s`, `12 min`, `3 h`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
