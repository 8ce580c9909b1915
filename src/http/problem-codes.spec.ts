import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorOf, problemCodes, statusOfCode } from './problem-codes';

const src = join(__dirname, '..');
const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.startsWith('venue-simulator'))
  .map((path) => readFileSync(join(src, path), 'utf8'));

/** Thrown only where no request can meet them: at start, or from the clock. */
const neverAnswered = new Set(['ANOTHER_ENGINE', 'NONCE_EXHAUSTED', 'CODE']);

describe('problem codes', () => {
  it('explain every code the service throws at a caller', () => {
    const thrown = sources.flatMap((text) =>
      [...text.matchAll(/new DomainError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code!),
    );
    expect(thrown.length).toBeGreaterThan(20);
    const unexplained = thrown.filter((code) => !neverAnswered.has(code) && !problemCodes[code]);
    expect(unexplained).toEqual([]);
  });

  it('have a client or server status, a title and a remedy', () => {
    for (const { status, title, remedy } of Object.values(problemCodes)) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title.length * remedy.length).toBeGreaterThan(0);
    }
  });

  it('answer 422 for a code that only a field carries', () => {
    expect(statusOfCode('SOMETHING_NEW')).toBe(422);
    expect(anchorOf('BELOW_MIN_NOTIONAL')).toBe('below-min-notional');
  });
});
