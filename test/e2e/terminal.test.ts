/**
 * terminal.test: the real window in a real Chromium on a fake engine, over the real browser shell.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newWatchedPage, type WatchedPage } from '../support/browser.ts';
import { builtWindow } from '../support/built-window.ts';
import { launchChromium } from '../support/chromium.ts';
import {
  startFakeEngine,
  type FakeEngine,
  type FakeEngineOptions,
} from '../support/fake-engine.ts';
import { until as waitUntil } from '../support/until.ts';

const DEADLINE_MS = 10_000;
const PANELS = [
  'ladder',
  'imbalance',
  'scalps',
  'strategies',
  'market-making',
  'latency',
  'decisions',
  'signals',
];

let browser: Browser | null = null;
let root = '';

interface Stage extends WatchedPage {
  readonly fake: FakeEngine;
}

/** A window on a fake engine, live unless `isLive` is false. Closed when the test ends. */
async function open(
  t: TestContext,
  options: FakeEngineOptions = {},
  isLive = true,
): Promise<Stage> {
  assert.ok(browser !== null, 'Chromium runs');
  const fake = await startFakeEngine({ ...options, root });
  const watched = await newWatchedPage(browser);
  t.after(async () => {
    await watched.context.close();
    await fake.close();
  });
  await watched.page.goto(fake.url);
  if (isLive) await waitLive(watched.page);
  return { ...watched, fake };
}

async function waitLive(page: Page): Promise<void> {
  await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
  await page.locator('[data-panel]').first().waitFor({ timeout: DEADLINE_MS });
}

function textOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).first().innerText();
}

async function waitText(page: Page, selector: string, part: string): Promise<void> {
  await page.locator(selector, { hasText: part }).first().waitFor({ timeout: DEADLINE_MS });
}

async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(look, { what, timeoutMs: DEADLINE_MS, pollMs: 20 });
}

async function ladderRows(page: Page, symbol: string): Promise<readonly string[]> {
  return page
    .locator(`[data-role="ladder-rows"][data-symbol="${symbol}"] tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent).join(' ')),
    );
}

function expectedRows({ market }: FakeEngine, symbol: string): readonly string[] {
  const book = market.book(symbol);
  const { instrument } = book;
  const line = (side: string) => (level: readonly [number, number]) => {
    return `${side} ${instrument.priceText(level[0])} ${instrument.sizeText(level[1])}`;
  };
  return [...book.asks(10).map(line('ask')), ...book.bids(10).map(line('bid'))];
}

/** Waits until the hidden table says what the (frozen) fake book says. */
async function showsBook(page: Page, fake: FakeEngine, symbol: string): Promise<void> {
  const expected = JSON.stringify(expectedRows(fake, symbol));
  await until(`the ${symbol} rows equal the book`, async () => {
    return JSON.stringify(await ladderRows(page, symbol)) === expected;
  });
}

const BTC_SWITCH =
  '[data-panel="strategies"] [data-strategy="scalper"][data-symbol="BTCUSDT"] .switch';

function switchState(page: Page): Promise<string> {
  return page
    .locator(BTC_SWITCH)
    .evaluate((node) => `${node.getAttribute('aria-checked')} ${node.getAttribute('aria-busy')}`);
}

before(async () => {
  root = await builtWindow();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
});

function terminalTest(name: string, run: (t: TestContext) => Promise<void>): void {
  it(name, { timeout: 60_000 }, run);
}

describe('the terminal shows what the engine says', () => {
  terminalTest('opens isolated, on a clean address, with every panel and no error', async (t) => {
    const { page, errors, fake } = await open(t);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    assert.equal(page.url(), `http://127.0.0.1:${fake.port}/`);
    for (const panel of PANELS) {
      const count = await page.locator(`[data-panel="${panel}"]`).count();
      assert.equal(count, panel === 'ladder' ? 2 : 1, `panels named ${panel}`);
    }
    await waitText(page, '[data-role="mode"]', 'SIM EXCHANGE');
    await waitText(page, '[data-role="feed"]', '8 of 8 synced');
    await waitText(page, '[data-role="day-pnl"]', '+184.27 USDT');
    await waitText(page, '[data-panel="decisions"] li', 'score');
    assert.deepEqual(errors, []);
  });

  terminalTest('the hidden tables hold the best ten of both books, exactly', async (t) => {
    const { page, fake } = await open(t);
    fake.isFrozen = true;
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) await showsBook(page, fake, symbol);
  });

  terminalTest('a book that is not synced shows no prices and says so', async (t) => {
    const { page, fake } = await open(t);
    fake.state.stale.add(0);
    await waitText(page, '[data-panel="ladder"]', 'RESYNCING');
    await until('the rows are empty', async () => {
      return (await ladderRows(page, 'BTCUSDT')).every((row) => /^(ask|bid) +$/.test(row));
    });
    await waitText(page, '[data-role="feed"]', '7 of 8 synced');
  });

  terminalTest('another instrument can be put into a ladder with the keyboard', async (t) => {
    const { page, fake } = await open(t);
    fake.isFrozen = true;
    await page.locator('[data-ladder="0"] .menu__button').first().focus();
    await page.keyboard.press('Enter');
    for (let i = 0; i < 2; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await showsBook(page, fake, 'SOLUSDT');
  });

  terminalTest('a click on a decision shows its eight readings', async (t) => {
    const { page } = await open(t);
    const line = page.locator('.decisions__line button').first();
    await line.waitFor({ timeout: DEADLINE_MS });
    await line.click();
    await page.locator('.detail .button', { hasText: 'Follow newest' }).waitFor();
    assert.equal(await page.locator('.detail .gauge').count(), 8);
  });
});

