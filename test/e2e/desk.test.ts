/**
 * desk.test: the desk round the panels in a real Chromium: dragging, workspaces, windows of their
 * own, the palette, keys, themes, and what keeps nobody out.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { seriousFaults } from '../support/axe.ts';
import { newWatchedPage, type PageOptions, type WatchedPage } from '../support/browser.ts';
import { builtWindow } from '../support/built-window.ts';
import { launchChromium } from '../support/chromium.ts';
import { startFakeEngine, type FakeEngine } from '../support/fake-engine.ts';
import { until as waitUntil } from '../support/until.ts';

const DEADLINE_MS = 60_000;

let browser: Browser | null = null;
let root = '';

interface Stage extends WatchedPage {
  readonly fake: FakeEngine;
}

async function open(t: TestContext, options: PageOptions = {}): Promise<Stage> {
  assert.ok(browser !== null, 'Chromium runs');
  const fake = await startFakeEngine({ root });
  const watched = await newWatchedPage(browser, options);
  t.after(async () => {
    await watched.context.close();
    await fake.close();
  });
  await watched.page.goto(fake.url);
  await waitLive(watched.page);
  return { ...watched, fake };
}

async function waitLive(page: Page): Promise<void> {
  await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
  await page.locator('[data-panel]').first().waitFor({ timeout: DEADLINE_MS });
}

async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(look, { what, timeoutMs: DEADLINE_MS, pollMs: 30 });
}

/** The groups of the dock as lists of tabs, left to right, then top to bottom. */
async function groups(page: Page): Promise<string> {
  const list = await page.locator('.dv-groupview').evaluateAll((nodes) =>
    nodes
      .map((node) => {
        const { left, top } = node.getBoundingClientRect();
        const tabs = [...node.querySelectorAll('.dock__tab')].map((tab) => tab.textContent);
        return { left, top, tabs: tabs.join('|') };
      })
      .toSorted((a, b) => a.left - b.left || a.top - b.top)
      .map(({ tabs }) => tabs),
  );
  return list.join(' / ');
}

function tab(page: Page, title: string) {
  return page.locator('.dock__tab', { hasText: title }).first();
}

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.locator('.footer [aria-haspopup="menu"]', { hasText: menu }).click();
  await page.locator('.popup__item', { hasText: item }).first().click();
}

async function waitKept(page: Page): Promise<void> {
  await until('the arrangement is kept', () =>
    page.evaluate(() => localStorage.getItem('tickdeck.document.workspaces') !== null),
  );
}

before(async () => {
  root = await builtWindow();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
});

function deskTest(name: string, run: (t: TestContext) => Promise<void>): void {
  it(name, { timeout: 240_000 }, run);
}

const SCALPING =
  'Ladder, left / Ladder, right / Imbalance|Liquidity|Chart / Open scalps|Orders & fills / ' +
  'Market making|Session statistics / Decisions|Time & sales / Strategies / Signals / ' +
  'Latency|Replay';

describe('the dock', () => {
  deskTest('a tab is dragged; the arrangement outlives a reload; a reset undoes it', async (t) => {
    const { page, errors } = await open(t);
    assert.equal(await groups(page), SCALPING);
    await tab(page, 'Signals').dragTo(page.locator('[data-dock-panel="latency"]'));
    const dragged = SCALPING.replace('Signals / Latency|Replay', 'Latency|Replay|Signals');
    await until('Signals is a tab beside Latency', async () => (await groups(page)) === dragged);
    await waitKept(page);

    await page.reload();
    await waitLive(page);
    await until('the same arrangement', async () => (await groups(page)) === dragged);

    await choose(page, 'workspace', 'Reset to the built-in');
    await until('as built in', async () => (await groups(page)) === SCALPING);
    assert.deepEqual(errors, []);
  });

  deskTest('a panel is maximised, floated, closed and opened again', async (t) => {
    const { page, errors } = await open(t);
    const width = () =>
      page.locator('[data-dock-panel="scalps"]').evaluate((node) => node.clientWidth);
    const before = await width();
    await tab(page, 'Open scalps').dblclick();
    await until('it fills the dock', async () => (await width()) > before * 1.5);
    await tab(page, 'Open scalps').dblclick();
    await until('it is back', async () => (await width()) === before);

    await page.locator('[aria-label="Panel Latency"]').click();
    await page.locator('.popup__item', { hasText: 'Float' }).click();
    await page.locator('.dv-resize-container [data-panel="latency"]').waitFor();

    await page.locator('[aria-label="Panel Signals"]').click();
    await page.locator('.popup__item', { hasText: 'Close' }).click();
    await page.locator('[data-panel="signals"]').waitFor({ state: 'detached' });
    await choose(page, 'panels', 'Signals');
    await page.locator('[data-panel="signals"]').waitFor();
    assert.deepEqual(errors, []);
  });

  deskTest('a panel opens in a window of its own, with a link of its own', async (t) => {
    const { page, context, fake } = await open(t);
    const opening = context.waitForEvent('page');
    await page.locator('[aria-label="Panel Open scalps"]').click();
    await page.locator('.popup__item', { hasText: 'window of its own' }).click();
    const lone = await opening;
    await waitLive(lone);
    assert.equal(await lone.locator('[data-panel]').count(), 1);
    assert.equal(await lone.locator('[data-panel="scalps"]').count(), 1);
    await until('two terminals are connected', () => fake.terminals.size === 2);
    // What is chosen in one window is seen in the other.
    await page.locator('.footer button', { hasText: 'theme' }).click();
    await lone.waitForSelector(':root[data-theme="light"]', { timeout: DEADLINE_MS });
  });
});

