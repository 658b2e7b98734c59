// What the sources disagree about and what Sales promised, from the form to the CSM's mail.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { openModel } from './model.mjs';
import { CONTRADICTORY, DESK, PHONE, assertAccessible, assertFits, fillGaps, openBrowser, openPage, openStreet, picture } from './street.mjs';

let browser;
let model;
before(async () => {
  browser = await openBrowser();
  model = await openModel();
});
after(async () => {
  await browser.close();
  model.stop();
});

/** A street in which the contradictory deal is won; its link. */
async function withDispute(work) {
  const street = await openStreet(model.environment);
  try {
    await street.close(CONTRADICTORY);
    return await work(street, await street.link('handoff_invitation'));
  } finally {
    street.stop();
  }
}

const answerOf = (page) => page.locator('[name="answers[go_live]"]');
const dispute = (page, title) => page.getByRole('group', { name: title });
const saved = (page) => page.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();
// "Saved" may still stand there from the save before.
const sends = (page, part) =>
  page.waitForResponse((response) => response.url().endsWith('/answers') && (response.request().postData() ?? '').includes(part));
const promise = (page) => page.getByRole('checkbox', { name: /Pass on to the CSM\s*: Send the plan/ });

async function handOver(page) {
  await fillGaps(page);
  await page.getByRole('radio', { name: /Grace Lin/ }).check();
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.locator('textarea').first().waitFor({ state: 'detached' });
}

for (const [size, viewport] of [['phone', PHONE], ['desk', DESK]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`a version that is chosen becomes the answer at once and goes to the CSM, ${size}, ${colorScheme}`, () => withDispute(async (street, link) => {
      const { page, context, complaints } = await openPage(browser, { viewport, colorScheme });
      const look = async (what) => {
        await assertAccessible(page, what);
        await assertFits(page, what);
        await picture(page, `${what}-${viewport.width}-${colorScheme}`);
      };
      await page.goto(link);
      await look('dispute-form');
      assert.equal(await answerOf(page).inputValue(), 'February 28, 2027');
      const dates = dispute(page, /Go-live date/);
      await dates.getByRole('radio', { name: /April 2027 at the earliest/ }).check();
      assert.equal(await answerOf(page).inputValue(), 'April 2027 at the earliest');
      await dates.getByText('The answer above says so now.').waitFor();
      await dispute(page, /Seats/).getByRole('radio', { name: 'None of these' }).check();
      await page.getByText('all conflicts settled').waitFor();
      const dropped = sends(page, 'promises');
      await promise(page).uncheck();
      await dropped;
      await saved(page);
      await look('dispute-settled');
      await page.reload();
      assert.equal(await answerOf(page).inputValue(), 'April 2027 at the earliest');
      assert.ok(await dates.getByRole('radio', { name: /April 2027/ }).isChecked());
      assert.equal(await promise(page).isChecked(), false);
      await page.getByText('As you settled it').waitFor();

      await answerOf(page).fill('Not before Easter, says Hana');
      const settled = sends(page, 'conflicts');
      await dates.getByRole('radio', { name: /January 15/ }).check();
      await dates.getByText('Your own words stay').waitFor();
      await settled;
      await saved(page);
      await page.reload();
      assert.equal(await answerOf(page).inputValue(), 'Not before Easter, says Hana');
      assert.ok(await dates.getByRole('radio', { name: /January 15/ }).isChecked());
      await handOver(page);
      await look('dispute-receipt');
      await street.settle();
      const [received] = await street.mails('handoff_received');
      assert.match(received.text, /Not before Easter[\s\S]*Go-live date: January 15, 2027\n.*Settled by[\s\S]*Seats on the order form: none of what the records say/);
      assert.doesNotMatch(received.text, /Send the plan on Friday/);
      await page.goto(`${street.base}/local/mail/${received.id}`);
      await picture(page, `dispute-mail-${viewport.width}-${colorScheme}`);
      assert.deepEqual(complaints, []);
      await context.close();
    }));
  }

  test(`the same choice without script, ${size}`, () => withDispute(async (street, link) => {
    const { page, context } = await openPage(browser, { viewport, javaScriptEnabled: false });
    const save = () => page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.goto(link);
    const dates = dispute(page, /Go-live date/);
    await dates.getByRole('radio', { name: /January 15, 2027/ }).check();
    await save();
    assert.equal(await answerOf(page).inputValue(), 'January 15, 2027');
    await dates.getByRole('radio', { name: /leave it to the CSM/ }).check();
    await save();
    assert.equal(await answerOf(page).inputValue(), 'February 28, 2027');
    await picture(page, `dispute-noscript-${viewport.width}`);
    await handOver(page);
    await street.settle();
    const [received] = await street.mails('handoff_received');
    assert.match(received.text, /Send the plan on Friday\n.*Ana Ellis[\s\S]*Go-live date: still open, confirm early/);
    await context.close();
  }));
}

