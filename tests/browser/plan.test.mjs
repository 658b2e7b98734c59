// The plan on an account's page, and the templates that plans are made from: on a phone, at a desk, without a script, by
// keyboard.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
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

async function signIn(page, who) {
  await page.goto(`${street.base}/local`);
  await page.getByRole('button', { name: who }).first().click();
  await page.waitForURL(/\/accounts/);
}

async function handOver() {
  const { page, context } = await openPage(browser, { viewport: DESK });
  await page.goto(await street.link('handoff_invitation'));
  await fillGaps(page);
  await page.locator('[name="csm"][value="grace-lin"]').check();
  await page.getByRole('button', { name: /hand over/i }).last().click();
  await page.getByRole('heading', { name: /is handed over/ }).waitFor();
  await context.close();
  await street.settle();
}

/** Looks at a page in both sizes and both lights. */
async function look(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await assertAccessible(page, `${name}, ${colorScheme}`);
    for (const [size, viewport] of [['390', PHONE], ['1280', DESK]]) {
      await page.setViewportSize(viewport);
      await assertFits(page, `${name} at ${size}`);
      await picture(page, `${name}-${size}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

test('an admin makes a template for large customers, whose rule chooses it on submit', async () => {
  const { page, context, complaints } = await openPage(browser, { viewport: DESK });
  await signIn(page, /Sign in as admin/);
  await page.goto(`${street.base}/settings/templates`);
  await look(page, 'templates');
  await page.getByRole('link', { name: 'Copy Standard onboarding' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Large customers');
  await page.getByText('For which accounts').click();
  await page.getByLabel('Lowest ARR').fill('1 000');
  await page.getByRole('button', { name: 'Add an action: milestone 1' }).click();
  await page.getByText('Nothing is published yet').waitFor();
  const added = page.getByLabel('What is done').nth(3);
  assert.equal(await added.inputValue(), '');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('link', { name: /An action of milestone 1/ }).click();
  await look(page, 'template-wrong');
  await added.fill('Agree on who is told what');
  await page.getByRole('button', { name: 'Up: action 4 of milestone 1' }).click();
  assert.equal(await page.getByLabel('What is done').nth(2).inputValue(), 'Agree on who is told what');
  await page.getByRole('button', { name: 'Remove: milestone 3' }).click();
  await page.getByText('Removed with the next version').waitFor();
  await look(page, 'template-editor');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('The plan as a CSM gets it').waitFor();
  await look(page, 'template-preview');
  await page.getByRole('button', { name: 'Publish version 1' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByText('For ARR from 1,000').waitFor();
  // A second version of the first template, then back to what it was like.
  await page.getByRole('link', { name: 'Edit Standard onboarding' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Standard');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('link', { name: 'Edit Standard', exact: true }).click();
  await page.getByRole('link', { name: /^Version 1/ }).click();
  await page.getByText('Accounts that began with it keep it.').waitFor();
  await look(page, 'template-version');
  // The one form that was refused on purpose.
  assert.deepEqual(complaints.filter((one) => !one.includes('status of 422')), []);
  await context.close();
});

test('a CSM works through the plan until the customer is live, and takes a step back', async () => {
  await handOver();
  const received = (await street.mails('handoff_received')).at(-1);
  assert.match(received.text, /Send the welcome e-mail[\s\S]{0,20}by \d/);
  const { page, context, complaints } = await openPage(browser, { viewport: PHONE });
  await signIn(page, /Grace Lin/);
  await page.getByRole('rowheader').getByRole('link').first().click();
  const plan = page.locator('#plan');
  await plan.getByText('Large customers').waitFor();
  await look(page, 'plan-new');
  await plan.getByRole('link', { name: 'Choose another plan' }).click();
  await look(page, 'plan-choices');
  await page.getByRole('button', { name: 'Use this plan: Standard' }).click();
  await page.waitForURL(/#plan/);
  await plan.getByRole('button', { name: 'Start: Confirm goals and go-live date with the customer' }).click();
  await plan.getByText(/Started by Grace Lin/).waitFor();
  await plan.getByRole('button', { name: 'Done: Send the welcome e-mail' }).click();
  await plan.getByText('1 of 6 done').waitFor();
  await plan.locator('summary', { hasText: 'Skip: Confirm goals' }).click();
  await plan.getByLabel('Why is it not needed?').locator('visible=true').fill('They stand in the handoff.');
  await plan.getByRole('button', { name: 'Skip it' }).locator('visible=true').click();
  await plan.getByText('They stand in the handoff.').waitFor();
  await plan.locator('summary', { hasText: 'Add an action to Kickoff' }).click();
  await plan.getByLabel('What is to be done?').locator('visible=true').fill('Invite the auditor');
  await plan.getByRole('button', { name: 'Add it' }).locator('visible=true').click();
  await plan.getByText('2 of 7 done').waitFor();
  await street.post('/local/clock', { advance_seconds: 10 * 86400 });
  await page.reload();
  await signIn(page, /Grace Lin/);
  await page.getByRole('rowheader').getByRole('link').first().click();
  await plan.getByText(/Overdue since/).first().waitFor();
  await look(page, 'plan-overdue');
  for (let left = 5; left > 0; left -= 1) {
    const done = plan.getByRole('button', { name: /^Done: / }).locator('visible=true').first();
    await done.click();
    await plan.getByText(`${8 - left} of 7 done`).waitFor();
  }
  await plan.getByText('The customer is live.').waitFor();
  await look(page, 'plan-done');
  await plan.locator('#milestone-go_live > summary').click();
  await plan.getByRole('button', { name: 'Reopen: Review the first weeks together' }).click();
  await plan.getByText('6 of 7 done').waitFor();
  await page.locator('#timeline').getByText(/Back in onboarding/).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('without a script and by keyboard alone a step is taken', async () => {
  const { page, context } = await openPage(browser, { viewport: DESK, javaScriptEnabled: false });
  await signIn(page, /Grace Lin/);
  await page.getByRole('rowheader').getByRole('link').first().click();
  const done = page.getByRole('button', { name: 'Done: Review the first weeks together' });
  await done.focus();
  await page.keyboard.press('Enter');
  await page.getByText('7 of 7 done').waitFor();
  await context.close();
});
