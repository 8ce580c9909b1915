type Shutdown = (closeAfterMs: number) => void;
type Termination = (account: string) => void;

/** What may be done to the venue's sockets while it runs, and the times they keep. */
export class BinanceControl {
  /** A connection that is so old is closed. */
  connectionAgeMs = 86_400_000;
  /** Subscriptions are confirmed so much later: frames of the new streams come first. */
  acksAfterMs = 0;
  private readonly shutdowns: Shutdown[] = [];
  private readonly terminations: Termination[] = [];

  onShutdown(tell: Shutdown): void {
    this.shutdowns.push(tell);
  }

  onTermination(tell: Termination): void {
    this.terminations.push(tell);
  }

  /** Every socket that is open is told that its server shuts down, and is closed after that time. */
  announceShutdown(closeAfterMs: number): void {
    for (const tell of this.shutdowns) tell(closeAfterMs);
  }

  /** The private streams of the account end; their sockets stay open. */
  terminateStreams(account: string): void {
    for (const tell of this.terminations) tell(account);
  }
}
