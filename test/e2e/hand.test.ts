/**
 * hand.test: trading by hand in the real window in a real Chromium: on a fake engine, where markets
 * stand still, and once on the real engine and the simulated exchange.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Command } from '../../engine/contract/commands.ts';
import { LiveEngine } from '../simulation/live-engine.ts';
import { newWatchedPage } from '../support/browser.ts';
import { builtWindow } from '../support/built-window.ts';
import { launchChromium } from '../support/chromium.ts';
import { startFakeEngine, type FakeEngine } from '../support/fake-engine.ts';
import { until as waitUntil } from '../support/until.ts';

const DEADLINE_MS = 20_000;
const LADDER = '[data-ladder="0"]';
/** Middles of the columns, as shares of the ladder's width. */
const X = { bid: 0.27, price: 0.52, ask: 0.77, own: 0.95 } as const;
const ROW = 18;

let browser: Browser | null = null;
let root = '';

before(async () => {
  root = await builtWindow();
  browser = await launchChromium();
});

after(async () => {
  await browser?.close();
});

function until(what: string, look: () => boolean | Promise<boolean>): Promise<unknown> {
  return waitUntil(look, { what, timeoutMs: DEADLINE_MS, pollMs: 40 });
}

/** One ladder on a page, as a person handles it. */
class Ladder {
  readonly page: Page;
  readonly errors: readonly string[];

  constructor(page: Page, errors: readonly string[]) {
    this.page = page;
    this.errors = errors;
  }

  static async open(t: TestContext, url: string, width = 1600, height = 900): Promise<Ladder> {
    assert.ok(browser !== null, 'Chromium runs');
    const { page, context, errors } = await newWatchedPage(browser, { width, height });
    t.after(() => context.close());
    await page.goto(url);
    await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
    const ladder = new Ladder(page, errors);
    await until('the ladder has rows', async () => Number.isFinite(await ladder.topTicks()));
    return ladder;
  }

  topTicks(): Promise<number> {
    const canvas = this.page.locator(`${LADDER} canvas`);
    return canvas.evaluate((node) => Number(node.dataset['topTicks'] ?? Number.NaN));
  }

  /** Point in the row of a price; null while that price has no row. */
  async pointAt(ticks: number, column: keyof typeof X): Promise<{ x: number; y: number }> {
    const box = await this.page.locator(`${LADDER} .ladder`).boundingBox();
    assert.ok(box !== null);
    const row = (await this.topTicks()) - ticks;
    assert.ok(row >= 0 && (row + 1) * ROW < box.height, `row ${row} of ${ticks} is shown`);
    return { x: box.x + box.width * X[column], y: box.y + row * ROW + ROW / 2 };
  }

  async press(
    ticks: number,
    column: keyof typeof X,
    button: 'left' | 'right' = 'left',
  ): Promise<void> {
    const { x, y } = await this.pointAt(ticks, column);
    await this.page.mouse.click(x, y, { button });
  }

  lockState(): Promise<string | null> {
    return this.page.locator(`${LADDER} [data-role="ladder-lock"]`).getAttribute('data-state');
  }

  async unlock(): Promise<void> {
    await this.page.click(`${LADDER} [data-role="ladder-lock"]`);
    await until('unlocked', async () => (await this.lockState()) === 'unlocked');
  }

  /** One step towards an unlocked ladder: control, then the lock; true when it is open. */
  async tryUnlock(): Promise<boolean> {
    if ((await this.lockState()) === 'unlocked') return true;
    const control = this.page.locator('button', { hasText: 'Take control' });
    const lock = this.page.locator(`${LADDER} [data-role="ladder-lock"][aria-busy="false"]`);
    if (await control.isVisible()) await control.click({ timeout: 2000 }).catch(() => undefined);
    else if (await lock.isVisible()) await lock.click({ timeout: 2000 }).catch(() => undefined);
    return false;
  }

  line(): Promise<string> {
    return this.page.locator(`${LADDER} [data-role="hand-line"]`).innerText();
  }

  /** "buy 64230.0 0.010 open" for each own order of the hand. */
  orders(): Promise<readonly string[]> {
    const rows = `${LADDER} [data-role="ladder-orders"] tbody tr[data-owner="hand"]`;
    return this.page
      .locator(rows)
      .evaluateAll((nodes) =>
        nodes.map((node) =>
          [1, 2, 3, 5].map((cell) => node.children[cell]?.textContent ?? '').join(' '),
        ),
      );
  }
}

async function onFake(
  t: TestContext,
  width?: number,
  height?: number,
): Promise<{ ladder: Ladder; fake: FakeEngine }> {
  const fake = await startFakeEngine({ root });
  t.after(() => fake.close());
  fake.isFrozen = true;
  const ladder = await Ladder.open(t, fake.url, width, height);
  const control = ladder.page.locator('text=Take control');
  if ((await control.count()) > 0) await control.first().click();
  await ladder.page.locator(`${LADDER} [data-role="hand-flatten"]:enabled`).waitFor();
  return { ladder, fake };
}

