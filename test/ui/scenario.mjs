/** What a person does on the page, and what must be true while they do it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from './checks.mjs';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const quotesMs = 45_000;
const stopMs = 30_000;

/** `name`: file of the screenshot below the output folder. */
export const shoot = (page, outDir, name) =>
  page.screenshot({ path: join(outDir, `${name}.png`), fullPage: true });

export async function refusesWrongPassword(page, url, watch) {
  watch.allow(/status of 401/);
  await page.goto(url);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor({ timeout: 10_000 });
  expect((await page.locator('table').count()) === 0, 'the fleet shows without a session');
}

/** One-time links carry their token behind `#t=`; a used or wrong one must leave the address and offer the form. */
export async function refusesWrongLink(page, url) {
  await page.goto(`${url}/#t=not-a-token`);
  await page.waitForFunction(() => location.hash === '', undefined, { timeout: 5_000 });
  await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor({ timeout: 10_000 });
}

/** The link of the start message signs in once; the same link a second time does not. */
export async function signsInByLinkOnce(browser, url, token) {
  const open = async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${url}/#t=${token}`);
    return { context, page };
  };
  const first = await open();
  await first.page.locator('table.fleet').waitFor({ timeout: 15_000 });
  await first.context.close();
  const second = await open();
  await second.page.getByRole('alert').filter({ hasText: /\w/ }).waitFor({ timeout: 10_000 });
  await second.context.close();
}

export async function signsIn(page, password) {
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('table.fleet').waitFor({ timeout: 15_000 });
  expect(!page.url().includes('#'), 'the address still carries a fragment');
}

/** Remembers the page's event streams, so that a check can cut one. Call before the page is opened. */
export const rememberStreams = (page) =>
  page.addInitScript(() => {
    globalThis.openedStreams = [];
    globalThis.EventSource = class extends EventSource {
      constructor(...args) {
        super(...args);
        globalThis.openedStreams.push(this);
      }
    };
  });

/** Data that stops arriving is called slow, then stale, and comes back by itself. */
export async function saysWhenStale(page, watch, shoot) {
  const tickets = '**/api/v1/stream-tickets';
  watch.allow(/net::ERR_FAILED/);
  await page.route(tickets, (route) => route.abort());
  await page.evaluate(() => globalThis.openedStreams.forEach((stream) => stream.close()));
  try {
    await page.locator('.age-dim').waitFor({ timeout: 8_000 });
    await page.locator('.age-stale', { hasText: 'stale' }).waitFor({ timeout: 15_000 });
    await page.getByText('reconnecting').waitFor({ timeout: 15_000 });
    await shoot('fleet-stale');
  } finally {
    await page.unroute(tickets);
  }
  await page.locator('.age-active').waitFor({ timeout: 25_000 });
}

/** Waits until one strategy rests a bid and an ask; returns its name. */
export async function showsQuotes(page) {
  const row = page.locator('tr[data-strategy]', { hasText: 'quoting' }).first();
  await row.waitFor({ timeout: quotesMs });
  const bid = await row.locator('.own-bid').innerText();
  const ask = await row.locator('.own-ask').innerText();
  expect(/\d/.test(bid) && /\d/.test(ask), `a quoting row without prices: ${bid} ${ask}`);
  return row.getAttribute('data-strategy');
}

export async function namesMode(page) {
  const mode = await page.locator('.mode').innerText();
  expect(mode === 'SIM', `the mode is ${mode}`);
}

export async function staysFresh(page) {
  await page.locator('.age-active').waitFor({ timeout: 10_000 });
  const before = await page.locator('table.fleet').innerText();
  await page.waitForFunction((text) => document.querySelector('table.fleet').innerText !== text, before, {
    timeout: 15_000,
  });
}

export async function saysWhyBlocked(page) {
  const reason = page.locator('tr[data-strategy] .reason code:visible').first();
  await reason.waitFor({ timeout: 15_000 });
  const code = await reason.innerText();
  expect(/^[A-Z_]+$/.test(code), `not a reason code: ${code}`);
  return code;
}

export async function opensStrategy(page, name) {
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor({ timeout: 10_000 });
  const sentence = await page.getByTestId('sentence').innerText();
  expect(/^Quoting both sides/.test(sentence), `the sentence says: ${sentence}`);
  return sentence;
}

