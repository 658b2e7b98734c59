// What time brings, and what an AE says to it: not now, not mine, reminders, the end of a link, the admins' digest.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, RICH, fillGaps, look, lookAtMail, openBrowser, openPage, openStreet, signIn } from './street.mjs';

const ADMIN = 'admin@example.com';
const DAY = 86_400;

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

/** The sweep, run every two hours for some days. */
async function live(days) {
  for (let hour = 0; hour < days * 24; hour += 2) {
    await street.post('/local/clock', { advance_seconds: 7200 });
    await street.post('/local/schedules/reminder-sweep/run');
  }
  await street.settle();
}

test('an AE puts it off without script, is reminded on that day, then names a colleague to whom the admin sends it', async () => {
  const link = await street.link('handoff_invitation');
  const plain = await openPage(browser, { viewport: PHONE, javaScriptEnabled: false });
  await plain.page.goto(link);
  await plain.page.locator('[name="answers[risks]"]').fill('Their COO leaves in May.');
  await plain.page.getByText('Not now: choose when we ask again').click();
  await plain.page.getByRole('button', { name: 'Ask me on that day' }).click();
  await plain.page.getByText('Please choose a day, for example the coming Monday.').last().waitFor();
  const now = new Date((await street.json('/local/clock')).now);
  const day = new Date(now.getTime() + 9 * DAY * 1000).toISOString().slice(0, 10);
  await plain.page.locator('[name="date"]').fill(day);
  await plain.page.getByRole('button', { name: 'Ask me on that day' }).click();
  await plain.page.getByText(/The next reminder comes on/).waitFor();
  assert.equal(await plain.page.locator('[name="answers[risks]"]').inputValue(), 'Their COO leaves in May.');
  await live(8);
  assert.equal((await street.mails('handoff_reminder')).length, 0, 'nothing before the day that was asked for');
  await live(4);
  assert.equal((await street.mails('handoff_reminder')).length, 1);
  const { page, complaints } = await openPage(browser, { viewport: DESK });
  const mail = await lookAtMail(street, page, 'handoff_reminder');
  assert.ok(mail.text.includes(new URL(link).pathname));

  await page.goto(link);
  await page.getByText('Not now: choose when we ask again').click();
  await page.getByText('Not mine: somebody else sold this').click();
  await look(page, 'form-aside');
  await page.getByRole('button', { name: 'Tell my admin' }).click();
  await page.getByText(/Choose whose it is, or write a word/).last().waitFor();
  await page.locator('[name="colleague"]').selectOption({ index: 1 });
  await page.locator('[name="word"]').fill('I only covered the last call.');
  await page.getByRole('button', { name: 'Tell my admin' }).click();
  await page.getByText('You told us that this one is not yours').waitFor();
  await look(page, 'form-not-mine');
  await street.settle();
  const escalated = await lookAtMail(street, page, 'handoff_escalated');
  assert.ok(escalated.text.includes('I only covered the last call.'));
  await live(8);
  assert.equal((await street.mails('handoff_reminder')).length, 1, 'no more reminders');

  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/handoffs`);
  await look(page, 'board-wrong-ae');
  await page.goto(escalated.text.match(/https?:\/\/\S*\/accounts\/\S+/)[0]);
  const to = await page.locator('#resend-ae').inputValue();
  assert.match(to, /@/, 'the colleague stands there');
  await look(page, 'account-wrong-ae');
  await page.locator('#resend').getByRole('button', { name: 'Send the link' }).click();
  await street.settle();
  await page.getByText('Sent a new link; the one before died').waitFor();
  const fresh = (await street.json('/local/mail.json')).filter((one) => one.to.some((address) => address.includes(to)) && one.text.includes('/handoff/')).at(-1);
  await page.goto(fresh.text.match(/https?:\/\/\S*\/handoff\/[A-Za-z0-9_-]+/)[0]);
  assert.equal(await page.locator('[name="answers[risks]"]').inputValue(), 'Their COO leaves in May.');
  await fillGaps(page);
  await page.getByRole('radio', { name: /Grace Lin/ }).check();
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.locator('textarea').first().waitFor({ state: 'detached' });
  // The browser tells of each refusal that it was shown.
  assert.deepEqual(complaints.filter((one) => !one.includes('status of 422')), []);
});

test('who never answers is reminded five times, the link ends, the admin reads it in the digest and on the board', async () => {
  const { page } = await openPage(browser, { viewport: DESK });
  const deal = (await street.json('/local/deals')).find((one) => !one.closed && /health|clinic|fern|tern|kestrel|.*/i.test(one.name) && one.id !== RICH).id;
  await street.close(deal);
  const before = (await street.mails('handoff_reminder')).length;
  await live(36);
  const reminders = (await street.mails('handoff_reminder')).slice(before);
  assert.equal(reminders.length, 5, reminders.map((mail) => mail.sent_at).join());
  await lookAtMail(street, page, 'handoff_reminder');
  const digest = await lookAtMail(street, page, 'digest');
  assert.ok(digest.to.includes(ADMIN));
  await signIn(street, page, ADMIN);
  await page.goto(`${street.base}/handoffs`);
  await page.getByText(/expired/i).first().waitFor();
  await look(page, 'board-expired');
});
