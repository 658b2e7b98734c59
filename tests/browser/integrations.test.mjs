// What flows on into other tools: set up by an admin, told when a customer is handed over, seen when it does not arrive.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { DESK, PHONE, RICH, assertFits, fillGaps, look, openBrowser, openPage, openStreet, picture, signIn } from './street.mjs';

const ADMIN = 'admin@example.com';
const SLACK = 'https://hooks.slack.com/services/T0/B0/very-secret';

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

/** The message as a receiver would verify it, by the specification alone. */
function isSigned(message, secret) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${message.headers['webhook-id']}.${message.headers['webhook-timestamp']}.${message.body}`;
  const wanted = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return message.headers['webhook-signature'].split(' ').includes(wanted);
}

test('an admin connects Slack and endpoints, a customer is handed over, and every tool is told', async () => {
  const { page, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/settings/integrations`);
  await page.getByText('No message yet.').first().waitFor();
  await look(page, 'integrations-first');

  await page.locator('[name="slack"]').selectOption('webhook');
  await page.locator('[name="slack_url"]').fill('https://hooks.example.com/services/x');
  await page.getByLabel('Owner of the company').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/This is no address of Slack/).last().waitFor();
  assert.equal(await page.locator('[name="slack_url"]').inputValue(), 'https://hooks.example.com/services/x', 'nothing typed is lost');
  assert.ok(await page.getByLabel('Owner of the company').isChecked());
  await look(page, 'integrations-wrong');
  await page.locator('[name="slack_url"]').fill(SLACK);
  await page.getByLabel('Properties of the deal').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The integrations are saved.').waitFor();
  assert.ok(!(await page.content()).includes('very-secret'), 'a secret is never shown again');

  await page.getByRole('button', { name: 'Send a test to Slack' }).click();
  await page.getByRole('heading', { name: 'Test' }).waitFor();
  await street.settle();
  await page.reload();
  await page.getByText('Arrived').first().waitFor();
  assert.match((await street.json('/local/told.json')).messages.at(-1).body, /This is a test of Handoff/);

  await page.goto(`${street.base}/settings/integrations`);
  await page.getByRole('link', { name: 'Add an endpoint' }).click();
  await page.locator('[name="name"]').fill('Warehouse');
  await page.locator('[name="url"]').fill('https://10.0.0.7/in');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/leads to the public internet: no port/).last().waitFor();
  await page.locator('[name="url"]').fill('https://receiver.example/in');
  await page.getByLabel('Form opened').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The endpoint is saved.').waitFor();
  await page.getByText('Show the secret').click();
  const secret = await page.locator('details code').innerText();
  await look(page, 'integrations-endpoint');

  await page.goto(`${street.base}/settings/integrations/endpoints/new`);
  await page.locator('[name="name"]').fill('Automation');
  await page.locator('[name="url"]').fill('https://receiver.example/away');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The endpoint is saved.').waitFor();

  await street.close(RICH);
  const ae = await openPage(browser, { viewport: PHONE });
  await ae.page.goto(await street.link('handoff_invitation'));
  await fillGaps(ae.page);
  await ae.page.locator('input[name="csm"]').first().check();
  await ae.page.getByRole('button', { name: 'Hand over' }).click();
  await ae.page.getByText(/handed over/i).first().waitFor();
  await street.settle();

  const told = await street.json('/local/told.json');
  assert.equal(told.notes.length, 1);
  assert.match(told.notes[0].body, /Handoff reference hs62515\/d/);
  const messages = told.messages.filter((one) => one.path === '/in');
  const types = messages.map((one) => JSON.parse(one.body).type);
  for (const type of ['account.created', 'handoff.drafted', 'handoff.invited', 'handoff.submitted']) assert.ok(types.includes(type), `${type} of ${types}`);
  assert.ok(!types.includes('handoff.opened'), 'not asked for');
  assert.ok(messages.every((one) => isSigned(one, secret)), 'signed');
  assert.ok(!messages.some((one) => isSigned({ ...one, body: `${one.body} ` }, secret)), 'and only as it is');
  assert.ok(told.messages.some((one) => one.host === 'hooks.slack.com' && /was handed over to/.test(one.body)));

  await page.goto(`${street.base}/accounts?scope=all`);
  await page.locator('main table a, main .rows a').first().click();
  await page.getByRole('heading', { name: 'In HubSpot' }).scrollIntoViewIfNeeded();
  await look(page, 'account-in-hubspot');
  await page.goto(`${street.base}/settings/integrations`);
  await look(page, 'integrations-told');
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await page.getByText('To be tried again').first().waitFor();
  await look(page, 'integrations-messages');
  await page.getByRole('link', { name: 'Not arrived' }).click();
  await page.locator('tr', { hasText: 'Automation' }).filter({ hasText: 'Handed over' }).getByRole('link').click();
  await page.getByText('Answered 503').first().waitFor();
  await look(page, 'integrations-message');
  const before = (await street.json('/local/told.json')).messages.length;
  await page.getByRole('button', { name: 'Send it again' }).click();
  await street.settle();
  assert.equal((await street.json('/local/told.json')).messages.length, before + 1);
  await page.goto(`${street.base}/local/told`);
  await look(page, 'local-told');
  await page.goto(`${street.base}/settings/changes`);
  await page.getByText('added the endpoint Warehouse').waitFor();
  assert.deepEqual(complaints.filter((one) => !one.includes('422')), []);
  assert.deepEqual(ae.complaints, []);
});

test('an endpoint is paused and resumed, gets a new secret and is removed, all without script', async () => {
  const { page } = await openPage(browser, { viewport: PHONE, javaScriptEnabled: false });
  await street.post('/local/clock', { advance_seconds: 1800 });
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/settings/integrations`);
  await page.getByRole('link', { name: 'Warehouse' }).click();
  const secret = () => page.locator('details code').textContent();
  const first = await secret();
  await page.getByRole('button', { name: 'Replace the secret' }).click();
  await page.getByText('Replaced less than a day ago').waitFor();
  const second = await secret();
  assert.notEqual(first, second);
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByRole('heading', { name: 'Test' }).waitFor();
  await street.settle();
  const message = (await street.json('/local/told.json')).messages.at(-1);
  assert.ok(isSigned(message, first) && isSigned(message, second), 'both hold for a day');
  await page.goto(`${street.base}/settings/integrations`);
  await page.getByRole('link', { name: 'Warehouse' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('This endpoint is paused').waitFor();
  await assertFits(page, 'paused');
  await picture(page, 'integrations-paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('The integrations are saved.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Warehouse' }).count(), 0);
});
