import fc from 'fast-check';
import { isSame } from '../../src/modules/execution/connectors/byte-lane';
import type { DepthFrame, FrameDecoder, MarketParser } from '../../src/modules/execution/connectors/dialect';
import { parseVenueJson } from '../../src/modules/execution/connectors/venue-json';
import { damaged } from './frame-damage';

export interface Readers {
  readonly decoder: FrameDecoder;
  readonly parser: Pick<MarketParser, 'depthOf'>;
}

/** Whether the decoder reads a frame; when it does, then as the parser reads its JSON. */
export function readsAlike({ decoder, parser }: Readers): (frame: Buffer) => boolean {
  const byJson = (frame: Buffer): DepthFrame | undefined => {
    try {
      return parser.depthOf?.(parseVenueJson(frame.toString('utf8')));
    } catch {
      return undefined;
    }
  };
  return (frame) => {
    const depth = decoder.depth(frame);
    if (!depth) return false;
    const judged = byJson(frame);
    const told = { frame: frame.toString('latin1'), isSame: judged !== undefined && isSame(depth, judged) };
    expect(told).toEqual({ ...told, isSame: true });
    return true;
  };
}

const runs = Number(process.env['DECODER_FUZZ_RUNS'] ?? 15_000);

/** Cases that every decoder has: frames cut short, those the venue usually writes, and damaged ones. */
export function decoderCases(
  readers: Readers,
  plain: string,
  usual: fc.Arbitrary<string>,
  others: readonly fc.Arbitrary<string>[] = [],
): void {
  const { decoder } = readers;
  const isRead = readsAlike(readers);

  it('leaves every beginning of a frame to JSON, whatever follows it in memory', () => {
    const twice = Buffer.from(plain + plain);
    for (let length = 0; length < plain.length; length += 1)
      expect(decoder.depth(twice.subarray(0, length))).toBeUndefined();
    expect(decoder.depth(twice.subarray(0, plain.length))).toBeDefined();
  });

  it('reads every usual frame, and reads it as JSON does', () => {
    fc.assert(
      fc.property(usual, (text) => expect(isRead(Buffer.from(text))).toBe(true)),
      { numRuns: 300 },
    );
  });

  it('reads a damaged frame as JSON does, or leaves it', () => {
    let read = 0;
    fc.assert(
      fc.property(damaged(fc.oneof(usual, ...others)), (frame) => {
        if (isRead(frame)) read += 1;
      }),
      { numRuns: runs },
    );
    // Were all of them left, nothing would have been compared.
    expect(read).toBeGreaterThan(runs / 20);
  });
}