function topTicks(page: Page): Promise<number> {
  return page
    .locator('[data-ladder="0"] canvas')
    .evaluate((node) => Number(node.dataset['topTicks']));
}

describe('rows never move under the pointer', () => {
  terminalTest('the market runs away; rows stay until the pointer leaves or C', async (t) => {
    const { page, fake } = await open(t);
    fake.isFrozen = true;
    await showsBook(page, fake, 'BTCUSDT');
    await page.locator('[data-ladder="0"] .ladder').hover();
    await page.keyboard.press('c');
    const { bidTicks, askTicks } = fake.market.book('BTCUSDT');
    const middle = Math.round((bidTicks + askTicks) / 2);
    const height = await page.locator('[data-ladder="0"] canvas').evaluate((c) => c.clientHeight);
    const before = middle + Math.floor(Math.floor(height / 18) / 2);
    await until('C brings the market to the middle', async () => (await topTicks(page)) === before);

    fake.market.book('BTCUSDT').shift(200);
    await showsBook(page, fake, 'BTCUSDT');
    assert.equal(await topTicks(page), before, 'nothing moved under the pointer');
    await page.locator('[data-ladder="0"] .ladder__away').waitFor({ timeout: DEADLINE_MS });

    await page.keyboard.press('c');
    await until('C brings the market back', async () => (await topTicks(page)) === before + 200);

    fake.market.book('BTCUSDT').shift(-300);
    await page.mouse.move(900, 5);
    await until('rows follow again', async () => (await topTicks(page)) === before - 100);
  });

  terminalTest('wheel and keys scroll', async (t) => {
    const { page, fake } = await open(t);
    fake.isFrozen = true;
    await until('the ladder has rows', async () => Number.isFinite(await topTicks(page)));
    const before = await topTicks(page);
    const ladder = page.locator('[data-ladder="0"] .ladder');
    await ladder.hover();
    await page.mouse.wheel(0, -120);
    await until('the wheel scrolled up', async () => (await topTicks(page)) === before + 3);
    await ladder.focus();
    await page.keyboard.press('PageDown');
    await until('PageDown scrolled', async () => (await topTicks(page)) === before + 3 - 20);
  });
});

describe('asking is not having', () => {
  terminalTest('a switch turns only when the engine has said so', async (t) => {
    const { page, fake } = await open(t);
    fake.ackAfterMs = 3000;
    await page.click(BTC_SWITCH);
    await until('the switch is busy', async () => (await switchState(page)) === 'false true');
    await waitText(page, '[data-role="notice"]', 'asked, not answered yet');
    await until('the switch is on', async () => (await switchState(page)) === 'true false');
    await waitText(page, '[data-role="armed-state"]', 'ARMED · 1 of 16');

    await page.click(BTC_SWITCH);
    await until('the switch is off', async () => (await switchState(page)) === 'false false');
    assert.deepEqual(
      fake.commands.filter(({ kind }) => kind !== 'watch').map(({ kind }) => kind),
      ['arm', 'disarm'],
    );
  });

  terminalTest('a refusal is said with its reason and changes nothing', async (t) => {
    const { page, fake } = await open(t);
    fake.refusal = 'the daily loss limit is reached';
    await page.click('[aria-label="Arm all"]');
    await waitText(page, '[data-role="notice"]', 'refused: the daily loss limit is reached');
    assert.equal(await switchState(page), 'false false');
    await waitText(page, '[data-role="armed-state"]', 'DISARMED');
  });

  terminalTest('a scalp is closed through the engine', async (t) => {
    const { page, fake } = await open(t);
    await page.click('[aria-label="Close scalp 18 in SOLUSDT"]');
    await page.locator('[data-scalp="18"]').waitFor({ state: 'detached', timeout: DEADLINE_MS });
    assert.ok(fake.commands.some((command) => command.kind === 'closeScalp'));
  });

  terminalTest('without the lease nothing can be armed; control can be taken', async (t) => {
    const { page, fake } = await open(t);
    fake.otherHolder = 'terminal 9';
    await waitText(page, '[data-role="notice"]', 'terminal 9 is in control');
    assert.equal(await page.locator(BTC_SWITCH).isDisabled(), true);
    assert.equal(await page.locator('[aria-label="Disarm all"]').isDisabled(), false);
    await page.click('text=Take control');
    await until('the switch may be used', () => page.locator(BTC_SWITCH).isEnabled());
  });
});

