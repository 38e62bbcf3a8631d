/**
 * history.test: the window in a real Chromium comes and goes; what it shows of the past is the same
 * each time, and nothing of another session is left.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { TradeRow } from '../../engine/contract/history.ts';
import { newWatchedPage, type WatchedPage } from '../support/browser.ts';
import { builtWindow } from '../support/built-window.ts';
import { launchChromium } from '../support/chromium.ts';
import { startFakeEngine, type FakeEngine } from '../support/fake-engine.ts';
import { until as waitUntil } from '../support/until.ts';

const DEADLINE_MS = 20_000;
const SCALPS = 40;

let browser: Browser | null = null;
let root = '';

interface Stage extends WatchedPage {
  readonly fake: FakeEngine;
}

/** A window that shows one panel, on an engine with a past that stands still. */
async function open(t: TestContext, panel: string): Promise<Stage> {
  assert.ok(browser !== null, 'Chromium runs');
  const fake = await startFakeEngine({ root });
  fake.isFrozen = true;
  fake.history.before(Date.now(), SCALPS);
  const watched = await newWatchedPage(browser);
  t.after(async () => {
    await watched.context.close();
    await fake.close();
  });
  await watched.page.goto(`${fake.url}#panel=${panel}`);
  await live(watched.page);
  return { ...watched, fake };
}

async function live(page: Page): Promise<void> {
  await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
}

function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  return waitUntil(look, { what, timeoutMs: DEADLINE_MS, pollMs: 30 });
}

/** The lines in sight, as text. */
function lines(page: Page): Promise<readonly string[]> {
  return page
    .locator('.vtable__rows [role="row"]')
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).innerText));
}

function rowCount(page: Page): Promise<number> {
  return page
    .locator('.vtable')
    .evaluate((table) => Number(table.getAttribute('aria-rowcount')) - 1);
}

async function showsRows(page: Page, count: number): Promise<readonly string[]> {
  await until(`${count} rows`, async () => (await rowCount(page)) === count);
  return until('rows in sight', async () => {
    const seen = await lines(page);
    return seen.length > 0 ? seen : null;
  });
}

async function tab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  await page.mouse.move(0, 0);
}

before(async () => {
  root = await builtWindow();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
});

describe('a window that comes back', { timeout: 240_000 }, () => {
  it('shows the rows that it showed before, after a reload and after a broken link', async (t) => {
    const { page, fake, errors } = await open(t, 'orders-fills');
    await tab(page, 'fills');
    const fills = fake.history.rows.fills.length;
    assert.equal(fills, 2 * SCALPS);
    const first = await showsRows(page, fills);
    await page.reload();
    await live(page);
    await tab(page, 'fills');
    assert.deepEqual(await showsRows(page, fills), first);

    // What happens while it is away is there when it is back.
    fake.dropTerminals();
    fake.closeOne();
    await live(page);
    const second = await showsRows(page, fills + 2);
    assert.deepEqual(second.slice(2, 20), first.slice(0, 18));
    fake.closeOne();
    await showsRows(page, fills + 4);
    assert.deepEqual(errors, []);
  });

  it('shows what nobody has as a hole, and nothing in its place', async (t) => {
    const { page, fake } = await open(t, 'orders-fills');
    await tab(page, 'fills');
    const { fills } = fake.history.rows;
    await showsRows(page, fills.length);
    fake.closeOne();
    fills.splice(-2, 1);
    await page.reload();
    await live(page);
    await tab(page, 'fills');
    const seen = await showsRows(page, fills.length + 1);
    assert.match(seen[1]!, /^1 row missed while nobody could read$/);
  });

  it('forgets a session that is over', async (t) => {
    const { page, fake } = await open(t, 'orders-fills');
    await tab(page, 'scalps');
    await showsRows(page, SCALPS);
    fake.restart('another1');
    await page
      .locator('.vtable .empty', { hasText: 'No closed scalps in this session yet' })
      .waitFor({ timeout: DEADLINE_MS });
    fake.closeOne();
    await showsRows(page, 1);
  });

  it('asks again when the engine is busy, and says so meanwhile', async (t) => {
    const { page, fake } = await open(t, 'orders-fills');
    fake.history.retryInMs = 300;
    await page.reload();
    await live(page);
    await tab(page, 'scalps');
    await page
      .locator('.vtable .empty', { hasText: 'Asking the engine' })
      .waitFor({ timeout: DEADLINE_MS });
    fake.history.retryInMs = null;
    await showsRows(page, SCALPS);
  });
});

