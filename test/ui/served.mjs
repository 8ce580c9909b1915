/** What the service sends before any script runs. */
import { gzipSync } from 'node:zlib';
import { expect } from './checks.mjs';

const entryLimitKb = 70;

export async function forbidsForeignAndInlineCode(url) {
  const response = await fetch(url);
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(/default-src 'self'/.test(policy), `content-security-policy is "${policy}"`);
  expect(!/script-src[^;]*'unsafe-(inline|eval)'/.test(policy), `scripts may be inline: ${policy}`);
  const html = await response.text();
  expect(!/<script(?![^>]*\bsrc=)[^>]*>/.test(html), 'the page carries an inline script');
  expect(!/<style|\sstyle=|\son\w+=/.test(html), 'the page carries an inline style or handler');
}

export async function entryIsSmall(url) {
  const html = await (await fetch(url)).text();
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  expect(files.length >= 2, `no script and style found: ${files.join()}`);
  const sizes = await Promise.all(files.map((file) => gzipSize(url + file)));
  const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  expect(kb <= entryLimitKb, `the entry is ${kb.toFixed(1)} kB gzip, the limit is ${entryLimitKb}`);
  return `${kb.toFixed(1)} kB gzip`;
}

async function gzipSize(address) {
  const response = await fetch(address);
  expect(response.ok, `${address} answered ${response.status}`);
  return gzipSync(Buffer.from(await response.arrayBuffer())).length;
}

/** A reload of any address opens the page; an unknown API address stays an API answer. */
export async function answersDeepLinks(url) {
  const deep = await fetch(`${url}/strategies/some-id`, { headers: { accept: 'text/html' } });
  expect(deep.ok && (await deep.text()).includes('id="app"'), `a deep link answered ${deep.status}`);
  const unknown = await fetch(`${url}/api/v1/no-such-thing`);
  expect(unknown.status >= 400, `an unknown API address answered ${unknown.status}`);
  expect(
    /json/.test(unknown.headers.get('content-type') ?? ''),
    'an unknown API address is not answered as JSON',
  );
}
