// What the script adds to signed-in pages: answers in place, lists that narrow while somebody types, order by drag, and
// nothing typed is lost when the session is over. And what comes as a file.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, RICH, assertAccessible, assertFits, fillGaps, openBrowser, openPage, openStreet, picture } from './street.mjs';

const CSM = 'grace.lin@northwind.example';
const ADMIN = 'admin@example.com';
// Two by one pixels.
const LOGO = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64');

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

async function mailedLink(page, email) {
  await page.locator('[name="email"]').fill(email);
  await page.locator('main button').first().click();
  await page.waitForURL(/sent=1/);
  await street.settle();
  return (await street.mails('sign_in')).at(-1).text.match(/https?:\/\/\S*\/sign-in\/\S+/)[0];
}

async function signIn(page, email) {
  await page.goto(`${street.base}/sign-in`);
  await page.goto(await mailedLink(page, email));
  await page.locator('main button').first().click();
  await page.waitForURL(/\/accounts/);
}

/** A mark that a whole new page would not have. */
const mark = (page) => page.evaluate(() => { window.still = true; });
const isStill = (page) => page.evaluate(() => window.still === true);

async function look(page, name) {
  for (const [size, viewport] of [['390', PHONE], ['1280', DESK]]) {
    await page.setViewportSize(viewport);
    await assertFits(page, `${name} at ${size}`);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await assertAccessible(page, `${name}, ${size}, ${colorScheme}`);
      await picture(page, `${name}-${size}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

test('a note is added in place, and what is typed elsewhere and open stays', async () => {
  const ae = await openPage(browser, { viewport: DESK });
  await ae.page.goto(await street.link('handoff_invitation'));
  await fillGaps(ae.page);
  await ae.page.locator('[name="csm"][value="grace-lin"]').check();
  await ae.page.getByRole('button', { name: /hand over/i }).last().click();
  await ae.page.getByRole('heading', { name: /is handed over/ }).waitFor();
  await ae.context.close();
  await street.settle();

  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, CSM);
  await page.getByRole('rowheader').getByRole('link').first().click();
  const note = page.getByLabel('What did you learn?');
  await note.waitFor();
  await mark(page);
  await page.locator('#return > summary').click();
  await page.getByLabel('What is missing or wrong?').fill('Half a thought');
  await note.fill('They close in August.');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await page.locator('.history').getByText('They close in August.').first().waitFor();
  assert.ok(await isStill(page), 'no whole page was loaded');
  assert.equal(await note.inputValue(), '');
  assert.equal(await page.getByLabel('What is missing or wrong?').inputValue(), 'Half a thought');
  assert.ok(await page.locator('#return').evaluate((details) => details.open));
  assert.equal(await page.locator('#said').textContent(), 'The note is added.');
  // Refused in place: the words stay, the reason has the focus.
  await page.locator('.scores').getByText('4', { exact: true }).click();
  await page.locator('form[action$="/rating"]').evaluate((form) => { form.noValidate = true; form.elements.score.forEach((one) => { one.checked = false; }); });
  await page.getByLabel('The customer had to say something again').check();
  await page.getByRole('button', { name: 'Send the rating' }).click();
  await page.getByText('Please choose a number from 1 to 5.').waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.getAttribute('role') === 'alert'));
  assert.ok(await page.getByLabel('The customer had to say something again').isChecked());
  assert.deepEqual(complaints.filter((one) => !one.includes('status of 422')), []);
  await context.close();
});

test('a list narrows while somebody types, and can be linked to', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/accounts?scope=all`);
  await mark(page);
  await page.locator('#q').pressSequentially('zzz');
  await page.getByText('No account fits').waitFor();
  assert.ok(await isStill(page));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  assert.match(page.url(), /q=zzz/);
  await page.reload();
  await page.getByText('No account fits').waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('questions are dragged into order, and published in it', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/settings/handoff-form`);
  const order = () => page.evaluate(() => [...document.querySelectorAll('[name=order]')].map((field) => field.value));
  const before = await order();
  const handles = page.locator('[data-handle]');
  await handles.first().waitFor();
  await handles.first().dragTo(handles.nth(1), { targetPosition: { x: 6, y: 14 }, steps: 12 });
  const after = await order();
  assert.deepEqual(after, [before[1], before[0], ...before.slice(2)]);
  assert.equal(await page.locator('[data-number]').first().textContent(), '1');
  assert.match(await page.locator('#said').textContent(), /Moved to place 2/);
  await look(page, 'handoff-form');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('The new version is published').waitFor();
  assert.deepEqual(await order(), after);
  await page.goto(`${street.base}/settings/changes`);
  await page.getByText('published version 2 of the handoff form').waitFor();
  await look(page, 'changes');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what was typed when the session was over comes back after signing in, in whatever tab', async () => {
  const { page, context } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/accounts/new`);
  await page.locator('[name="company"]').fill('Lost & Found Ltd.');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.waitForURL(/\/sign-in\?then=/);
  const link = await mailedLink(page, ADMIN);
  const tab = await context.newPage();
  await tab.goto(link);
  await tab.locator('main button').first().click();
  await tab.getByText('What you typed is back').waitFor();
  assert.equal(await tab.locator('[name="company"]').inputValue(), 'Lost & Found Ltd.');
  // Only once.
  await tab.reload();
  assert.equal(await tab.locator('[name="company"]').inputValue(), '');
  await context.close();
});

