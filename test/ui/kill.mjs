/** The kill switch as a person meets it. */
import { expect } from './checks.mjs';

const provedMs = 30_000;

const button = (page) => page.getByRole('button', { name: 'Kill', exact: true });
const proof = (page) => page.getByRole('region', { name: 'Halt of global' }).getByTestId('kill-proof');

/** Two taps and the scope typed; anything less does nothing. */
export async function wantsItsScopeTyped(page) {
  await page.getByRole('link', { name: 'Kill switch' }).click();
  await page.getByText('Nothing is halted.').waitFor({ timeout: 10_000 });
  await page.getByLabel('Reason', { exact: true }).fill('drill of the page');
  expect(await button(page).isDisabled(), 'it can be pressed without the scope typed');
  await page.getByLabel('to confirm').fill('globa');
  expect(await button(page).isDisabled(), 'it can be pressed with half of the scope typed');
  const options = page.getByLabel('Stop').locator('option');
  // The accounts are read on their own and may come after the halts.
  await options
    .filter({ hasText: /^Account / })
    .first()
    .waitFor({ state: 'attached', timeout: 10_000 })
    .catch(() => undefined);
  const scopes = await options.allInnerTexts();
  expect(
    scopes.some((text) => text.startsWith('Account ')),
    `no account to stop: ${scopes.join()}`,
  );
  expect(
    scopes.some((text) => text.startsWith('Strategy ')),
    `no strategy to stop: ${scopes.join()}`,
  );
  await page.getByLabel('to confirm').fill('global');
  return scopes.join(', ');
}

export async function killsAndSeesProof(page, shoot) {
  await button(page).click();
  await proof(page)
    .filter({ hasText: 'confirmed: every own order has ended' })
    .waitFor({ timeout: provedMs });
  await shoot();
  await proof(page).filter({ hasText: 'swept: the venue showed 0' }).waitFor({ timeout: provedMs });
  const steps = (await proof(page).locator('dl').innerText()).replace(/\s+/g, ' ');
  expect(/confirmed \d\d:\d\d:\d\d UTC swept \d\d:\d\d:\d\d UTC remaining orders 0/i.test(steps), steps);
  return steps;
}

export async function survivesReload(page) {
  await page.reload();
  await proof(page).filter({ hasText: 'swept' }).waitFor({ timeout: 15_000 });
}

export async function isReleased(page) {
  await page.getByLabel('Reason to release').fill('the drill is over');
  await page.getByRole('button', { name: 'Release global' }).click();
  await page.getByText('Nothing is halted.').waitFor({ timeout: 10_000 });
}
