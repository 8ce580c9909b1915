import type { Notice } from '../../../src/modules/execution/common/notices';
import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { Host } from '../host';
import { apiKey, secret } from '../seed-plan';
import type { Ear } from './ears';
import type { Findings } from './findings';

const canaries: readonly string[] = [apiKey, secret, 'signature='];
/** Hexadecimal digits of a signature of the dialect: nothing else that people read has so many in a row. */
const signatureLength = 64;

/** The canary a text carries; undefined when it carries none. */
export function secretIn(text: string): string | undefined {
  for (const one of canaries) if (text.includes(one)) return one;
  return signatureIn(text);
}

/** So many digits in a row cover one of every so many places: only those are looked at, and what stands around one. */
function signatureIn(text: string): string | undefined {
  for (let at = signatureLength - 1; at < text.length; at += signatureLength) {
    if (!isHex(text.charCodeAt(at))) continue;
    let from = at;
    let to = at + 1;
    while (isHex(text.charCodeAt(from - 1))) from -= 1;
    while (isHex(text.charCodeAt(to))) to += 1;
    if (to - from >= signatureLength) return text.slice(from, from + signatureLength);
  }
  return undefined;
}

const isHex = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

/** I22: the key, the secret and signatures are in no notice, log line, error, view or row. */
export class SecretJudge implements Ear {
  constructor(private readonly findings: Findings) {}

  logged(lines: readonly OrderLogLine[]): void {
    for (const { detail, kind, source, clientOrderId } of lines)
      this.scan('a log line of an order', `${detail} ${kind} ${source}`, clientOrderId);
  }

  noticed({ code, detail }: Notice): void {
    this.scan('a notice', `${code} ${detail}`);
  }

  /** A text that the host would write to its log. */
  wrote(text: string): void {
    this.scan('a log line', text);
  }

  /** What an engine shows of itself. */
  shown({ service }: Host): void {
    if (!service) return;
    const sessions = service.sessions();
    this.scan('the view of the sessions', JSON.stringify(sessions));
    this.scan('the view of the halts', JSON.stringify(service.halts()));
  }

  /** Rows of the database. */
  stored(rows: Iterable<unknown>): void {
    for (const row of rows) this.scan('a row', JSON.stringify(row));
  }

  private scan(where: string, text: string, about?: string): void {
    const found = secretIn(text);
    this.findings.check(
      'I22',
      found === undefined,
      () => `${where} shows ${found}: ${text.slice(0, 200)}`,
      about,
    );
  }
}
