/**
 * mishaps.test: what befalls the shell while it is armed, and what a person sees of it: a window
 * that hangs, the graphics process, a panel in a window of its own, the exchange.
 *
 * Imports   test/support.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startDebugChromium, type DebugChromium } from '../support/debug-chromium.ts';
import {
  armAll,
  DEADLINE_MS,
  ENGINE_NAME,
  EXCHANGE_NAME,
  livePage,
  markDocument,
  pidOf,
  question,
  startJourney,
  stateOf,
  waitFor,
  waitState,
  waitTold,
  type Journey,
} from '../support/desktop-journey.ts';

let chromium: DebugChromium;
let journey: Journey;
let page: Page;

before(async () => {
  chromium = await startDebugChromium();
  journey = startJourney(chromium);
  page = await livePage(journey);
});

after(async () => {
  await journey.close();
  await chromium.close();
});

describe('a panel in a window of its own', () => {
  test('is opened by main, hardened alike, and claims no lease', async () => {
    const { host } = journey;
    await page.evaluate(() => window.open('#panel=scalps', 'any', 'popup'));
    await waitFor('a second window', async () => (await host.ask('windows')).length === 2);
    const panel = await host.page(1);
    await panel.waitForSelector('[data-panel="scalps"]', { timeout: DEADLINE_MS });
    const [main, second] = await host.ask('windows');
    assert.equal(second?.url, 'app://main/index.html#panel=scalps');
    assert.deepEqual(second?.preferences, main?.preferences);
    assert.equal(main?.opened.at(-1), 'deny app://main/index.html#panel=scalps');
    await armAll(page);
    assert.equal(await page.locator('text=Take control').count(), 0, 'the main window holds it');
  });

  test('asked for again it is the same window; closed, nothing ends', async () => {
    const { host } = journey;
    await page.evaluate(() => window.open('#panel=scalps'));
    await waitFor('the panel is in front', async () => {
      return (await host.ask('windows'))[1]?.calls.includes('focus') ?? false;
    });
    assert.equal((await host.ask('windows')).length, 2);
    await host.ask('closeWindow', 1);
    await waitFor('the main window alone', async () => (await host.ask('windows')).length === 1);
    assert.match(await stateOf(page), /^ARMED/);
    assert.equal(host.exitCode, null);
  });
});

describe('a window that hangs', () => {
  test('is asked about once; who waits loses nothing', async () => {
    const { host } = journey;
    await host.ask('hang');
    const asked = await question(journey, /The window hangs/);
    assert.deepEqual(asked.buttons, ['Wait', 'Load it again', 'KILL']);
    assert.match(asked.detail, /The engine goes on by itself/);
    await host.ask('hang');
    assert.equal((await host.ask('openQuestions')).length, 1, 'one question at a time');
    await host.ask('answer', asked.number, 'Wait');
    assert.match(await stateOf(page), /^ARMED/);
  });

  test('is ended and loaded again when asked to; the engine is the same', async () => {
    const { host } = journey;
    const engine = await pidOf(journey, ENGINE_NAME);
    await markDocument(page);
    await host.ask('hang');
    const asked = await question(journey, /The window hangs/);
    await host.ask('answer', asked.number, 'Load it again');
    await waitFor('its end', () => /window main: crashed/.test(host.output));
    page = await livePage(journey);
    await waitTold(journey, /it was loaded again/);
    assert.equal(await pidOf(journey, ENGINE_NAME), engine);
  });
});

describe('processes of others', () => {
  test('the graphics process ends: told in the window, which stays', async () => {
    const { host } = journey;
    await host.ask('emitGone', { type: 'GPU', reason: 'crashed', exitCode: 139 });
    await page
      .locator('[data-role="notice"]', { hasText: 'the graphics process ended' })
      .waitFor({ timeout: DEADLINE_MS });
    assert.equal((await host.ask('windows')).length, 1);
    assert.match(host.output, /GPU process gone: crashed/);
  });

  test('the exchange ends while armed: told, no market, KILL is still taken', async () => {
    const { host } = journey;
    await armAll(page);
    process.kill(await pidOf(journey, EXCHANGE_NAME), 'SIGKILL');
    await waitTold(journey, /the simulated exchange ended unexpectedly/);
    assert.equal((await host.ask('utilities')).map(({ name }) => name).join(), ENGINE_NAME);
    await host.ask('clickMenu', 'KILL: block, cancel all, verify');
    await waitState(page, 'HALTED');
    // Nobody could be asked: what rests is unknown, and is not said to be gone.
    assert.doesNotMatch(await page.innerText('body'), /verified with the venue: yes/);
  });

  test('the engine started again asks for another exchange, and stays HALTED', async () => {
    const { host } = journey;
    const before = await pidOf(journey, ENGINE_NAME);
    await host.ask('clickMenu', 'Start the engine again');
    await waitFor('another engine', async () => {
      const open = await host.ask('openQuestions');
      for (const { number, buttons } of open) await host.ask('answer', number, buttons[1] ?? '');
      const found = (await host.ask('utilities')).find(({ name }) => name === ENGINE_NAME);
      return found?.pid !== undefined && found.pid !== before;
    });
    await pidOf(journey, EXCHANGE_NAME);
    await waitState(page, 'HALTED');
  });
});
