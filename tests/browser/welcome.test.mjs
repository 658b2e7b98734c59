// The CSM's first mail and the kickoff: read, made their own, looked at, sent; the invitation downloaded and read.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DESK, PHONE, RICH, assertAccessible, assertFits, fillGaps, openBrowser, openPage, openStreet, picture } from './street.mjs';

let browser;
let street;
before(async () => {
  browser = await openBrowser();
  street = await openStreet();
  await street.close(RICH);
});
after(async () => {
  await browser.close();
  street.stop();
});

async function signIn(page, email) {
  await page.goto(`${street.base}/sign-in`);
  await page.locator('[name="email"]').fill(email);
  await page.locator('main button').first().click();
  await street.settle();
  const mail = (await street.mails('sign_in')).at(-1);
  await page.goto(mail.text.match(/https?:\/\/\S*\/sign-in\/\S+/)[0]);
  await page.locator('main button').first().click();
  await page.waitForURL(/\/accounts/);
}

async function handOver() {
  const { page, context } = await openPage(browser, { viewport: DESK });
  await page.goto(await street.link('handoff_invitation'));
  await fillGaps(page);
  await page.locator('[name="answers[risks]"]').fill('The COO doubts the whole project.');
  await page.locator('[name="csm"][value="grace-lin"]').check();
  await page.getByRole('button', { name: /hand over/i }).last().click();
  await page.getByRole('heading', { name: /is handed over/ }).waitFor();
  await context.close();
  await street.settle();
}

async function look(page, name) {
  await assertAccessible(page, name);
  for (const [size, viewport] of [['390', PHONE], ['1280', DESK]]) {
    await page.setViewportSize(viewport);
    await assertFits(page, `${name} at ${size}`);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await picture(page, `${name}-${size}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  await assertAccessible(page, `${name}, dark`);
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a CSM makes the welcome mail theirs, looks at it, sends it once, and plans the kickoff', async () => {
  await handOver();
  const { page, context, complaints } = await openPage(browser, { viewport: DESK, acceptDownloads: true });
  await signIn(page, 'grace.lin@northwind.example');
  await page.getByRole('rowheader').getByRole('link').first().click();
  await page.locator('#begin').waitFor();
  await look(page, 'begin');
  await page.getByRole('link', { name: 'Write the welcome mail' }).click();
  await look(page, 'welcome');
  const body = page.getByLabel('Mail', { exact: true });
  assert.doesNotMatch(await body.inputValue(), /COO doubts/);
  for (const box of await page.locator('[name="to"]').all()) await box.uncheck();
  await page.locator('[name="to"]').first().check();
  const address = await page.locator('[name="to"]').first().inputValue();
  await body.fill('Hello {first name},\n\nwelcome!\n\n- One thing\n- Another <b>thing</b>\n\nSee https://example.com/start\n\nBest regards,');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.waitForURL(/\/welcome\/preview/);
  const frame = page.frameLocator('iframe');
  await frame.getByText('Another <b>thing</b>').waitFor();
  await look(page, 'welcome-preview');
  assert.equal((await street.mails('welcome')).length, 0, 'looking sends nothing');
  await page.getByRole('button', { name: 'Send to one person' }).click();
  await page.locator('#begin').getByText('Sent', { exact: true }).waitFor();
  await street.settle();
  const mails = await street.mails('welcome');
  assert.equal(mails.length, 1);
  assert.deepEqual(mails[0].to, [address]);
  assert.match(mails[0].text, /^Hello [A-Z]\S*,\n\nwelcome!/);
  assert.match(String(mails[0].reply_to), /grace\.lin@northwind\.example/);
  assert.match(mails[0].html, /<a href="https:\/\/example\.com\/start">/);

  await page.locator('#kickoff-date').fill('2027-03-01');
  await page.getByRole('button', { name: 'Plan the kickoff' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the invitation' }).click(),
  ]);
  const file = readFileSync(await download.path(), 'utf8').replaceAll('\r\n ', '');
  assert.match(file, /^BEGIN:VCALENDAR\r\n/);
  assert.match(file, /\r\nDTSTART:202703\d\dT\d{6}Z\r\n/);
  assert.match(file, /\r\nORGANIZER;CN=Grace Lin:mailto:grace\.lin@northwind\.example\r\n/);
  assert.ok(file.includes(`mailto:${address}`));
  await page.reload();
  await look(page, 'begun');
  await page.locator('#timeline').getByText(/Planned the kickoff for 1 Mar 2027/).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
