/**
 * settings-replay.test: settings are searched, changed and kept, and a tape is scrubbed, in the
 * real window on a fake engine.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newWatchedPage } from '../support/browser.ts';
import { builtWindow } from '../support/built-window.ts';
import { launchChromium } from '../support/chromium.ts';
import { startFakeEngine, type FakeEngine } from '../support/fake-engine.ts';
import { fakeReplay } from '../support/fake-replay.ts';
import { until as waitUntil } from '../support/until.ts';

const DEADLINE_MS = 30_000;

let browser: Browser | null = null;
let root = '';

before(async () => {
  root = await builtWindow();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
});

interface Stage {
  readonly page: Page;
  readonly fake: FakeEngine;
  readonly errors: readonly string[];
}

async function open(t: TestContext, hash: string, isReplay = false): Promise<Stage> {
  assert.ok(browser !== null, 'Chromium runs');
  const fake = await startFakeEngine({ root });
  fake.leaseMs = 600_000;
  if (isReplay) {
    fake.state.mode = 'replay';
    fake.state.replay = fakeReplay();
  }
  const watched = await newWatchedPage(browser);
  t.after(async () => {
    await watched.context.close();
    await fake.close();
  });
  await watched.page.goto(`${fake.url}${hash}`);
  await watched.page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
  return { page: watched.page, fake, errors: watched.errors };
}

async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(look, { what, timeoutMs: DEADLINE_MS, pollMs: 20 });
}

async function takeControl(page: Page, fake: FakeEngine): Promise<void> {
  const isMine = (): boolean => [...fake.terminals].some((each) => fake.status(each).lease.mine);
  if (!isMine()) await page.click('text=Take control', { timeout: DEADLINE_MS });
  await until('the terminal is in control', isMine);
}

describe('settings', () => {
  it('open by Ctrl+, are found, changed, kept over a reload', { timeout: 150_000 }, async (t) => {
    const { page, fake, errors } = await open(t, '');
    await takeControl(page, fake);
    await page.keyboard.press('Control+,');
    const dialog = page.locator('.dialog--wide');
    await dialog.locator('.settings').waitFor({ timeout: DEADLINE_MS });
    await page.keyboard.type('older market blocks');
    const age = page.locator('[data-setting="engine.feed.ageMs"]');
    await until('one setting is left', async () => (await page.locator('.setting').count()) === 1);
    assert.deepEqual(await age.locator('mark').allInnerTexts(), ['Older', 'market', 'blocks']);
    await age.locator('input').fill('900');
    await age.locator('input').press('Enter');
    await age.locator('text=saved').waitFor({ timeout: DEADLINE_MS });
    assert.match(fake.documents.versions('settings')[0]!.body, /"feed\.ageMs": 900/);

    await page.locator('.settings__search').fill('side colours');
    await page.click('[aria-label="Side colours: teal-red"]');
    await page.click('[role="option"]:has-text("blue-orange")');
    const palette = (): Promise<string | null> => page.locator('html').getAttribute('data-palette');
    await until('it counts at once', async () => (await palette()) === 'blue-orange');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const disarms = fake.commands.filter(({ kind }) => kind === 'disarm');
    assert.deepEqual(disarms, [], 'Esc closed what was open');

    await page.goto(`${fake.url}#panel=settings`);
    await age.locator('text=changed').waitFor({ timeout: DEADLINE_MS });
    assert.equal(await age.locator('input').inputValue(), '900');
    assert.deepEqual(errors, []);
  });
});

describe('replay', () => {
  it('a drag shows the time, its release seeks; Space plays', { timeout: 150_000 }, async (t) => {
    const { page, fake, errors } = await open(t, '#panel=replay', true);
    await takeControl(page, fake);
    const track = page.locator('.timeline__track');
    const box = (await track.boundingBox())!;
    const y = box.y + box.height / 2;
    const { startMs } = fake.state.replay!;
    const seeks = () => fake.commands.filter((c) => c.kind === 'replay' && c.action === 'seek');
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.25, y, { steps: 3 });
    const wish = page.locator('[data-role="wish"]');
    await wish.waitFor({ timeout: DEADLINE_MS });
    assert.match(await wish.innerText(), /^14:32:(29|30)\./);
    assert.deepEqual(seeks(), [], 'nothing is asked before the release');
    await page.mouse.up();
    await until('the seek is asked for', () => seeks().length === 1);
    const [seek] = seeks();
    assert.ok(seek?.kind === 'replay' && seek.action === 'seek');
    assert.ok(Math.abs(seek.value - (startMs + 150_000)) < 2000, `${seek.value - startMs} ms`);
    const time = page.locator('[data-role="tape-time"]', { hasText: '14:32:' });
    await time.waitFor({ timeout: DEADLINE_MS });
    await page.locator('[data-role="timeline"]').focus();
    await page.keyboard.press('Space');
    await until('it plays', () => fake.state.replay?.state === 'playing');
    assert.deepEqual(errors, []);
  });

  it('says in other modes how to start one', { timeout: 150_000 }, async (t) => {
    const { page } = await open(t, '#panel=replay');
    await page.locator('text=tickdeck start --tape').waitFor({ timeout: DEADLINE_MS });
  });
});
