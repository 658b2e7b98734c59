// The console's accounts, from the list to a rated handoff and back to the AE, on a phone and at a desk.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, RICH, assertAccessible, assertFits, fillGaps, openBrowser, openPage, openStreet, picture } from './street.mjs';

const CSM = 'grace.lin@northwind.example';
const ADMIN = 'admin@example.com';

let browser;
let street;
before(async () => {
  browser = await openBrowser();
  street = await openStreet();
  await street.close(RICH);
  // Another one that stays with its AE, for the board.
  const others = (await street.json('/local/deals')).filter((deal) => String(deal.id) !== RICH);
  for (const deal of others.slice(0, 2)) await street.close(deal.id);
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
  const mails = await street.mails('handoff_invitation');
  const link = mails.map((mail) => mail.text.match(/https?:\/\/\S*\/handoff\/[A-Za-z0-9_-]+/)[0])[0];
  const { page, context } = await openPage(browser, { viewport: DESK });
  await page.goto(link);
  await fillGaps(page);
  await page.locator('[name="csm"][value="grace-lin"]').check();
  await page.locator('[name="note"]').fill('Pat decides, but ask Lee first.');
  await page.getByRole('button', { name: /hand over/i }).last().click();
  await page.getByRole('heading', { name: /is handed over/ }).waitFor();
  await context.close();
  await street.settle();
}

/** Looks at a page in both sizes and both lights. */
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

test('a CSM finds the account, reads all of it, writes a note, rates it and gives it back', async () => {
  await handOver();
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, CSM);
  await look(page, 'accounts');
  await page.getByRole('rowheader').getByRole('link').first().click();
  await page.getByText('Pat decides, but ask Lee first.').waitFor();
  await look(page, 'account');
  await page.getByLabel('What did you learn?').fill('They close in August.');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await page.locator('.history').getByText('They close in August.').first().waitFor();
  await page.locator('.scores').getByText('4', { exact: true }).click();
  await page.getByLabel('The customer had to say something again').check();
  await page.getByRole('button', { name: 'Send the rating' }).click();
  await page.getByText('4 of 5', { exact: false }).first().waitFor();
  await page.getByText('Give it back to the AE').click();
  await page.getByLabel('What is missing or wrong?').fill('Who signs the security review?');
  await page.getByRole('button', { name: 'Give it back' }).click();
  await page.getByText('gave it back to the AE').first().waitFor();
  await look(page, 'account-returned');
  await page.getByRole('link', { name: 'Round 1' }).click();
  await page.getByText('Nothing here changes any more.').waitFor();
  await look(page, 'round');
  await street.settle();
  assert.equal((await street.mails('handoff_returned')).length, 1);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an admin sees what waits, reminds an AE and skips a handoff', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/handoffs`);
  await look(page, 'board');
  await page.getByRole('link', { name: /^Remind/ }).first().click();
  await page.getByRole('button', { name: 'Remind the AE' }).click();
  await page.locator('#timeline').getByText('Reminded the AE').waitFor();
  await street.settle();
  assert.equal((await street.mails('handoff_reminder')).length, 1);
  await page.getByText('Skip the handoff').click();
  await page.getByLabel('Why?').fill('They are an old customer.');
  await page.getByRole('button', { name: 'Skip it' }).click();
  await page.getByText('Skipped: started by hand').waitFor();
  await look(page, 'account-skipped');
  await page.goto(`${street.base}/accounts/new`);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText('Please name the customer.').first().waitFor();
  await look(page, 'new');
  await page.goto(`${street.base}/accounts/import`);
  await page.getByLabel('Or the list itself').fill('company,ae,arr\nAcme,ana@northwind.example,48000 EUR\nBest,nobody,x\n');
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByText('1 of 2 rows cannot be made').waitFor();
  await look(page, 'import');
  // The two forms that were refused on purpose.
  assert.deepEqual(complaints.filter((one) => !one.includes('status of 422')), []);
  await context.close();
});
