// A browser at a deployed stack: the address of the mail's link is the stack's own, over TLS. Run by the deployment test.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, PHONE, assertAccessible, assertFits, openBrowser, picture, visitStreet } from './street.mjs';

const base = new URL(process.env.HANDOFF_PUBLIC);
const rules = `MAP ${base.hostname}:443 127.0.0.1:${process.env.HANDOFF_TLS_PORT}`;
let browser;
before(async () => { browser = await openBrowser([`--host-resolver-rules=${rules}`]); });
after(async () => { await browser.close(); });

for (const [size, viewport] of [['phone', PHONE], ['desk', DESK]]) {
  test(`the mail's link opens, saves as typed and hands over, ${size}`, async () => {
    const street = await visitStreet(process.env.HANDOFF_STREET);
    await street.close('31200418901');
    const link = await street.link('handoff_invitation');
    assert.equal(new URL(link).origin, base.origin);
    // The certificate is the test's own.
    const context = await browser.newContext({ viewport, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    await page.goto(link);
    await assertAccessible(page, 'form');
    await assertFits(page, 'form');
    await picture(page, `deployed-form-${viewport.width}`);
    const risks = page.locator('[name="answers[risks]"]');
    await risks.fill('Their COO leaves in March.');
    await page.getByRole('status').filter({ hasText: /^Saved/ }).waitFor();
    const cookies = await context.cookies();
    assert.ok(cookies.every((cookie) => cookie.secure && cookie.name.startsWith('__Host-')), JSON.stringify(cookies));
    await page.reload();
    assert.equal(await risks.inputValue(), 'Their COO leaves in March.');
    for (const field of await page.locator('[name^="answers["]:is(textarea, input[type=text])').all()) {
      if ((await field.inputValue()).trim() === '') await field.fill('Only the AE knows this.');
    }
    await page.getByRole('radio', { name: /Grace Lin/ }).check();
    await page.getByRole('button', { name: 'Hand over' }).click();
    await page.locator('textarea').first().waitFor({ state: 'detached' });
    await picture(page, `deployed-receipt-${viewport.width}`);
    await street.settle();
    const [received] = await street.mails('handoff_received');
    assert.match(received.text, /Their COO leaves in March/);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
