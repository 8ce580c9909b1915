import type { Dec } from '../domain/units';

const [zero, point] = [48, 46];

/** A decimal without the zeros behind its last digit, nor the point where nothing is left behind it. */
export function plain(text: Dec): Dec {
  if (!text.includes('.')) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === zero) end -= 1;
  if (text.charCodeAt(end - 1) === point) end -= 1;
  return text.slice(0, end);
}
