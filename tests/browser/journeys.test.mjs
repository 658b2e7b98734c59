import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, RICH, assertAccessible, assertFits, fillGaps, openBrowser, openPage as openNewPage, openStreet, picture } from './street.mjs';

let browser;
before(async () => { browser = await openBrowser(); });
after(async () => { await browser.close(); });

async function withStreet(work) {
  const street = await openStreet();
  try {
    return await work(street);
  } finally {
    street.stop();
  }
}

const openPage = (options) => openNewPage(browser, options);

for (const [size, viewport] of [['phone', PHONE], ['desk', DESK]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`a sample deal goes from the start page to the CSM's mail, with script, ${size}, ${colorScheme}`, () => withStreet(async (street) => {
      const { page, context, complaints } = await openPage({ viewport, colorScheme });
      const name = (what) => `${what}-${viewport.width}-${colorScheme}`;
      const look = async (what) => {
        await assertAccessible(page, what);
        await assertFits(page, what);
        await picture(page, name(what));
      };
      await page.goto(street.base);
      await look('start');
      await page.getByRole('button', { name: /Close Brightwater/ }).click();
      await street.settle();
      await page.goto(`${street.base}/local/mail`);
      await look('mails');
      const link = await street.link('handoff_invitation');
      await page.goto(link);
      await look('form');

      const risks = page.locator('[name="answers[risks]"]');
      await risks.fill('Their COO leaves in March; nobody wrote that down.');
      await page.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();
      await page.reload();
      assert.equal(await risks.inputValue(), 'Their COO leaves in March; nobody wrote that down.');

      await page.locator('details summary').first().click();
      await look('form-evidence');
      const [source] = await page.locator('a[href*="/sources/"]').all();
      const whole = await context.newPage();
      await whole.goto(new URL(await source.getAttribute('href'), link).href);
      await assertAccessible(whole, 'source');
      await picture(whole, name('source'));
      await whole.close();

      await page.locator('[name="answers[top_goals]"]').fill('');
      await page.getByRole('button', { name: 'Hand over' }).click();
      await page.getByRole('alert').first().waitFor();
      await look('form-errors');
      await fillGaps(page);
      await page.getByRole('radio', { name: /Grace Lin/ }).check();
      await page.getByRole('button', { name: 'Hand over' }).click();
      await page.locator('textarea').first().waitFor({ state: 'detached' });
      await page.getByText('Grace Lin').first().waitFor();
      await look('receipt');
      await street.settle();
      const [received] = await street.mails('handoff_received');
      assert.match(received.text, /Their COO leaves in March/);
      await page.goto(`${street.base}/local/mail/${received.id}`);
      await look('mail-received');
      assert.deepEqual(complaints.filter((text) => !text.includes('422')), []);
      await context.close();
    }));
  }

  test(`the same without script, ${size}`, () => withStreet(async (street) => {
    const { page, context } = await openPage({ viewport, javaScriptEnabled: false });
    await street.close(RICH);
    const link = await street.link('handoff_invitation');
    await page.goto(link);
    await page.locator('[name="answers[risks]"]').fill('Kept by the button');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    assert.equal(page.url(), link);
    assert.equal(await page.locator('[name="answers[risks]"]').inputValue(), 'Kept by the button');
    await picture(page, `noscript-form-${viewport.width}`);
    await page.locator('[name="answers[top_goals]"]').fill('');
    await page.locator('[name="answers[why_us]"]').fill('Typed before the error');
    await page.getByRole('button', { name: 'Hand over' }).click();
    assert.equal(await page.locator('[name="answers[why_us]"]').inputValue(), 'Typed before the error');
    await fillGaps(page);
    await page.getByRole('radio', { name: /Not in the list/ }).check();
    await page.getByRole('button', { name: 'Hand over' }).click();
    assert.equal(page.url(), link);
    assert.equal(await page.locator('textarea').count(), 0, 'the receipt is read-only');
    await context.close();
  }));
}

// Two tabs of one form: the first has saved its text, the second has just typed another one in the same place.
async function openTwoTabs(street) {
  await street.close(RICH);
  const link = await street.link('handoff_invitation');
  const { page: one, context } = await openPage({ viewport: DESK });
  const two = await context.newPage();
  await one.goto(link);
  await two.goto(link);
  await one.locator('[name="answers[risks]"]').fill('from the first tab');
  await one.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();
  await two.locator('[name="answers[risks]"]').fill('from the second tab');
  return { one, two, context };
}

test('two tabs: the second sees both texts and loses neither', () => withStreet(async (street) => {
  const { one, two, context } = await openTwoTabs(street);
  await two.getByText('from the first tab').waitFor();
  assert.equal(await two.locator('[name="answers[risks]"]').inputValue(), 'from the second tab');
  await assertAccessible(two, 'conflict');
  await picture(two, 'conflict-1280');
  await two.getByRole('button', { name: 'Keep mine' }).click();
  await two.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();
  await one.reload();
  assert.equal(await one.locator('[name="answers[risks]"]').inputValue(), 'from the second tab');
  await context.close();
}));

