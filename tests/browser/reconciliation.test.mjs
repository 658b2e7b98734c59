// What webhooks lose is found; older deals are picked by a person, whose AE is asked when they say so.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, look, openBrowser, openPage, openStreet, signIn } from './street.mjs';

const ADMIN = 'admin@example.com';
const OLD = '31200418914';

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

test('an admin picks an older deal, nobody is mailed, and the AE is asked from the account', async () => {
  const { page, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/accounts/import`);
  await page.getByRole('link', { name: 'Import older deals from HubSpot' }).click();
  await page.getByRole('heading', { name: 'Import older deals' }).waitFor();
  await look(page, 'older-deals');
  await page.getByRole('button', { name: 'Import the ticked deals' }).click();
  await page.getByText('No deal was ticked').waitFor();
  await page.getByRole('checkbox', { name: /Old Mill/ }).check();
  await page.getByRole('button', { name: 'Import the ticked deals' }).click();
  await page.getByText('One deal is being taken in').waitFor();
  await street.settle();
  await page.reload();
  await page.getByText('Has an account').waitFor();
  await look(page, 'older-deals-asked');
  assert.equal((await street.mails('handoff_invitation')).length, 0);
  await page.goto(`${street.base}/handoffs`);
  await page.getByText('AE not asked yet').waitFor();
  await page.getByRole('link', { name: /Ask the AE/ }).click();
  assert.equal(new URL(page.url()).pathname, `/accounts/d${OLD}`);
  await page.getByText('nobody was mailed').waitFor();
  await look(page, 'account-imported');
  await page.locator('#resend [name="ae"]').fill('lena@northwind.example');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await street.settle();
  assert.equal((await street.mails('handoff_invitation')).length, 1);
  // The browser tells of each refusal that it was shown.
  assert.deepEqual(complaints.filter((one) => !one.includes('status of 422')), []);
});

test('a deal whose webhook was lost is found, and the board says so; HubSpot that refuses is told there', async () => {
  const { page } = await openPage(browser, { viewport: DESK });
  await page.goto(`${street.base}/local`);
  await page.getByRole('button', { name: /^Close, lose the webhook/ }).first().click();
  await page.getByRole('button', { name: 'Look for deals that no webhook told of' }).click();
  await street.post('/local/clock', { advance_seconds: 121 });
  await street.settle();
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/handoffs`);
  await page.getByText('One that had no account was found').waitFor();
  await look(page, 'board-found');
  await street.post('/local/faults', [{ service: 'hubspot', mode: 'error', probability: 1, seed: 1 }]);
  await street.post('/local/schedules/deal-reconciliation/run');
  await street.post('/local/faults', []);
  await page.reload();
  await page.getByText('HubSpot’s deals cannot be looked through').waitFor();
  await look(page, 'board-unread');
});
