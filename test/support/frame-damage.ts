import fc from 'fast-check';

type Damage = (frame: Buffer, at: number, byte: number) => Buffer;

const splice = (frame: Buffer, at: number, drop: number, text: string): Buffer =>
  Buffer.concat([frame.subarray(0, at), Buffer.from(text, 'latin1'), frame.subarray(at + drop)]);
/** Bytes that mean something to one of the two readers of a frame. */
const telling = '0123456789.,"[]{}:-+eE \\n\t\0';

const damages: readonly Damage[] = [
  (frame, at, byte) => splice(frame, at, 1, String.fromCharCode(frame[at]! ^ (1 << (byte % 8)))),
  (frame, at, byte) => splice(frame, at, 0, String.fromCharCode(byte)),
  (frame, at, byte) => splice(frame, at, 0, telling[byte % telling.length]!),
  (frame, at, byte) => splice(frame, at, 1, telling[byte % telling.length]!),
  (frame, at) => splice(frame, at, 1, ''),
  (frame, at) => frame.subarray(0, at),
  (frame, at, byte) => splice(frame, at, byte % 24, ''),
  (frame, at, byte) => splice(frame, at, 0, '0'.repeat(byte % 24)),
  (frame, at, byte) => splice(frame, at, 0, '9'.repeat(byte % 24)),
  (frame, at, byte) => splice(frame, at, 0, frame.toString('latin1', at, at + (byte % 40))),
  (frame, at) => splice(frame, at, 1, `\\u00${(frame[at] ?? 0).toString(16).padStart(2, '0')}`),
  (frame, at, byte) => splice(frame, at, 0, `e${byte % 20}`),
];

function rotated(json: unknown, by: number): unknown {
  if (Array.isArray(json)) return json.map((one) => rotated(one, by));
  if (typeof json !== 'object' || json === null) return json;
  const keys = Object.entries(json).map(([key, value]) => [key, rotated(value, by)] as const);
  return Object.fromEntries([...keys.slice(by % 7), ...keys.slice(0, by % 7)]);
}

const wounds = fc.array(fc.tuple(fc.nat(damages.length - 1), fc.nat(), fc.nat(255)), { maxLength: 2 });

/** The frames given, damaged in up to two places: bytes flipped, put in, taken out, cut off; keys in another order. */
export const damaged = (frames: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc.tuple(frames, fc.option(fc.nat(6), { freq: 8 }), wounds).map(([text, turns, list]) => {
    const whole = turns === null ? text : JSON.stringify(rotated(JSON.parse(text), turns));
    return list.reduce<Buffer>(
      (frame, [kind, at, byte]) => damages[kind]!(frame, frame.length === 0 ? 0 : at % frame.length, byte),
      Buffer.from(whole),
    );
  });