test('handing over never passes over another tab, or over text that could not be saved', () => withStreet(async (street) => {
  const { one, two, context } = await openTwoTabs(street);
  await two.getByRole('button', { name: 'Hand over' }).click();
  await two.getByText('from the first tab').waitFor();
  assert.equal(await two.locator('[name="answers[risks]"]').inputValue(), 'from the second tab');
  await two.getByRole('button', { name: 'Keep mine' }).click();
  await two.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();

  await context.setOffline(true);
  await two.locator('[name="answers[why_us]"]').fill('typed in a tunnel');
  await two.getByRole('button', { name: 'Hand over' }).click();
  await two.getByRole('status').filter({ hasText: /not/i }).waitFor();
  assert.equal(await two.locator('[name="answers[why_us]"]').inputValue(), 'typed in a tunnel');
  assert.equal((await street.mails('handoff_received')).length, 0);
  await context.setOffline(false);
  await two.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();
  await two.getByRole('button', { name: 'Hand over' }).click();
  await two.locator('textarea').first().waitFor({ state: 'detached' });
  await street.settle();
  const [received] = await street.mails('handoff_received');
  assert.match(received.text, /from the second tab[\s\S]*typed in a tunnel/);
  await context.close();
}));

test('a new draft with added context arrives and keeps what was edited', () => withStreet(async (street) => {
  await street.close(RICH);
  const link = await street.link('handoff_invitation');
  const { page, context } = await openPage({ viewport: PHONE, javaScriptEnabled: false });
  await page.goto(link);
  await page.locator('[name="answers[risks]"]').fill('mine');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const csrf = await page.locator('[name=csrf]').first().inputValue();
  const asked = await page.request.post(`${link}/redraft`, { form: { csrf, context: 'They now expect to go live on 2 February 2027.', question: 'go_live' }, maxRedirects: 0 });
  assert.equal(asked.status(), 303);
  await street.settle();
  await page.goto(link);
  assert.equal(await page.locator('[name="answers[risks]"]').inputValue(), 'mine');
  assert.match(await page.locator('[name="answers[go_live]"]').inputValue(), /2 February 2027/);
  await context.close();
}));

test('the keyboard alone reaches everything and hands over', () => withStreet(async (street) => {
  await street.close(RICH);
  const { page, context } = await openPage({ viewport: DESK });
  await page.goto(await street.link('handoff_invitation'));
  const seen = new Set();
  for (let i = 0; i < 150; i += 1) {
    await page.keyboard.press('Tab');
    const [name, visible] = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return ['', true];
      // A radio shows its focus on the card around it.
      const shows = [element, element.closest('label'), element.parentElement].filter(Boolean).map((part) => getComputedStyle(part));
      const visible = shows.some((style) => style.outlineStyle !== 'none' || style.boxShadow !== 'none');
      return [element.name || element.textContent.trim().slice(0, 40), visible];
    });
    seen.add(name);
    if (name) assert.ok(visible, `no visible focus on ${name}`);
  }
  for (const name of ['answers[primary_use_case]', 'answers[go_live]', 'note', 'csm', 'Hand over']) assert.ok(seen.has(name), `Tab never reaches ${name}`);
  await context.close();
}));

test('pages that end a link are kind, exact and accessible', () => withStreet(async (street) => {
  await street.close(RICH);
  const link = await street.link('handoff_invitation');
  const { page, context } = await openPage({ viewport: PHONE });
  await page.goto(`${street.base}/handoff/unknown`);
  await assertAccessible(page, 'not found');
  await picture(page, 'not-found-390');
  await street.post('/local/clock', { advance_seconds: 31 * 86_400 });
  await page.goto(link);
  await assertAccessible(page, 'expired');
  await picture(page, 'expired-390');
  await page.getByRole('button', { name: /fresh link/ }).click();
  await street.settle();
  await picture(page, 'renewed-390');
  const fresh = await street.link('handoff_link_renewed');
  await page.goto(link);
  await assertAccessible(page, 'replaced');
  await picture(page, 'replaced-390');
  await page.goto(fresh);
  assert.equal(await page.getByRole('button', { name: 'Hand over' }).count(), 1);
  await context.close();
}));

test('the form of the richest deal is small and asks no other origin', () => withStreet(async (street) => {
  await street.close(RICH);
  const { page, context } = await openPage({ viewport: PHONE });
  const [bodies, sizes] = [[], []];
  page.on('response', (response) => bodies.push(response.body()));
  page.on('requestfinished', (request) => sizes.push(request.sizes()));
  page.on('request', (request) => assert.ok(request.url().startsWith(street.base), request.url()));
  await page.goto(await street.link('handoff_invitation'), { waitUntil: 'networkidle' });
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
  const sent = (await Promise.all(sizes)).reduce((sum, one) => sum + one.responseBodySize, 0);
  console.log(`form: ${bytes} bytes, ${sent} on the way`);
  // Some sixty quotes in their surroundings, each with the way to its source, and the one style sheet of form and console.
  assert.ok(bytes < 150_000 && sent < 40_000, `${bytes} bytes, ${sent} on the way`);
  await context.close();
}));