function asked<Kind extends Command['kind']>(
  fake: FakeEngine,
  kind: Kind,
): Extract<Command, { kind: Kind }>[] {
  return fake.commands.filter((each) => each.kind === kind) as Extract<Command, { kind: Kind }>[];
}

function handTest(name: string, run: (t: TestContext) => Promise<void>): void {
  it(name, { timeout: 90_000 }, run);
}

describe('a ladder that trades by hand', () => {
  handTest(
    'locked, a click sends nothing and says so; unlocked, it rests and cancels',
    async (t) => {
      const { ladder, fake } = await onFake(t);
      const book = fake.market.book('BTCUSDT');
      const ticks = book.bidTicks - 4;
      await ladder.press(ticks, 'bid');
      await until('the foot says so', async () => /locked/i.test(await ladder.line()));
      assert.equal(await ladder.lockState(), 'locked');
      assert.deepEqual(asked(fake, 'placeOrder'), []);

      await ladder.unlock();
      await ladder.press(ticks, 'bid');
      const price = book.instrument.priceText(ticks);
      await until('the order rests', async () => (await ladder.orders()).length === 1);
      const [order] = asked(fake, 'placeOrder');
      assert.deepEqual(
        [order?.side, order?.price, order?.timeInForce],
        ['buy', price, 'post-only'],
      );
      assert.deepEqual(await ladder.orders(), [`buy ${price} ${order?.size} open`]);

      await ladder.press(ticks, 'own');
      await until('the order is gone', async () => (await ladder.orders()).length === 0);
      await ladder.press(book.askTicks + 5, 'ask');
      await until('another rests', async () => (await ladder.orders()).length === 1);
      assert.equal(asked(fake, 'placeOrder')[1]?.side, 'sell');
      await ladder.press(book.askTicks + 5, 'price', 'right');
      await until('it is gone too', async () => (await ladder.orders()).length === 0);
      assert.deepEqual(ladder.errors, []);
    },
  );

  handTest(
    'a press is the price that was seen: let go elsewhere or moved, it is nothing',
    async (t) => {
      const { ladder, fake } = await onFake(t);
      const { page } = ladder;
      const book = fake.market.book('BTCUSDT');
      await ladder.unlock();
      const from = await ladder.pointAt(book.bidTicks - 3, 'bid');
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(from.x, from.y + ROW);
      await page.mouse.up();
      await until('said', async () => /let go elsewhere/.test(await ladder.line()));

      await page.mouse.move(from.x, from.y);
      const top = await ladder.topTicks();
      await page.mouse.down();
      await page.mouse.wheel(0, 120);
      await until('the rows moved', async () => (await ladder.topTicks()) !== top);
      await page.mouse.up();
      await until('said', async () => /rows moved/.test(await ladder.line()));

      // Esc lets go of a press and disarms nothing.
      await page.mouse.down();
      await page.keyboard.press('Escape');
      await page.mouse.up();
      await ladder.press((await ladder.topTicks()) - 25, 'price');
      assert.deepEqual(asked(fake, 'placeOrder'), []);
      assert.deepEqual(asked(fake, 'disarm'), []);
    },
  );

  handTest(
    'the market moves while the button is down: the order is at the price pressed',
    async (t) => {
      const { ladder, fake } = await onFake(t);
      const book = fake.market.book('BTCUSDT');
      await ladder.unlock();
      const ticks = book.bidTicks - 3;
      const { x, y } = await ladder.pointAt(ticks, 'bid');
      const top = await ladder.topTicks();
      await ladder.page.mouse.move(x, y);
      await ladder.page.mouse.down();
      book.shift(200);
      await ladder.page.locator(`${LADDER} canvas[data-away]:not([data-away=""])`).waitFor();
      await ladder.page.mouse.up();
      await until('an order', () => asked(fake, 'placeOrder').length === 1);
      assert.equal(asked(fake, 'placeOrder')[0]?.price, book.instrument.priceText(ticks));
      assert.equal(await ladder.topTicks(), top);
    },
  );

  handTest('Shift takes; the position shows; flatten asks once more', async (t) => {
    const { ladder, fake } = await onFake(t, 1280, 800);
    const { page } = ladder;
    const book = fake.market.book('BTCUSDT');
    await ladder.unlock();
    await page.keyboard.down('Shift');
    await ladder.press(book.askTicks + 2, 'bid');
    await page.keyboard.up('Shift');
    const position = page.locator(`${LADDER} [data-role="hand-position"]`, { hasText: 'LONG' });
    await position.waitFor({ timeout: DEADLINE_MS });
    assert.equal(asked(fake, 'placeOrder')[0]?.timeInForce, 'ioc');
    const flatten = page.locator(`${LADDER} [data-role="hand-flatten"]`);
    await flatten.click();
    assert.match(await flatten.innerText(), /^Close .+\?$/);
    assert.deepEqual(asked(fake, 'flatten'), []);
    await flatten.click();
    await page.locator(`${LADDER} [data-role="hand-position"]`, { hasText: 'flat' }).waitFor();
    assert.equal(asked(fake, 'flatten')[0]?.symbol, 'BTCUSDT');
    const isWhole = await page.locator(`${LADDER} [data-role="ladder-foot"]`).evaluate((foot) => {
      return [...foot.children].every((child) => child.scrollWidth <= child.clientWidth + 1);
    });
    assert.ok(isWhole, 'nothing is cut off at 1280 × 800');
  });

  handTest('the keyboard alone: unlock, choose a row, buy, cancel, lock', async (t) => {
    const { ladder, fake } = await onFake(t);
    const { page } = ladder;
    const book = fake.market.book('BTCUSDT');
    await page.locator(`${LADDER} .ladder`).focus();
    await page.keyboard.press('u');
    await until('unlocked', async () => (await ladder.lockState()) === 'unlocked');
    await page.keyboard.press('Alt+2');
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('b');
    const price = book.instrument.priceText(book.bidTicks - 2);
    await until('an order rests', async () => (await ladder.orders()).length === 1);
    assert.match((await ladder.orders())[0] ?? '', new RegExp(`^buy ${price} `));
    await page.keyboard.press('x');
    await until('it is gone', async () => (await ladder.orders()).length === 0);
    await page.keyboard.press('u');
    await until('locked', async () => (await ladder.lockState()) === 'locked');
    await page.keyboard.press('?');
    await page.locator('dialog', { hasText: 'Unlock the focused ladder' }).waitFor();
  });

  handTest('pending is pending, and what the venue rejects is said', async (t) => {
    const { ladder, fake } = await onFake(t);
    const book = fake.market.book('BTCUSDT');
    await ladder.unlock();
    fake.ackAfterMs = 700;
    await ladder.press(book.bidTicks - 2, 'bid');
    await until('asked', async () => (await ladder.line()).endsWith('…'));
    assert.deepEqual(await ladder.orders(), [], 'nothing rests before it is said');
    await until('rests', async () => (await ladder.orders()).length === 1);
    fake.ackAfterMs = 20;
    await ladder.press(book.askTicks + 1, 'bid');
    await until('the trouble', async () => /post-only/.test(await ladder.line()));
    fake.refusal = 'PRICE_COLLAR';
    await ladder.press(book.bidTicks - 3, 'bid');
    await until('the refusal', async () => /too far through the market/.test(await ladder.line()));
  });
});