test('an admin gives the organization a logo and a sender, and fills the roster from HubSpot and from a file', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/settings/organization`);
  await page.getByLabel('Sender of mails').fill('Northwind Übergabe');
  await page.locator('[name="logo"]').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: LOGO });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The organization is saved.').waitFor();
  assert.equal(await page.locator('.shell__logo').evaluate((image) => image.naturalWidth), 2);
  await look(page, 'organization');
  const mail = (await street.mails('sign_in')).at(-1);
  const again = await openPage(browser, { viewport: DESK });
  await signIn(again.page, CSM);
  await again.context.close();
  const newest = (await street.mails('sign_in')).at(-1);
  assert.notEqual(newest.from, mail.from);
  assert.ok(newest.html.includes('/logos/'));

  await page.goto(`${street.base}/settings/roster/owners`);
  const role = page.locator('main select').first();
  const name = await page.locator('main tbody th label').first().textContent();
  await look(page, 'owners');
  await role.selectOption('csm');
  await page.getByRole('button', { name: 'Add them' }).click();
  await page.getByText('The roster is saved.').waitFor();
  await page.getByRole('link', { name }).waitFor();

  await page.goto(`${street.base}/settings/roster/import`);
  const list = Buffer.from('name;email;roles\r\nJ\xfcrgen Gro\xdf;j@northwind.example;csm\r\n', 'latin1');
  await page.getByLabel('A file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: list });
  await page.getByRole('button', { name: 'Look at it' }).click();
  await page.getByRole('rowheader', { name: /Jürgen Groß/ }).waitFor();
  await look(page, 'roster-import');
  await page.getByRole('button', { name: 'Import 1 person' }).click();
  await page.getByRole('link', { name: 'Jürgen Groß' }).waitFor();
  await look(page, 'roster');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('no page weighs more than 60 KB on its way, style sheet and scripts included', async () => {
  const { page, context } = await openPage(browser, { viewport: DESK });
  // Five links in a quarter of an hour is all that an address gets.
  await street.post('/local/clock', { advance_seconds: 1000 });
  await signIn(page, ADMIN);
  await page.goto(`${street.base}/accounts?scope=all`);
  const account = await page.getByRole('rowheader').getByRole('link').first().getAttribute('href');
  await street.post('/local/year');
  const state = await context.storageState();
  await context.close();
  const paths = ['/accounts?scope=all', account, `${account}/csm`, `${account}/welcome`, '/handoffs', '/settings/organization', '/settings/roster',
    '/analytics', '/analytics?by=month', '/settings/handoff-form', '/settings/templates', '/settings/changes', '/accounts/new', '/help/csm'];
  for (const path of paths) {
    const fresh = await openPage(browser, { viewport: DESK, storageState: state });
    const requests = [];
    fresh.page.on('requestfinished', (request) => requests.push(request.sizes()));
    await fresh.page.goto(street.base + path, { waitUntil: 'networkidle' });
    const bytes = (await Promise.all(requests)).reduce((sum, one) => sum + one.responseBodySize + one.responseHeadersSize, 0);
    console.log(`${path}: ${bytes} bytes`);
    assert.ok(bytes < 60_000, `${path}: ${bytes} bytes`);
    await fresh.context.close();
  }
});
