import { apiKey, secret } from '../seed-plan';
import type { Findings } from './findings';

const signature = /signature["'=:\s]+[0-9a-f]{16}/i;

/** I22: nothing that people or the database can read holds a key, a secret or a signature. */
export function checkSecrets(findings: Findings, where: string, text: string): void {
  const isClean = !text.includes(apiKey) && !text.includes(secret) && !signature.test(text);
  findings.check('I22', isClean, () => `${where} holds a secret: ${text.slice(0, 60)}...`);
}
