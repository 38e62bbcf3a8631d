/**
 * charts.test: the chart and the liquidity panel in a real Chromium, each in a window of its own,
 * on a fake engine.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { newWatchedPage, type PageOptions, type WatchedPage } from '../support/browser.ts';
import { builtWindow } from '../support/built-window.ts';
import { launchChromium } from '../support/chromium.ts';
import { startFakeEngine, type FakeEngine } from '../support/fake-engine.ts';
import { until as waitUntil } from '../support/until.ts';

const DEADLINE_MS = 20_000;

let browser: Browser | null = null;
let root = '';

interface Stage extends WatchedPage {
  readonly fake: FakeEngine;
}

/** One panel alone in a window. */
async function open(t: TestContext, panel: string, options: PageOptions = {}): Promise<Stage> {
  assert.ok(browser !== null, 'Chromium runs');
  const fake = await startFakeEngine({ root });
  const watched = await newWatchedPage(browser, { width: 1280, height: 800, ...options });
  t.after(async () => {
    await watched.context.close();
    await fake.close();
  });
  await watched.page.goto(`${fake.url}#panel=${panel}`);
  await watched.page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
  // The address is cleaned of its token when it is opened, and may lose the panel with it.
  await watched.page.evaluate((name) => {
    location.hash = `panel=${name}`;
  }, panel);
  await watched.page.reload();
  await watched.page.waitForSelector(`[data-panel="${panel}"]`, { timeout: DEADLINE_MS });
  return { ...watched, fake };
}

async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(look, { what, timeoutMs: DEADLINE_MS, pollMs: 50 });
}

function said(page: Page, selector: string, name: string): Promise<string> {
  return page.locator(selector).evaluate((node, key) => node.dataset[key] ?? '', name);
}

async function hasBars(page: Page): Promise<void> {
  await until('the chart has bars', async () => Number(await said(page, '.chart', 'bars')) > 20);
}

function legend(page: Page, field: string): Promise<string> {
  return page.locator(`[data-role="chart-legend"] [data-field="${field}"] b`).innerText();
}

/** Colours that differ in a box of the panel's picture. */
async function coloursIn(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const context = canvas.getContext('2d');
    const picture = context?.getImageData(0, 0, canvas.width, canvas.height);
    return picture === undefined ? 0 : new Set(new Uint32Array(picture.data.buffer)).size;
  });
}

function chartTest(name: string, run: (t: TestContext) => Promise<void>): void {
  it(name, { timeout: 90_000 }, run);
}

before(async () => {
  root = await builtWindow();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
});

