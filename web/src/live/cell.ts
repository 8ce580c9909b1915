import { useEffect, useState } from 'preact/hooks';

/** One observable value. */
export interface Cell<T> {
  get(): T;
  set(next: T): void;
  /** Returns the function that ends the subscription. */
  watch(listener: (value: T) => void): () => void;
}

export function cell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Renders again when the cell changes. */
export function useCell<T>(source: Cell<T>): T {
  const [value, setValue] = useState<T>(() => source.get());
  useEffect(() => {
    const update = (next: T): void => setValue(() => next);
    update(source.get());
    return source.watch(update);
  }, [source]);
  return value;
}
