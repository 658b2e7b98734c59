// Signing in by mail and the settings, on a phone and at a desk, with a script switched off too.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, assertAccessible, assertFits, openBrowser, openPage, openStreet, picture } from './street.mjs';

let browser;
let street;
before(async () => {
  browser = await openBrowser();
  street = await openStreet();
});
after(async () => {
  await browser.close();
  street.stop();
});

/** Asks for a link and presses the button behind it. */
async function signIn(page, email) {
  await page.goto(`${street.base}/settings/organization`);
  assert.match(page.url(), /\/sign-in\?then=/);
  await page.getByLabel('Work e-mail address').fill(email);
  await page.getByRole('button', { name: 'Mail me a link' }).click();
  await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
  await street.settle();
  const mail = (await street.mails('sign_in')).at(-1);
  const link = mail.text.match(/https?:\/\/\S*\/sign-in\/[A-Za-z0-9_-]+/)[0];
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  return link;
}

async function look(page, name) {
  for (const [size, viewport] of [['phone', PHONE], ['desk', DESK]]) {
    await page.setViewportSize(viewport);
    await assertFits(page, `${name} (${size})`);
    await assertAccessible(page, `${name} (${size})`);
    await picture(page, `${name}-${size}`);
  }
}

test('an admin signs in with the mailed link and lands where they wanted to go; the link works once', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: PHONE });
  await page.goto(`${street.base}/sign-in`);
  await look(page, 'sign-in');
  const link = await signIn(page, 'admin@example.com');
  await page.waitForURL(/\/settings\/organization/);
  await look(page, 'organization');
  const other = await openPage(browser, { viewport: PHONE });
  const again = await other.page.goto(link);
  assert.equal(again.status(), 410);
  await other.context.close();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out').waitFor();
  await page.goto(`${street.base}/accounts`);
  assert.match(page.url(), /\/sign-in/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a CSM may not change settings, and is told who may', async () => {
  const { page, context } = await openPage(browser, { viewport: DESK });
  await signIn(page, 'grace.lin@northwind.example');
  await page.getByRole('heading', { name: 'This page is for admins' }).waitFor();
  await look(page, 'for-admins');
  await context.close();
});

test('the organization is changed by keyboard alone, without a script', async () => {
  const { page, context } = await openPage(browser, { viewport: DESK, javaScriptEnabled: false });
  await page.goto(`${street.base}/local`);
  await page.getByRole('button', { name: /Sign in as admin/ }).click();
  await page.goto(`${street.base}/settings/organization`);
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Time zone' }).click();
  assert.equal(await page.getByLabel('Time zone').inputValue(), 'Mars/Olympus');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.keyboard.press('Enter');
  await page.getByText('The organization is saved.').waitFor();
  await page.goto(`${street.base}/settings/changes`);
  assert.match(await page.locator('.history').innerText(), /Time zone/);
  await context.close();
});

test('a question is moved, previewed and published as the next version', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await page.goto(`${street.base}/local`);
  await page.getByRole('button', { name: /Sign in as admin/ }).click();
  await page.goto(`${street.base}/settings/handoff-form`);
  await look(page, 'handoff-form');
  await page.getByRole('button', { name: /^Up\b.*question 2$/ }).press('Enter');
  await page.getByText('Nothing is published yet').waitFor();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('heading', { name: 'Preview' }).waitFor();
  await look(page, 'form-preview');
  await page.getByRole('button', { name: 'Publish version 2' }).click();
  await page.getByText('The new version is published').waitFor();
  await page.getByRole('link', { name: /Version 1/ }).click();
  await page.getByRole('heading', { name: 'What is different in version 2' }).waitFor();
  await look(page, 'form-version');
  for (const path of ['/settings/roster', '/settings/roster/import', '/help', '/help/admin']) {
    await page.goto(street.base + path);
    await look(page, path.slice(1).replaceAll('/', '-'));
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the design system stands on one page', async () => {
  const { page, context } = await openPage(browser, { viewport: PHONE });
  await page.goto(`${street.base}/local/components`);
  await look(page, 'components');
  await context.close();
});