describe('on the real engine and the simulated exchange', () => {
  it('unlock, click, the order rests at the venue, cancel', { timeout: 120_000 }, async (t) => {
    const [engine, url] = await LiveEngine.serve(t, '--symbols', 'BTCUSDT,ETHUSDT');
    const ladder = await Ladder.open(t, url);
    const { page } = ladder;
    await until('unlocked', () => ladder.tryUnlock());
    // Low in the window, well below the market; rows stand still under the pointer.
    const box = await page.locator(`${LADDER} .ladder`).boundingBox();
    assert.ok(box !== null);
    const row = Math.floor(box.height / ROW) - 3;
    const point = { x: box.x + box.width * X.bid, y: box.y + row * ROW + ROW / 2 };
    await page.mouse.move(point.x, point.y);
    let seen = 0;
    await until('an order rests', async () => {
      if ((await ladder.orders()).some((order) => order.endsWith(' open'))) return true;
      // A machine with too much to do may refuse one (LOOP_LAG, STALE_DATA), or let the lease go.
      if (!/…$|sent$/.test(await ladder.line()) && (await ladder.tryUnlock())) {
        seen = (await ladder.topTicks()) - row;
        await page.mouse.click(point.x, point.y);
      }
      return false;
    });
    const [resting] = (await engine.account()).openOrders;
    assert.equal(resting?.symbol, 'BTCUSDT');
    const { orders, instruments } = await engine.status();
    const [order] = orders;
    const { tickSize } = instruments[0]!;
    assert.deepEqual([order?.owner, order?.side, order?.state], ['hand', 'buy', 'open']);
    assert.equal(Math.round(Number(order?.price) / Number(tickSize)), seen, 'the price pressed');
    await page.mouse.click(point.x, point.y, { button: 'right' });
    const isClear = async (): Promise<boolean> => (await engine.account()).openOrders.length === 0;
    await until('no order at the venue', isClear);
    await until('none on the screen', async () => (await ladder.orders()).length === 0);
    assert.deepEqual(ladder.errors, []);
  });
});
