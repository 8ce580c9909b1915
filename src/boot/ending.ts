export type Way = 'stop' | 'handover';
export type EndStep = 'begin' | 'join' | 'cut short' | 'exit';

/**
 * What a wish to end means beside those before it. A stop is waited for, and asked for again it ends at once. A handover
 * that a person asked for is what the first signal for a handover wants as well; any further wish ends the waiting for
 * another engine, so that what is not taken is stopped. A person who asks during a stop changes nothing.
 */
export class Ending {
  private current: Way | undefined;
  private isSignalled = false;

  wish(way: Way, isSignal: boolean): EndStep {
    const before = this.current;
    const isFirstSignal = isSignal && !this.isSignalled;
    this.isSignalled ||= isSignal;
    if (before === undefined) {
      this.current = way;
      return 'begin';
    }
    if (before === 'stop') return isSignal ? 'exit' : 'join';
    if (way === 'handover' && isFirstSignal) return 'join';
    this.current = 'stop';
    return 'cut short';
  }
}
