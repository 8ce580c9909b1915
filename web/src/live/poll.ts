import { useCallback, useEffect, useState } from 'preact/hooks';
import { get } from '../api/client';
import { wordsOf } from './operations';

export interface Polled<T> {
  readonly data: T | undefined;
  /** Why the last read failed; the data before it stays on screen. */
  readonly error: string | undefined;
  readonly retry: () => void;
}

/** Reads an address again and again while the tab is visible. A failed read keeps what is shown. */
export function usePoll<T>(address: string, everyMs: number): Polled<T> {
  const [data, setData] = useState<T | undefined>();
  const [error, setError] = useState<string | undefined>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let timer: number | undefined;
    let ended = false;
    const read = async (): Promise<void> => {
      try {
        const next = document.hidden ? undefined : await get<T>(address);
        if (ended) return;
        if (next !== undefined) setData(() => next);
        setError(undefined);
      } catch (caught) {
        if (!ended) setError(wordsOf(caught));
      }
      if (!ended) timer = window.setTimeout(() => void read(), everyMs);
    };
    void read();
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, [address, everyMs, round]);
  const retry = useCallback(() => setRound((count) => count + 1), []);
  return { data, error, retry };
}

/** The rows of an answer, whether it is a page with `data`, has `rows`, or is the list itself. */
export function rowsOf<T>(answer: unknown): readonly T[] {
  if (Array.isArray(answer)) return answer as readonly T[];
  const { data, rows } = (answer ?? {}) as { readonly data?: unknown; readonly rows?: unknown };
  const list = data ?? rows;
  return Array.isArray(list) ? (list as readonly T[]) : [];
}