describe('the blotter', { timeout: 120_000 }, () => {
  it('saves every row as a table, values as they were sent', async (t) => {
    const { page, fake } = await open(t, 'orders-fills');
    await tab(page, 'scalps');
    await showsRows(page, SCALPS);
    const waits = page.waitForEvent('download', { timeout: DEADLINE_MS });
    await page.getByRole('button', { name: 'CSV' }).click();
    const download = await waits;
    assert.match(download.suggestedFilename(), /^tickdeck-scalps-.*\.csv$/);
    const text = readFileSync(await download.path(), 'utf8');
    const saved = text.trimEnd().split('\r\n');
    assert.equal(saved.length, SCALPS + 1);
    const net = saved[0]!.split(',').indexOf('net');
    assert.deepEqual(
      saved.slice(1).map((line) => line.split(',')[net]),
      fake.history.rows.scalps.map((row) => ('net' in row ? row.net : '')),
    );
  });

  it('makes only the rows in sight, and the others when scrolled to', async (t) => {
    const { page, fake } = await open(t, 'orders-fills');
    fake.history.before(Date.now(), 400);
    await page.reload();
    await live(page);
    await tab(page, 'scalps');
    await showsRows(page, SCALPS + 400);
    assert.ok((await lines(page)).length < 100);
    await page.locator('.vtable__body').evaluate((body) => {
      body.scrollTop = body.scrollHeight;
    });
    const oldest = page.locator('.vtable__rows [data-key="1"]');
    await oldest.waitFor({ timeout: DEADLINE_MS });
    fake.closeOne();
    await page.getByRole('button', { name: /1 new, held/ }).click({ timeout: DEADLINE_MS });
    await page
      .locator(`.vtable__rows [data-key="${SCALPS + 401}"]`)
      .waitFor({ timeout: DEADLINE_MS });
  });
});

describe('statistics and tape', { timeout: 120_000 }, () => {
  it('have figures and a curve of the time before the window came', async (t) => {
    const { page, fake } = await open(t, 'statistics');
    const scalps = fake.history.rows.scalps;
    const won = scalps.filter((row) => 'net' in row && Number(row.net) > 0).length;
    const note = page.locator('[data-figure="net"] .statistics__note');
    await until('the figures', async () => {
      return (await note.innerText()).startsWith(`${SCALPS} closed, ${won} won`);
    });
    assert.ok((await page.locator('.statistics__curve canvas').count()) > 0);
    await page.getByRole('button', { name: 'instrument' }).click();
    assert.ok((await page.locator('.statistics__groups tbody tr').count()) > 1);
  });

  it('the tape’s last trades are the engine’s, also after a storm and a broken link', async (t) => {
    const { page, fake, errors } = await open(t, 'tape');
    const storm = (trades: number): void => {
      const now = (Date.now() - fake.state.startedAtMs) * 1e6;
      const fresh = Array.from({ length: trades }, (_, k) => ({
        ...{ instrument: k % 8, ticks: 1000 + (k % 50), lots: 1 + (k % 7), timeNs: now },
        side: k % 3 === 0 ? -1 : 1,
      }));
      // More than a frame carries: the window must ask for the others.
      fake.market.trades = fresh;
      fake.history.trades(fresh, fake.state.startedAtMs);
    };
    const shown = (): Promise<readonly string[]> =>
      page
        .locator('[data-role="tape-rows"] tbody tr')
        .evaluateAll((rows) =>
          rows.map((row) => [...row.querySelectorAll('td')].map((c) => c.textContent).join(' ')),
        );
    const expected = (): readonly string[] =>
      (fake.history.rows.trades.slice(-20) as TradeRow[]).toReversed().map((row) => {
        const { instrument } = fake.market.books[row.instrument]!;
        const side = row.side > 0 ? 'buy' : 'sell';
        const price = instrument.priceText(row.ticks);
        const time = new Date(row.atMs).toISOString().slice(11, 23);
        return [time, instrument.symbol, side, price, instrument.sizeText(row.lots)].join(' ');
      });
    const agrees = (): Promise<boolean> =>
      until('the engine’s last twenty trades', async () => {
        const plain = (await shown()).map((line) => line.replaceAll(',', ''));
        return JSON.stringify(plain) === JSON.stringify(expected());
      });
    storm(600);
    await agrees();
    fake.dropTerminals();
    storm(50);
    await live(page);
    await agrees();
    assert.deepEqual(errors, []);
  });
});