describe('workspaces', () => {
  deskTest('are switched by key, copied, renamed, deleted, and put back', async (t) => {
    const { page } = await open(t);
    const name = () => page.locator('[data-role="workspace"]').innerText();
    await page.keyboard.press('Control+Alt+2');
    await until('market making is shown', async () => (await name()) === 'market making');
    await choose(page, 'workspace', 'Copy to a new');
    await until('a copy is shown', async () => (await name()) === 'market making 2');

    await choose(page, 'workspace', 'Rename, delete');
    const field = page.locator('[aria-label="Name of market making 2"]');
    await field.fill('scalping');
    await page.locator('.keys__fault', { hasText: 'already' }).waitFor();
    await field.fill('evening');
    await field.press('Enter');
    await until('it has its name', async () => (await name()) === 'evening');
    await page.locator('[aria-label="Delete evening"]').click();
    await until('another one is shown', async () => (await name()) !== 'evening');
    await page.locator('.workspaces__versions li', { hasText: 'evening' }).first().waitFor();
    await page
      .locator('.workspaces__versions li', { hasText: 'evening' })
      .first()
      .locator('button')
      .click();
    await until('it is back', async () => (await name()) === 'evening');
  });

  deskTest('two windows: what both save is kept, by the engine, and both have it', async (t) => {
    const { page, context, fake } = await open(t);
    const kept = (): readonly string[] => {
      const body = fake.documents.versions('workspaces')[0]?.body ?? '{"list":[]}';
      return (JSON.parse(body) as { list: { name: string }[] }).list.map(({ name }) => name);
    };
    await until('the first picture is kept', () => kept().length > 0);
    const usual = kept().length;
    const second = await context.newPage();
    await second.goto(page.url());
    await waitLive(second);
    await choose(second, 'workspace', 'Copy to a new');
    await until('the copy is kept', () => kept().length === usual + 1);
    await choose(page, 'workspace', 'Copy to a new');
    await until('both copies are kept', () => kept().length === usual + 2);
    assert.equal(new Set(kept()).size, usual + 2, 'no two have the same name');
    await until('the second window shows both', async () => {
      await second.locator('.footer [aria-haspopup="menu"]', { hasText: 'workspace' }).click();
      const items = await second.locator('.popup__item').allTextContents();
      await second.keyboard.press('Escape');
      return kept().every((name) => items.some((item) => item.includes(name)));
    });
  });

  deskTest('damaged ones leave the built-in ones and one notice', async (t) => {
    const { page, errors } = await open(t);
    await page.evaluate(() => {
      const document = { revision: 1, atMs: 1, body: '{"version":2,"list":"?"}' };
      localStorage.setItem('tickdeck.document.workspaces', JSON.stringify([document]));
    });
    await page.reload();
    await waitLive(page);
    await page.locator('[data-role="notice"]', { hasText: 'cannot be used' }).waitFor();
    assert.equal(await groups(page), SCALPING);
    assert.deepEqual(errors, []);
  });
});

