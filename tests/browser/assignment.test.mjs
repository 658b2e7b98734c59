// Who looks after an account: a CSM who was not in the list is found, and later somebody else takes over; with script and without.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, RICH, assertAccessible, assertFits, fillGaps, openBrowser, openPage, openStreet, picture } from './street.mjs';

const ADMIN = 'admin@example.com';
const GRACE = 'grace.lin@northwind.example';
const PRIYA = 'priya.nair@northwind.example';

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

async function handOverToNobody() {
  const { page, context } = await openPage(browser, { viewport: DESK });
  await page.goto(await street.link('handoff_invitation'));
  await fillGaps(page);
  await page.locator('[name="csm"][value="placeholder"]').check();
  await page.locator('[name="csm_name"]').fill('Priya Nair');
  await page.getByRole('button', { name: /hand over/i }).last().click();
  await page.getByRole('heading', { name: /is handed over/ }).waitFor();
  await context.close();
  await street.settle();
}

test('before the submit the page says when there will be a CSM', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/accounts/d${RICH}/csm`);
  await page.getByText('It gets its CSM when it is handed over').waitFor();
  assert.equal(await page.locator('[name="csm"]').count(), 0);
  await look(page, 'csm-early');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an admin finds the CSM who was not in the list, and the handoff reaches them', async () => {
  await handOverToNobody();
  const escalated = (await street.mails('handoff_escalated')).at(-1);
  const link = escalated.text.match(/https?:\/\/\S*\/accounts\/\S+\/csm/)[0];
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.getByRole('link', { name: 'Handoffs' }).click();
  await look(page, 'board-csm-missing');
  await page.getByRole('link', { name: /^Assign a CSM/ }).click();
  assert.equal(page.url(), link);
  await page.getByText('Priya Nair').waitFor();
  // Two round trips: everything with the session, then the company's other accounts.
  await street.post('/local/calls/reset');
  await page.reload();
  const { dynamodb } = (await street.json('/local/calls.json')).services;
  assert.deepEqual(Object.entries(dynamodb).map(([operation, { calls }]) => [operation, calls]), [['BatchGetItem', 1], ['Query', 1]]);
  await look(page, 'csm-missing');
  await page.getByRole('link', { name: 'add them to the roster' }).click();
  await page.locator('[name="name"]').fill('Priya Nair');
  await page.locator('[name="email"]').fill(PRIYA);
  await page.locator('[name="roles"][value="csm"]').check();
  await page.getByRole('button', { name: /^(Add|Save)/ }).first().click();
  await page.waitForURL(/saved=1/);
  await page.goto(link);
  await page.getByRole('radio', { name: /Priya Nair/ }).check();
  await page.getByRole('button', { name: 'Assign' }).click();
  await page.getByText('Gave the account to Priya Nair').waitFor();
  await look(page, 'account-assigned');
  await street.settle();
  const received = await street.mails('handoff_received');
  assert.deepEqual(received.map((mail) => mail.to), [[PRIYA]]);
  await page.getByRole('link', { name: 'Handoffs' }).click();
  assert.equal(await page.getByText('CSM missing').count(), 0);
  await page.goto(`${street.base}/settings/roster`);
  await look(page, 'roster-with-accounts');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the CSM hands it over by keyboard alone and without script, and a page from before loses nothing', async () => {
  const { page, context } = await openPage(browser, { viewport: PHONE, javaScriptEnabled: false });
  await signIn(page, PRIYA);
  await page.goto(`${street.base}/accounts/d${RICH}`);
  await page.getByRole('link', { name: 'Change the CSM' }).click();
  await page.getByText('You have it').waitFor();
  const admin = await openPage(browser, { viewport: DESK });
  await signIn(admin.page, ADMIN);
  await admin.page.goto(`${street.base}/accounts/d${RICH}/csm`);
  await page.locator('[name="csm"][value="grace-lin"]').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.type('I am away from December on.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('Gave the account to Grace Lin; until then Priya Nair had it').waitFor();
  await street.settle();
  const told = [['handoff_received', GRACE], ['handoff_reassigned', PRIYA]];
  for (const [kind, to] of told) assert.deepEqual((await street.mails(kind)).at(-1).to, [to]);
  await admin.page.getByRole('radio', { name: /Priya Nair/ }).waitFor();
  const other = admin.page.locator('[name="csm"]:not([value="grace-lin"])').first();
  const value = await other.getAttribute('value');
  await other.check();
  await admin.page.getByLabel('Why?').fill('They asked for somebody else.');
  await admin.page.getByRole('button', { name: 'Hand it over' }).click();
  if (value !== 'grace-lin') {
    await admin.page.getByText('Somebody assigned this account since the page was shown.').waitFor();
    assert.equal(await admin.page.getByLabel('Why?').inputValue(), 'They asked for somebody else.');
    assert.ok(await admin.page.locator(`[name="csm"][value="${value}"]`).isChecked());
    await admin.page.getByText('Grace Lin has it, since').waitFor();
    await look(admin.page, 'csm-stale');
  }
  await admin.context.close();
  await context.close();
});
