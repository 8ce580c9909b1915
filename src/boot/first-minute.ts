/** What the first lines on the terminal are made of; only things that were observed. */
export interface FirstMinute {
  readonly node: string;
  readonly mode: string;
  readonly lines: readonly { readonly isTrue: boolean; readonly name: string; readonly text: string }[];
  readonly url: string;
  readonly user: string;
  readonly link: string;
  readonly password: string | undefined;
}

/** The block that is printed once the service listens. */
export function firstMinute(facts: FirstMinute): string {
  const lines = facts.lines.map(
    ({ isTrue, name, text }) => `  ${isTrue ? 'ok  ' : 'wait'}  ${name.padEnd(10)} ${text}`,
  );
  return [
    `market-making-engine   node ${facts.node}   ${facts.mode}`,
    ...lines,
    `  Dashboard  ${facts.url}    user ${facts.user}    one-time link  ${facts.link}`,
    ...(facts.password === undefined
      ? []
      : [`  Password   ${facts.password}    (shown once; kept in DATA_DIR)`]),
    '  Ctrl-C cancels all own orders',
    '',
  ].join('\n');
}