describe('the chart', () => {
  chartTest(
    'shows the engine’s bars, the newest trade in them, and the logo, no error',
    async (t) => {
      const { page, fake, errors } = await open(t, 'chart');
      await hasBars(page);
      fake.isFrozen = true;
      const { instrument, lastTrade } = fake.market.book('BTCUSDT');
      assert.ok(lastTrade !== null);
      const close = Number(instrument.priceText(lastTrade.ticks));
      await until('the legend closes at the last trade', async () => {
        return Number((await legend(page, 'close')).replaceAll(',', '')) === close;
      });
      const logo = page.locator('#tv-attr-logo');
      assert.match((await logo.getAttribute('href')) ?? '', /^https:\/\/www\.tradingview\.com\//);
      assert.ok(await logo.isVisible());
      assert.ok((await coloursIn(page, '.chart canvas >> nth=0')) > 3, 'candles are drawn');
      assert.deepEqual(errors, []);
    },
  );

  chartTest('bars of every interval hold the same trades', async (t) => {
    const { page, fake } = await open(t, 'chart');
    await hasBars(page);
    fake.isFrozen = true;
    for (const [text, seconds] of [
      ['1 s', 1],
      ['1 m', 60],
      ['5 m', 300],
      ['15 s', 15],
    ] as const) {
      await page.getByRole('button', { name: text, exact: true }).click();
      const request = { id: 'x', symbol: 'BTCUSDT', seconds, limit: 1 } as const;
      const [, open0, high, low, close] = fake.candles.answer(request).rows;
      const price = (ticks = 0): number => {
        return Number(fake.market.book('BTCUSDT').instrument.priceText(ticks));
      };
      await until(`the newest bar of ${text} is the engine’s`, async () => {
        const texts = await Promise.all(
          ['open', 'high', 'low', 'close'].map((f) => legend(page, f)),
        );
        const shown = texts.map((each) => Number(each.replaceAll(',', '')));
        return JSON.stringify(shown) === JSON.stringify([open0, high, low, close].map(price));
      });
    }
  });

  chartTest('is rebuilt after a reconnect, and when trades were missed', async (t) => {
    const { page, fake } = await open(t, 'chart');
    await hasBars(page);
    fake.candles.holes += 1;
    await until('the bars are whole again', async () => {
      return (await said(page, '.chart', 'state')) === 'ready';
    });
    fake.dropTerminals();
    await page.waitForSelector('.app[data-alive="false"]', { timeout: DEADLINE_MS });
    await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
    await hasBars(page);
  });

  chartTest('keys zoom, scroll and jump; the toggles and the pin do what they say', async (t) => {
    const { page, fake } = await open(t, 'chart');
    await hasBars(page);
    fake.isFrozen = true;
    const look = async (): Promise<string> => {
      return (await page.locator('.chart').screenshot()).toString('base64');
    };
    await page.locator('.chart').focus();
    for (const key of ['+', 'ArrowLeft', 'Home', 'End']) {
      const before = await look();
      await page.keyboard.press(key);
      await until(`${key} changes the picture`, async () => (await look()) !== before);
    }
    await page.getByRole('button', { name: 'RSI 14' }).click();
    assert.equal(await page.locator('[data-field="rsi"]').count(), 0);
    await page.getByRole('button', { name: /Instrument of the chart/ }).click();
    await page.getByRole('option', { name: 'ETHUSDT' }).click();
    await page.getByText('pinned').waitFor({ timeout: DEADLINE_MS });
    await hasBars(page);
    assert.match(await legend(page, 'close'), /^3,1/);
  });
});

describe('the liquidity panel', () => {
  chartTest('has its ladder watched, and grows a past in colours', async (t) => {
    const { page, fake, errors } = await open(t, 'liquidity');
    await page.getByRole('button', { name: /Instrument of the heatmap/ }).click();
    await page.getByRole('option', { name: 'SOLUSDT' }).click();
    await until('SOLUSDT is watched besides the ladders', () => {
      const watch = fake.commands.findLast(({ kind }) => kind === 'watch');
      return watch?.kind === 'watch' && watch.symbols.join() === 'BTCUSDT,ETHUSDT,SOLUSDT';
    });
    await until('there are columns', async () => {
      return Number(await said(page, '.liquidity', 'columns')) > 15;
    });
    assert.ok((await coloursIn(page, '.liquidity canvas >> nth=0')) > 20, 'it is drawn in colours');
    assert.deepEqual(errors, []);
  });

  chartTest('time without frames is a gap, not a picture', async (t) => {
    const { page, fake } = await open(t, 'liquidity');
    const columns = async (): Promise<number> => Number(await said(page, '.liquidity', 'columns'));
    await until('there are columns', async () => (await columns()) > 10);
    fake.isSilent = true;
    await page
      .locator('[data-role="notice"]', { hasText: 'NO MARKET FRAMES' })
      .waitFor({ timeout: DEADLINE_MS });
    const { pongs } = fake;
    const before = await columns();
    await until('seconds went by', () => fake.pongs >= pongs + 3);
    assert.equal(await columns(), before, 'nothing is made up while nothing comes');
    fake.isSilent = false;
    await until('time went on', async () => (await columns()) > before + 8);
  });

  chartTest('keys and wheel move the view; End brings the market back', async (t) => {
    const { page, fake } = await open(t, 'liquidity');
    await until('there are columns', async () => {
      return Number(await said(page, '.liquidity', 'columns')) > 3;
    });
    fake.isFrozen = true;
    const top = async (): Promise<number> => Number(await said(page, '.liquidity', 'topTicks'));
    const heatmap = page.locator('.liquidity');
    await heatmap.focus();
    const start = await top();
    await page.keyboard.press('ArrowUp');
    await until('a key scrolls', async () => (await top()) === start + 4);
    await heatmap.hover();
    await page.mouse.wheel(0, 120);
    await until('the wheel scrolls', async () => (await top()) === start);
    const away = page.locator('[data-role="liquidity-away"]');
    assert.match(await away.innerText(), /held/);
    await page.keyboard.press('End');
    await until('the view is let go', async () => (await away.innerText()) === '');
  });
});

describe('both panels on every screen', () => {
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    chartTest(`fill their window at ${width} × ${height}`, async (t) => {
      const { page } = await open(t, 'chart', { width, height });
      await hasBars(page);
      const box = await page.locator('[data-panel="chart"]').boundingBox();
      const inner = await page.locator('.tv-lightweight-charts').boundingBox();
      assert.ok(box !== null && inner !== null);
      assert.ok(Math.abs(inner.width - box.width) < 2, `${inner.width} of ${box.width}`);
      assert.ok(inner.y + inner.height <= box.y + box.height + 1);
      await page.evaluate(() => {
        location.hash = 'panel=liquidity';
      });
      await page.reload();
      const canvas = page.locator('.liquidity canvas').first();
      await until('the canvas has every pixel of its place', async () => {
        const place = await page.locator('.liquidity').boundingBox();
        const size = await canvas.evaluate((node) => (node as HTMLCanvasElement).width);
        return place !== null && Math.abs(size - place.width) <= 1;
      });
    });
  }
});