/** The chart is more than an empty box: some pixel has the colour of each of our quotes. */
export async function drawsChart(page) {
  await page.waitForFunction(chartShowsQuotes, undefined, { timeout: 15_000 });
}

function chartShowsQuotes() {
  const canvas = document.querySelector('.chart canvas');
  if (!canvas || canvas.width === 0) return false;
  const style = getComputedStyle(document.querySelector('.chart'));
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 250) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return ['--buy', '--sell'].every((name) =>
    seen.has(parseInt(style.getPropertyValue(name).trim().slice(1), 16)),
  );
}

export async function showsOrdersWithEvidence(page) {
  const evidence = page.getByRole('region', { name: 'Own orders' }).getByText(/confirmed [\d.]+ \S+ ago by/);
  await evidence.first().waitFor({ timeout: 15_000 });
  return `${await evidence.count()} orders, first ${await evidence.first().innerText()}`;
}

/** A click on an order opens all that is known of it; it is closed again by `closesHistory`. */
export async function opensHistory(page) {
  const orders = page.getByRole('region', { name: 'Own orders', exact: true });
  const open = orders.getByTitle('Show the history of this order').first();
  const id = await open.innerText();
  await open.click();
  const history = page.getByRole('region', { name: `History of ${id}`, exact: true });
  for (const what of ['committed', 'sent', 'seen']) {
    await history.getByRole('cell', { name: what, exact: true }).first().waitFor({ timeout: 10_000 });
  }
  return (await history.locator('tbody').innerText()).replace(/\s+/g, ' ');
}

export async function closesHistory(page) {
  await page.locator('.panel-history').getByRole('button', { name: 'Close' }).click();
  expect((await page.locator('.panel-history').count()) === 0, 'the history is still open');
}

export async function showsDecisions(page) {
  await page.locator('.decisions details').first().waitFor({ timeout: 15_000 });
}

export async function stopsAndSeesProof(page, name) {
  await page.getByRole('button', { name: `Stop ${name}` }).press('Enter'); // Without a mouse.
  const result = page.getByTestId('operation-result');
  await result.filter({ hasText: 'stopped: the venue shows 0 own open orders' }).waitFor({ timeout: stopMs });
  await page.locator('.heading .state', { hasText: 'stopped' }).waitFor({ timeout: 10_000 });
  await page.getByText('No own order is open.').waitFor({ timeout: 10_000 });
  return result.innerText();
}

export async function startsAgain(page, name) {
  await page.getByRole('button', { name: `Start ${name}` }).click();
  await page.locator('.heading .state', { hasText: 'quoting' }).waitFor({ timeout: quotesMs });
}

export async function survivesReload(page, name) {
  await page.reload();
  await page.getByRole('heading', { name, level: 1 }).waitFor({ timeout: 15_000 });
}

export async function hasNoSeriousAxeFinding(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const words = serious.map(
    ({ id, nodes }) =>
      `${id} ${nodes.length}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.any[0]?.message ?? ''}`,
  );
  expect(serious.length === 0, words.join(' || '));
  return found.violations.map(({ id, impact }) => `${impact}: ${id}`).join(', ');
}

export async function fitsItsWidth(page) {
  // The chart follows the window a frame or two later.
  await page
    .waitForFunction(() => document.documentElement.scrollWidth <= innerWidth, undefined, { timeout: 3_000 })
    .catch(() => undefined);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content <= window, `the page is ${content} px wide in a window of ${window} px`);
}

/** Money is in sight: what stays put at the right edge does not lie on the figures beside it. */
export async function showsItsMoney(page) {
  const hidden = await page.evaluate(() =>
    [...document.querySelectorAll('.fleet tbody tr')].flatMap((row) => {
      const money = row.querySelector('[data-label^="Net PnL"] .sub').getBoundingClientRect();
      const actions = row.querySelector('.do').getBoundingClientRect();
      return money.right <= actions.left
        ? []
        : [`${row.dataset.strategy} by ${money.right - actions.left} px`];
    }),
  );
  expect(hidden.length === 0, `net PnL is behind the actions: ${hidden.join(', ')}`);
}

export async function signsOut(page) {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Password').waitFor({ timeout: 5_000 });
  const kept = await page.evaluate(() => sessionStorage.length);
  expect(kept === 0, `${kept} values are left in the session storage`);
}
