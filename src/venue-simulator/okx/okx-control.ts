type Told = (closeAfterMs: number) => void;

/** What may be done to the venue's sockets while it runs, and the times they keep. */
export class OkxControl {
  /** A book channel that has said nothing for so long says that it is alive. */
  quietMs = 60_000;
  /** A socket over which nothing has gone for so long is closed. */
  idleMs = 30_000;
  private readonly told: Told[] = [];
  private loginsRefused = 0;

  /** `resetSequence` makes the sequence of a book begin again; the link to the frame before stays. */
  constructor(readonly resetSequence: (symbol: string) => void) {}

  /** The next logins fail, whoever they come from. */
  refuseLogins(count: number): void {
    this.loginsRefused = count;
  }

  takeLoginRefusal(): boolean {
    if (this.loginsRefused === 0) return false;
    this.loginsRefused -= 1;
    return true;
  }

  onNotice(tell: Told): void {
    this.told.push(tell);
  }

  /** Every socket is told that it will be closed for an upgrade, and is closed after that time. */
  announceUpgrade(closeAfterMs: number): void {
    for (const tell of this.told) tell(closeAfterMs);
  }
}
