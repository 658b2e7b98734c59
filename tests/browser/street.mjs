// A local run of its own for each journey, and a browser that looks at it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';

const repository = new URL('../../', import.meta.url).pathname;
const target = process.env.CARGO_TARGET_DIR ?? `${repository}target`;
const program = process.env.HANDOFF_LOCAL ?? `${target}/debug/handoff-local`;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };
export const RICH = '31200418901';
export const CONTRADICTORY = '31200418903';

/** What a journey may do to a running street. */
function street(base) {
  const json = async (path) => (await fetch(base + path)).json();
  const post = (path, body) => fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) });
  const own = {
    base, json, post,
    async settle() {
      for (let i = 0; i < 600; i += 1) {
        if ((await json('/local/queues')).pending === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('still busy');
    },
    async close(deal) {
      await post(`/local/deals/${deal}/close`);
      await own.settle();
    },
    async mails(kind) {
      return (await json('/local/mail.json')).filter((mail) => mail.kind === kind);
    },
    async link(kind) {
      const mail = (await own.mails(kind)).at(-1);
      assert.ok(mail, `no ${kind}`);
      return mail.text.match(/https?:\/\/\S*\/handoff\/[A-Za-z0-9_-]+/)[0];
    },
  };
  return own;
}

/** Starts the system on a free port, with nothing kept; `environment` says what is not as usual. */
export async function openStreet(environment = {}) {
  const child = spawn(program, { env: { ...process.env, PORT: '0', HANDOFF_DATA_DIR: ':memory:', ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
  const [base] = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve([line.trim()]));
    child.once('exit', (code) => reject(new Error(`handoff-local ended with ${code}`)));
  });
  return { ...street(base), stop: () => child.kill('SIGTERM') };
}

/** The street that runs at this address already, emptied of what others left there. */
export async function visitStreet(base) {
  const visited = street(base);
  await visited.post('/local/forget');
  return visited;
}

/** Starts Chromium without any of its own conversations with the world. */
export function openBrowser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more],
  });
}

/** axe-core finds nothing on this page; needs a page with script, so it is asked of those. */
export async function assertAccessible(page, what) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const told = violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  assert.deepEqual(told, [], `${what}: axe-core found something`);
}

/** Nothing is wider than the window, and nothing was asked of another origin. */
export async function assertFits(page, what) {
  const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(scroll <= client, `${what}: ${scroll} px of content in a window of ${client} px`);
}

/** A page that notes whatever the browser complains of. */
export async function openPage(browser, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, context, complaints };
}

/** Questions that no source answers, answered as an AE would. */
export async function fillGaps(page) {
  for (const field of await page.locator('[name^="answers["]:is(textarea, input[type=text])').all()) {
    if ((await field.inputValue()).trim() === '') await field.fill('Only the AE knows this.');
  }
}

/** Where pictures go when SCREENSHOTS names a folder. */
export async function picture(page, name) {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true });
}

/** Signs a page in through the mailed link. */
export async function signIn(street, page, email) {
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
export async function look(page, name) {
  for (const [size, viewport] of [['390', PHONE], ['1280', DESK]]) {
    await page.setViewportSize(viewport);
    await assertFits(page, `${name} at ${size}`);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await assertAccessible(page, `${name}, ${size}, ${colorScheme}`);
      await picture(page, `${name}-${size}-${colorScheme}`);
    }
  }
}

/** The HTML of the newest mail of a kind, as a picture. */
export async function lookAtMail(street, page, kind) {
  const mail = (await street.mails(kind)).at(-1);
  assert.ok(mail, `no ${kind}`);
  for (const [size, viewport] of [['390', PHONE], ['1280', DESK]]) {
    await page.setViewportSize(viewport);
    await page.goto(`${street.base}/local/mail/${mail.id}/html`);
    await picture(page, `mail-${kind}-${size}`);
  }
  return mail;
}