describe('by keyboard', () => {
  deskTest('the palette arms, shows the answer, and KILL needs its whole name', async (t) => {
    const { page, fake } = await open(t);
    await page.keyboard.press('Control+k');
    await page.locator('.palette__field').waitFor();
    await page.keyboard.type('arm scalp btc');
    await page.keyboard.press('Enter');
    const answer = page.locator('[data-role="palette-answer"]');
    await answer.and(page.locator('[data-state="applied"]')).waitFor({ timeout: DEADLINE_MS });
    assert.equal(await answer.innerText(), 'Arm scalper BTCUSDT: done');
    await page.locator('[data-role="armed-state"][data-state="ARMED"]').waitFor();

    await page.locator('.palette__field').fill('kil');
    assert.equal(await page.locator('[data-action="kill"]').count(), 0);
    await page.locator('.palette__field').fill('kill');
    await page.locator('[data-action="kill"][aria-selected="true"]').waitFor();
    await page.keyboard.press('Enter');
    await until('KILL is out', () => fake.commands.some(({ kind }) => kind === 'kill'));
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
  });

  deskTest('F6 goes from panel to panel, round the window and back', async (t) => {
    const { page } = await open(t);
    const focused = () =>
      page.evaluate(() => {
        const { activeElement } = document;
        const panel = activeElement?.getAttribute('data-panel');
        return panel ?? activeElement?.className ?? '';
      });
    const seen: string[] = [];
    for (let i = 0; i < 11; i++) {
      await page.keyboard.press('F6');
      seen.push(await focused());
    }
    assert.deepEqual(seen, [
      'header',
      'ladder',
      'ladder',
      'imbalance',
      'scalps',
      'market-making',
      'decisions',
      'strategies',
      'signals',
      'latency',
      'footer',
    ]);
    await page.keyboard.press('Shift+F6');
    assert.equal(await focused(), 'latency');
  });

  deskTest('a key is changed on the sheet and outlives a reload', async (t) => {
    const { page } = await open(t);
    await page.keyboard.press('?');
    const change = page.locator('[aria-label^="Change the key of: Commands"]');
    await change.click();
    await page.keyboard.press('g');
    await page.locator('.keys__fault', { hasText: 'already' }).waitFor();
    await change.click();
    await page.keyboard.press('Control+Alt+p');
    await page.keyboard.press('Escape');
    await page.reload();
    await waitLive(page);
    await page.keyboard.press('Control+Alt+p');
    await page.locator('.palette__field').waitFor();
  });
});

describe('for everybody', () => {
  for (const theme of ['dark', 'light'] as const) {
    deskTest(`nothing keeps anybody out in the ${theme} theme`, async (t) => {
      const { page } = await open(t, { reducedMotion: true });
      await page.keyboard.press('Control+k');
      await page.keyboard.type(`${theme} theme`);
      await page.keyboard.press('Enter');
      await page.waitForSelector(`:root[data-theme="${theme}"]`);
      await page.locator('.decisions__line').first().waitFor({ timeout: DEADLINE_MS });
      assert.deepEqual(await seriousFaults(page), [], 'the desk');
      // The inspection keeps the page busy for longer than the lease lasts.
      await until('this terminal is in control', async () => {
        await page.keyboard.press('l');
        return page.locator('[aria-label="Arm all"]').isEnabled();
      });
      await page.click('[aria-label="Arm all"]');
      await page.locator('[data-role="armed-state"][data-state="ARMED"]').waitFor();
      assert.deepEqual(await seriousFaults(page, '.header'), [], 'the header, armed');
      for (const keys of ['Control+k', '?']) {
        await page.keyboard.press(keys);
        await page.locator('.dialog').waitFor();
        assert.deepEqual(await seriousFaults(page, '.dialog'), [], `under ${keys}`);
        await page.keyboard.press('Escape');
        await page.locator('.dialog').waitFor({ state: 'detached' });
      }
      await choose(page, 'workspace', 'Rename, delete');
      await page.locator('.dialog').waitFor();
      assert.deepEqual(await seriousFaults(page, '.dialog'), [], 'workspaces');
    });
  }

  deskTest('every size shows the whole window', async (t) => {
    const { page } = await open(t, { width: 1280, height: 800 });
    assert.equal(await page.locator('[data-role="workspace"]').innerText(), 'compact');
    for (const size of ['90', '150']) {
      await page.keyboard.press('Control+k');
      await page.keyboard.type(`size ${size}`);
      await page.keyboard.press('Enter');
      for (const selector of ['[data-role="kill"]', '[data-role="armed-state"]', '.footer']) {
        const box = await page.locator(selector).boundingBox();
        assert.ok(box !== null && box.x >= 0 && box.y >= 0, `${selector} at ${size} %`);
        assert.ok(box.x + box.width <= 1281 && box.y + box.height <= 801, `${selector} ${size} %`);
      }
    }
  });
});
