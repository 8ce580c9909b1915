/** A start that cannot work, in words for the one who started it. */
export class StartError extends Error {
  constructor(
    readonly what: string,
    readonly found: string,
    readonly fix: string,
  ) {
    super(`${what}: ${found}`);
    this.name = 'StartError';
  }
}
