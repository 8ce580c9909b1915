import type { Notice } from '../../../src/modules/execution/common/notices';
import type { OrderLogLine } from '../../../src/modules/execution/store/types';
import type { Host } from '../host';
import { apiKey, secret } from '../seed-plan';
import type { Ear } from './ears';
import type { Findings } from './findings';

const canaries: readonly string[] = [apiKey, secret, 'signature='];
/** A signature of the dialect: nothing else that people read has so many digits in a row. */
const signature = /[0-9a-f]{64}/i;
const signatureLength = 64;

/** The canary a text carries; undefined when it carries none. */
export function secretIn(text: string): string | undefined {
  for (const one of canaries) if (text.includes(one)) return one;
  return text.length < signatureLength ? undefined : signature.exec(text)?.[0];
}

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