test('two tabs that settle differently: the second chooses, and loses nothing', () => withDispute(async (street, link) => {
  const { page: one, context } = await openPage(browser, { viewport: DESK });
  const two = await context.newPage();
  await one.goto(link);
  await two.goto(link);
  await dispute(one, /Seats/).getByRole('radio', { name: /120 seats/ }).check();
  await promise(one).uncheck();
  await saved(one);
  await dispute(two, /Seats/).getByRole('radio', { name: /85 seats/ }).check();
  const told = dispute(two, /Seats/).getByRole('alert');
  await told.getByText('120 seats', { exact: true }).waitFor();
  await assertAccessible(two, 'dispute-conflict');
  await picture(two, 'dispute-conflict-1280');
  await told.getByRole('button', { name: 'Use this one' }).click();
  assert.ok(await dispute(two, /Seats/).getByRole('radio', { name: /120 seats/ }).isChecked());
  await saved(two);
  await two.reload();
  assert.equal(await promise(two).isChecked(), false);
  await context.close();
}));

test('a stale page without script comes back with both choices', () => withDispute(async (street, link) => {
  const { page: one, context } = await openPage(browser, { viewport: PHONE, javaScriptEnabled: false });
  const two = await context.newPage();
  await one.goto(link);
  await two.goto(link);
  for (const [page, seats] of [[one, /120 seats/], [two, /85 seats/]]) {
    await dispute(page, /Seats/).getByRole('radio', { name: seats }).check();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
  }
  const seats = dispute(two, /Seats/);
  assert.ok(await seats.getByRole('radio', { name: /85 seats/ }).isChecked());
  await seats.locator('.quoted', { hasText: '120 seats' }).waitFor();
  await picture(two, 'dispute-stale-390');
  await two.getByRole('button', { name: 'Save', exact: true }).click();
  assert.ok(await seats.getByRole('radio', { name: /85 seats/ }).isChecked());
  assert.equal(await seats.locator('.quoted').count(), 0);
  await context.close();
}));

for (const colorScheme of ['light', 'dark']) {
  test(`a new draft shows what it changed until the next save, ${colorScheme}`, () => withDispute(async (street, link) => {
    const { page, context } = await openPage(browser, { viewport: PHONE, colorScheme });
    await page.goto(link);
    const card = page.locator('section.question', { has: answerOf(page) });
    await card.getByText('New draft').first().click();
    await card.getByRole('textbox', { name: /take into account/ }).fill('Hana moved the go-live to February 12, 2027 at all sites.');
    await card.getByRole('button', { name: 'Ask for a new draft' }).click();
    await page.getByText('A new draft is on its way').first().waitFor();
    await street.settle();
    await page.goto(link);
    await card.getByText('This is the new draft').waitFor();
    await card.getByText('What changed').last().click();
    await card.locator('ins', { hasText: 'Hana moved the go-live' }).waitFor();
    assert.match(await card.locator('.diff').textContent(), /\[before: .*28/);
    await assertAccessible(page, 'what changed');
    await picture(page, `what-changed-390-${colorScheme}`);
    assert.equal(await card.getByText('4 of 5 left').count(), 1);
    await answerOf(page).fill('February 12, 2027');
    await saved(page);
    await page.reload();
    assert.equal(await card.getByText('This is the new draft').count(), 0);
    await context.close();
  }));
}