describe('stopping', () => {
  terminalTest('KILL reports its three steps apart, then RESUME is typed', async (t) => {
    const { page, fake } = await open(t);
    await page.click('[aria-label="Arm all"]');
    await waitText(page, '[data-role="armed-state"]', 'ARMED · 16 of 16');
    await page.keyboard.press('Control+Shift+Backspace');
    await waitText(page, '[data-role="kill-report"]', 'blocked: yes');
    assert.match(await textOf(page, '[data-role="kill-report"]'), /verified[^:]*: not yet/);
    await waitText(page, '[data-role="kill-report"]', 'verified with the venue: yes');
    assert.match(await textOf(page, '[data-role="residual"]'), /no order left/);
    assert.equal(await page.locator(BTC_SWITCH).isDisabled(), true);

    await page.click('text=Resume…');
    const submit = page.locator('.dialog button[type="submit"]');
    await page.keyboard.type('resume');
    assert.equal(await submit.isDisabled(), true, 'the word must be exact');
    await page.locator('#resume-word').fill('RESUME');
    await submit.click();
    await waitText(page, '[data-role="armed-state"]', 'DISARMED');
    assert.equal(fake.state.armed.size, 0);
  });

  terminalTest('Esc closes what is open first; Shift+Esc always disarms', async (t) => {
    const { page, fake } = await open(t);
    const disarms = (): number => fake.commands.filter(({ kind }) => kind === 'disarm').length;
    await page.keyboard.press('?');
    await page.locator('.dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
    assert.equal(disarms(), 0, 'the first Esc only closed the sheet');

    await page.locator('[data-ladder="0"] .menu__button').first().click();
    await page.locator('.menu__list').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.menu__list').waitFor({ state: 'detached' });
    assert.equal(disarms(), 0, 'and the menu');

    await page.keyboard.press('Escape');
    await until('Esc disarms', () => disarms() === 1);
    await page.keyboard.press('?');
    await page.locator('.dialog').waitFor();
    await page.keyboard.press('Shift+Escape');
    await until('Shift+Esc disarms under a dialog', () => disarms() === 2);
  });

  terminalTest('KILL works from inside a text field', async (t) => {
    const { page, fake } = await open(t);
    await page.keyboard.press('Control+Shift+Backspace');
    await page.click('text=Resume…');
    await page.locator('#resume-word').fill('RES');
    await page.keyboard.press('Control+Shift+Backspace');
    const kills = (): number => fake.commands.filter(({ kind }) => kind === 'kill').length;
    await until('the second KILL is out', () => kills() === 2);
  });
});

describe('when the link breaks', () => {
  terminalTest('the screen says DISCONNECTED, then rebuilds itself', async (t) => {
    const { page, fake, errors } = await open(t);
    const { port, token } = fake;
    await fake.close();
    await waitText(page, '[data-role="curtain"]', 'DISCONNECTED');
    assert.equal(await page.locator('.app').getAttribute('data-alive'), 'false');
    await until('no row looks alive', async () => {
      return (await ladderRows(page, 'BTCUSDT')).every((row) => /^(ask|bid) +$/.test(row));
    });

    const next = await startFakeEngine({ port, token, root, seed: 11 });
    t.after(() => next.close());
    next.isFrozen = true;
    await waitLive(page);
    await showsBook(page, next, 'BTCUSDT');
    const ours = errors.filter((error) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(error));
    assert.deepEqual(ours, []);
  });

  terminalTest('a KILL pressed without a link goes out with the next one', async (t) => {
    const { page, fake } = await open(t);
    const { port, token } = fake;
    await fake.close();
    await waitText(page, '[data-role="curtain"]', 'DISCONNECTED');
    await page.click('[data-role="kill"]');
    await waitText(page, '[data-role="notice"]', 'NOT SENT');
    const next = await startFakeEngine({ port, token, root });
    t.after(() => next.close());
    await until('the new engine hears KILL', () => next.commands.some((c) => c.kind === 'kill'));
    await waitText(page, '[data-role="armed-state"]', 'HALTED');
  });

  terminalTest('an engine with a new token says that access is refused', async (t) => {
    const { page, fake } = await open(t);
    const { port } = fake;
    await fake.close();
    const next = await startFakeEngine({ port, root });
    t.after(() => next.close());
    await waitText(page, '[data-role="curtain"]', 'ACCESS REFUSED');
  });

  terminalTest('frames and messages that make no sense are named and survived', async (t) => {
    const { page, fake, errors } = await open(t);
    fake.sendBadFrame();
    await waitText(page, '[data-role="notice"]', '24 bytes are no whole frame');
    fake.sendText('{"type":"status","status":{"mode":1}}');
    fake.sendText('not json');
    await waitText(page, '[data-role="notice"]', 'no JSON');
    fake.isFrozen = true;
    await showsBook(page, fake, 'BTCUSDT');
    assert.deepEqual(errors, []);
  });

  terminalTest('a link that brings no market frames says so', async (t) => {
    const { page, fake } = await open(t);
    fake.isSilent = true;
    await waitText(page, '[data-role="notice"]', 'NO MARKET FRAMES');
    fake.isSilent = false;
    await until('the notice is gone', async () => {
      return !(await textOf(page, '[data-role="notice"]')).includes('NO MARKET FRAMES');
    });
  });

  terminalTest('a page whose main thread hangs answers no ping', async (t) => {
    const { page, fake } = await open(t);
    await until('pings are answered', () => fake.pongs > 0);
    const hang = page.evaluate(() => {
      const endsAt = performance.now() + 2600;
      while (performance.now() < endsAt);
    });
    await new Promise((resolve) => setTimeout(resolve, 400));
    const before = fake.pongs;
    await new Promise((resolve) => setTimeout(resolve, 1700));
    assert.equal(fake.pongs, before, 'the worker does not answer for the page');
    await hang;
    await until('and it answers again', () => fake.pongs > before);
  });

  terminalTest('loading and a wrong version have their own words', async (t) => {
    const mute = await open(t, { isMute: true }, false);
    await waitText(mute.page, '[data-role="curtain"]', 'LOADING');
    const other = await open(t, { contract: 99 }, false);
    await waitText(other.page, '[data-role="curtain"]', 'WRONG VERSION');
    await waitText(other.page, '[data-role="curtain"]', 'the engine 99');
  });
});

describe('who gets in', () => {
  terminalTest('a wrong token and no token get one clear page and nothing else', async (t) => {
    const { page, fake } = await open(t, {}, false);
    const clean = await newWatchedPage(browser ?? assert.fail('Chromium runs'));
    t.after(() => clean.context.close());
    for (const address of ['/?token=wrong', '/', '/index.html']) {
      const answer = await clean.page.goto(`http://127.0.0.1:${fake.port}${address}`);
      assert.equal(answer?.status(), 403, address);
      assert.match(await clean.page.locator('body').innerText(), /Access refused/);
    }
    assert.equal(await page.locator('#root').count(), 1);
  });
});

describe('on every screen', () => {
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    terminalTest(`nothing hangs over at ${width} × ${height}`, async (t) => {
      const { page } = await open(t);
      await page.setViewportSize({ width, height });
      await page.waitForFunction((w) => innerWidth === w, width);
      const size = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth, scrollHeight];
      });
      assert.deepEqual(size, [width, height]);
      for (const selector of ['[data-role="kill"]', '[data-panel="latency"]', '.footer']) {
        const box = await page.locator(selector).boundingBox();
        assert.ok(box !== null && box.x >= 0 && box.y >= 0, `${selector} is on the screen`);
        assert.ok(box.x + box.width <= width + 1 && box.y + box.height <= height + 1, selector);
      }
    });
  }

  terminalTest('every control has a name and can be reached with Tab', async (t) => {
    const { page } = await open(t);
    const nameless = await page
      .locator('button, [role="switch"], input')
      .evaluateAll((nodes) =>
        nodes
          .filter((node) => (node.getAttribute('aria-label') ?? node.textContent).trim() === '')
          .map((node) => node.outerHTML),
      );
    assert.deepEqual(nameless, []);
    const reached = new Set<string>();
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(() => {
          const { activeElement } = document;
          const panel = activeElement?.closest('[data-panel]')?.getAttribute('data-panel');
          return panel ?? activeElement?.getAttribute('data-role') ?? '';
        }),
      );
    }
    for (const expected of ['kill', 'ladder', 'scalps', 'strategies', 'decisions']) {
      assert.ok(reached.has(expected), `Tab reaches "${expected}": ${[...reached].join(', ')}`);
    }
  });
});
