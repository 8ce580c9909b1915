import type { VNode } from 'preact';
import { signed } from '../format/numbers';

/** Inventory against its band: middle is the target, left all quote, right all base. */
export function LeanBar({ lean }: { readonly lean: number }): VNode {
  const value = Math.max(-1, Math.min(1, Number(lean) || 0));
  const width = Math.abs(value) * 50;
  return (
    <span class="lean">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" class="lean-bar" aria-hidden="true">
        <rect class="lean-band" x="0" y="2" width="100" height="4" rx="1" />
        <rect class="lean-fill" x={value < 0 ? 50 - width : 50} y="1" width={width} height="6" rx="1" />
        <rect class="lean-target" x="49.4" y="0" width="1.2" height="8" />
      </svg>
      <span class="lean-text">{signed(value * 100, 0)} %</span>
    </span>
  );
}
