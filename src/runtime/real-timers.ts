import type { Timer, Timers } from './runtime';

/** Timers of the process, counted and removable all at once. */
export class RealTimers implements Timers {
  private readonly handles = new Map<number, NodeJS.Timeout>();
  private made = 0;

  set(ms: number, fn: () => void): Timer {
    const id = this.nextId();
    const handle = setTimeout(
      () => {
        this.handles.delete(id);
        fn();
      },
      Math.max(0, ms),
    );
    this.handles.set(id, handle);
    return { id };
  }

  every(ms: number, fn: () => void): Timer {
    const id = this.nextId();
    this.handles.set(id, setInterval(fn, ms));
    return { id };
  }

  clear(timer: Timer): void {
    const handle = this.handles.get(timer.id);
    if (handle) clearTimeout(handle);
    this.handles.delete(timer.id);
  }

  active(): number {
    return this.handles.size;
  }

  clearAll(): void {
    for (const handle of this.handles.values()) clearTimeout(handle);
    this.handles.clear();
  }

  private nextId(): number {
    this.made += 1;
    return this.made;
  }
}
