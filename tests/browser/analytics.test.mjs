// The numbers: a year of them on the page, as a file, and in the weekly mail.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, look, lookAtMail, openBrowser, openPage, openStreet, signIn } from './street.mjs';

const ADMIN = 'admin@example.com';
const CSM = 'grace.lin@northwind.example';

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

test('before anything happened the page says what will stand there', async () => {
  const { page } = await openPage(browser, { viewport: DESK });
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/analytics`);
  await page.getByText('Nothing to count yet').waitFor();
  await look(page, 'analytics-empty');
});

test('a year is counted, drawn, compared, told in tables and in a file, and a Monday mail tells the week', async () => {
  const { page, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(street, page, ADMIN);
  const filled = await (await street.post('/local/year')).json();
  assert.ok(filled.handoffs > 500, JSON.stringify(filled));
  for (const [by, bars] of [['month', 12], ['week', 13], ['day', 28]]) {
    await page.goto(`${street.base}/analytics?by=${by}`);
    const drawn = await page.locator('#completion tbody tr').count();
    assert.equal(drawn, bars, by);
    await look(page, `analytics-${by}`);
  }
  await page.goto(`${street.base}/analytics?by=month`);
  for (const name of ['Completion rate', 'Time to handoff', 'AI acceptance rate', 'CSM satisfaction', 'Cost', 'By AE', 'By CSM', 'By template']) {
    assert.ok(await page.getByRole('heading', { name, exact: true }).count(), name);
  }
  const charts = page.locator('svg[role="img"]');
  assert.equal(await charts.count(), 4);
  for (const chart of await charts.all()) assert.ok((await chart.getAttribute('aria-label'))?.length > 10);
  const kept = await page.locator('#acceptance table').nth(1).locator('tbody tr td:nth-child(2)').allInnerTexts();
  const shares = kept.map((text) => Number.parseInt(text, 10));
  assert.deepEqual(shares, [...shares].sort((a, b) => a - b), 'the worst question first');

  const file = await page.request.get(`${street.base}/analytics.csv?by=month`);
  assert.match(file.headers()['content-type'], /text\/csv/);
  const lines = (await file.text()).trim().split(/\r?\n/);
  assert.ok(lines.length > 100 && lines.some((line) => line.includes('David Moreau')), lines.slice(0, 5).join('\n'));

  await page.getByRole('button', { name: 'Mail me every Monday' }).click();
  await page.getByText(`You get it at ${ADMIN}`).waitFor();
  for (let hour = 0; hour < 8 * 24 && !(await street.mails('weekly_summary')).length; hour += 2) {
    await street.post('/local/clock', { advance_seconds: 7200 });
    await street.post('/local/schedules/analytics-rollup/run');
    await street.settle();
  }
  const mail = await lookAtMail(street, page, 'weekly_summary');
  assert.equal((await street.mails('weekly_summary')).length, 1);
  assert.ok(mail.to.some((to) => to.includes(ADMIN)));
  // Days went by, and with them the session.
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/analytics`);
  await page.getByRole('button', { name: 'Stop the weekly mail' }).click();
  await page.getByText('You do not get it').waitFor();
  assert.deepEqual(complaints, []);
});

test('a CSM sees the numbers of all, their own row, no money and nobody else by name', async () => {
  const { page } = await openPage(browser, { viewport: PHONE });
  await signIn(street, page, CSM);
  await page.goto(`${street.base}/analytics?by=month`);
  const text = await page.locator('main').innerText();
  assert.ok(text.includes('Grace Lin') && text.includes('Completion'));
  for (const hidden of ['David Moreau', 'Mateo Rossi', '$', 'By mail']) assert.ok(!text.includes(hidden), hidden);
  const file = await (await page.request.get(`${street.base}/analytics.csv?by=month`)).text();
  for (const hidden of ['David Moreau', 'Mateo Rossi', 'ollar']) assert.ok(!file.includes(hidden), hidden);
  await look(page, 'analytics-csm');
});
