/**
 * Drives the built page against the running product in a real browser.
 * UI_URL with ADMIN_PASSWORD tests a service that already runs; otherwise the product is started in simulation.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { createChecks, expect } from './checks.mjs';
import { checkLogic } from './logic.mjs';
import { watchPage } from './page-watch.mjs';
import { startProduct } from './product.mjs';
import * as served from './served.mjs';
import * as kill from './kill.mjs';
import * as person from './scenario.mjs';

const outDir = join(dirname(fileURLToPath(import.meta.url)), 'out');
const longestMs = 240_000;
const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const help =
  'apt-get install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core, or set CHROMIUM_PATH';

async function main() {
  mkdirSync(outDir, { recursive: true });
  const checks = createChecks();
  await checkLogic(checks);
  const found = await launchBrowser().catch((error) => ({ error }));
  if (found.error) withoutBrowser(found.error, checks);
  else await withBrowser(found, checks);
  report(checks);
}

/** A skip is never reported as a pass. */
function withoutBrowser(error, checks) {
  const reason = String(error.message).split('\n')[0];
  if (process.env.REQUIRE_BROWSER === '1') {
    process.stderr.write(`ui: no Chromium, and REQUIRE_BROWSER=1: ${reason}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(`SKIP ui: no Chromium (${help})\n`);
  }
  checks.skip('everything in a browser', reason);
}

async function withBrowser({ browser, source }, checks) {
  const password = process.env.ADMIN_PASSWORD ?? randomBytes(12).toString('base64url');
  let product;
  try {
    process.stdout.write(`ui: ${source} ${browser.version()}\n`);
    await checks.check('the product starts and serves its page', async () => {
      product = process.env.UI_URL ? { url: process.env.UI_URL } : await startProduct(password);
      return product.url;
    });
    if (product) await drive({ browser, url: product.url, password, checks });
    const token = product?.link?.();
    const name = 'the printed link signs in, once';
    if (token) await checks.check(name, () => person.signsInByLinkOnce(browser, product.url, token));
    else checks.skip(name, 'no link was printed');
  } finally {
    await browser.close();
    if (product?.stop) await checks.check('the product stops by itself', () => endsCleanly(product));
  }
}

async function endsCleanly(product) {
  const { exitCode, signal } = await product.stop();
  expect(exitCode === 0, `exit ${exitCode ?? signal}: ${product.log().slice(-1_000)}`);
}

async function drive({ browser, url, password, checks }) {
  const context = await browser.newContext({ viewport: desktop, colorScheme: 'dark', locale: 'en-GB' });
  const page = await context.newPage();
  const watch = watchPage(page, url);
  await person.rememberStreams(page);
  const { check } = checks;
  const shoot = (name) => person.shoot(page, outDir, name);

  await check('the page allows no foreign or inline code', () => served.forbidsForeignAndInlineCode(url));
  await check('the entry is small', () => served.entryIsSmall(url));
  await check('deep links open the page, unknown API routes stay JSON', () => served.answersDeepLinks(url));
  await check('a wrong password is refused in words', () => person.refusesWrongPassword(page, url, watch));
  await check('a wrong one-time link is refused and leaves the address', () =>
    person.refusesWrongLink(page, url),
  );
  await check('axe: the sign-in form has no serious finding', () => person.hasNoSeriousAxeFinding(page));
  await shoot('login');
  if (!(await check('the admin signs in', () => person.signsIn(page, password)))) return;
  await check('the mode is named', () => person.namesMode(page));
  let name;
  const quoted = await check(
    'a strategy quotes both sides',
    async () => (name = await person.showsQuotes(page)),
  );
  await check('the fleet keeps changing and calls its data fresh', () => person.staysFresh(page));
  await check('data that stops arriving is called stale and returns', () =>
    person.saysWhenStale(page, watch, shoot),
  );
  await check('a side that is not quoted says why', () => person.saysWhyBlocked(page));
  await fleetLooks(page, checks, shoot);
  if (quoted) await strategyWorks({ page, name, checks, shoot });
  else checks.skip('the strategy page', 'no strategy quotes');
  await killWorks(page, checks, shoot);
  await check('signing out forgets the session', () => person.signsOut(page));
  await check('nothing was asked of another origin', () =>
    expect(watch.foreign.length === 0, watch.foreign.join(', ')),
  );
  await check('no page or console error', () =>
    expect(watch.problems().length === 0, watch.problems().join(' | ')),
  );
  await context.close();
}

async function fleetLooks(page, { check }, shoot) {
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await check(`axe: the ${colorScheme} fleet has no serious finding`, () =>
      person.hasNoSeriousAxeFinding(page),
    );
    await shoot(`fleet-${colorScheme}`);
  }
  await check('the fleet shows its money', () => person.showsItsMoney(page));
  await page.setViewportSize(phone);
  await check('the fleet fits a phone', () => person.fitsItsWidth(page));
  await check('axe: the fleet on a phone has no serious finding', () => person.hasNoSeriousAxeFinding(page));
  await shoot('fleet-phone');
  await page.setViewportSize(desktop);
}

async function strategyWorks({ page, name, checks: { check }, shoot }) {
  await check('the strategy page says what it does now', () => person.opensStrategy(page, name));
  await check('the chart shows own bid and ask', () => person.drawsChart(page));
  await check('own orders show their evidence', () => person.showsOrdersWithEvidence(page));
  await check('the last decisions are listed', () => person.showsDecisions(page));
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await check(`axe: the ${colorScheme} strategy page has no serious finding`, () =>
      person.hasNoSeriousAxeFinding(page),
    );
    await shoot(`strategy-${colorScheme}`);
  }
  await check('a click opens the history of an order', () => person.opensHistory(page));
  await check('axe: the history has no serious finding', () => person.hasNoSeriousAxeFinding(page));
  await shoot('order-history');
  await check('the history closes', () => person.closesHistory(page));
  await check('a reload stays signed in on the same page', () => person.survivesReload(page, name));
  await page.setViewportSize(phone);
  await check('the strategy page fits a phone', () => person.fitsItsWidth(page));
  await shoot('strategy-phone');
  await page.setViewportSize(desktop);
  await check('stop ends with the proof of the venue', () => person.stopsAndSeesProof(page, name));
  await check('axe: the stopped strategy has no serious finding', () => person.hasNoSeriousAxeFinding(page));
  await shoot('strategy-stopped');
  await check('it starts again and quotes', () => person.startsAgain(page, name));
}

async function killWorks(page, { check }, shoot) {
  await check('the kill switch wants its scope typed', () => kill.wantsItsScopeTyped(page));
  await shoot('kill-armed');
  await check('a kill is confirmed, then swept', () =>
    kill.killsAndSeesProof(page, () => shoot('kill-confirmed')),
  );
  await check('axe: the kill page has no serious finding', () => person.hasNoSeriousAxeFinding(page));
  await shoot('kill-swept');
  await check('the kill is still there after a reload', () => kill.survivesReload(page));
  await page.setViewportSize(phone);
  await check('the kill page fits a phone', () => person.fitsItsWidth(page));
  await shoot('kill-phone');
  await page.setViewportSize(desktop);
  await check('a person releases it with a reason', () => kill.isReleased(page));
}

function report(checks) {
  const summary = checks.summary();
  const whole = { suite: 'ui', ...summary, results: checks.results };
  writeFileSync(join(outDir, 'report.json'), `${JSON.stringify(whole, null, 2)}\n`);
  process.stdout.write(`${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped\n`);
  process.stdout.write(`${JSON.stringify({ suite: 'ui', ...summary })}\n`);
  if (summary.failed > 0 || summary.passed === 0) process.exitCode = 1;
}

setTimeout(() => {
  process.stderr.write(`ui: not finished after ${longestMs / 1000} s\n`);
  process.exit(1);
}, longestMs).unref();

await main();
