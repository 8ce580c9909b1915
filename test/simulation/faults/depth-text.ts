export interface DepthFrame {
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

export const asIs = (text: string, extraMs = 0): { readonly text: string; readonly extraMs: number } => ({
  text,
  extraMs,
});

export const depthOf = (text: string): DepthFrame => {
  const json = JSON.parse(text) as { readonly data?: DepthFrame } & DepthFrame;
  return json.data ?? json;
};

/** The same message with another frame in it. */
export function withDepth(text: string, frame: DepthFrame): string {
  const json = JSON.parse(text) as { readonly data?: unknown };
  return JSON.stringify(json.data ? { ...json, data: frame } : frame);
}
