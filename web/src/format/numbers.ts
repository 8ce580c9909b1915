const thin = '\u202f';
const minus = '\u2212';

/** What a missing figure looks like. */
export const none = '–';

/** Groups the whole part of a plain decimal by thin spaces; keeps every digit it was given. */
export function grouped(value: string): string {
  const negative = value.startsWith('-');
  const [whole = '0', fraction] = (negative ? value.slice(1) : value).split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, thin);
  return `${negative ? minus : ''}${spaced}${fraction === undefined ? '' : `.${fraction}`}`;
}

export const decimalsOf = (value: string | null | undefined): number => value?.split('.')[1]?.length ?? 0;

/** A decimal string shown with at least so many places, so that a column lines up; never rounds. */
export function padded(value: string | null | undefined, places: number): string {
  if (value === null || value === undefined || value === '') return none;
  const missing = places - decimalsOf(value);
  const dot = value.includes('.') ? '' : '.';
  return grouped(missing > 0 ? value + dot + '0'.repeat(missing) : value);
}

/** A decimal rounded for reading; exact figures are in the tables and the API. */
export function rounded(value: string | number | null | undefined, places: number): string {
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) return none;
  const text = number.toFixed(places);
  return grouped(Number(text) === 0 ? text.replace('-', '') : text);
}

/** A quantity in about so many digits, for a place that is narrow; the whole part is never shortened. */
export function shortened(value: string, digits: number): string {
  const whole = Math.trunc(Math.abs(Number(value)));
  const places = Math.max(0, digits - (whole === 0 ? 0 : String(whole).length));
  return decimalsOf(value) <= places ? grouped(value) : rounded(value, places);
}

/** With its sign, for figures where the sign is the message. */
export function signed(value: string | number | null | undefined, places: number): string {
  const text = rounded(value, places);
  return text === none || text.startsWith(minus) || /^[0.]+$/.test(text) ? text : `+${text}`;
}

/** Places that tell two marks of an axis apart. */
export const placesForStep = (step: number): number =>
  decimalsOf(
    Number(step.toPrecision(3))
      .toFixed(8)
      .replace(/\.?0+$/, ''),
  );

export const signOf = (value: string | number | null | undefined): 'up' | 'down' | 'flat' => {
  const number = Number(value);
  if (!(Math.abs(number) > 0)) return 'flat';
  return number > 0 ? 'up' : 'down';
};
