/**
 * crash.test: the engine's process is killed while nothing is armed, and again while it is armed,
 * and at last the main process: what the person sees, and what goes on by itself.
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
  exposureIn,
  isAlive,
  livePage,
  pidOf,
  resume,
  startJourney,
  waitFor,
  waitState,
  type Journey,
} from '../support/desktop-journey.ts';

let chromium: DebugChromium;
let journey: Journey;
let page: Page;
/** After the main process was killed. */
let next: Journey | null = null;

before(async () => {
  chromium = await startDebugChromium();
  journey = startJourney(chromium);
  page = await livePage(journey);
});

after(async () => {
  await next?.host.close();
  await journey.close();
  await chromium.close();
});

/** Kills the engine's process; the next one's id. */
async function killEngine(): Promise<number> {
  const engine = await pidOf(journey, ENGINE_NAME);
  process.kill(engine, 'SIGKILL');
  await waitFor('another engine', async () => {
    const found = (await journey.host.ask('utilities')).find(({ name }) => name === ENGINE_NAME);
    return found?.pid !== undefined && found.pid !== engine;
  });
  return pidOf(journey, ENGINE_NAME);
}

describe('the engine dies', () => {
  test('while nothing is armed: it comes back DISARMED', async () => {
    await killEngine();
    await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
    await waitState(page, 'DISARMED');
  });

  test('while armed: it comes back HALTED, the exchange has not noticed', async () => {
    const exchange = await pidOf(journey, EXCHANGE_NAME);
    await armAll(page);
    await killEngine();
    await waitState(page, 'HALTED');
    assert.ok(isAlive(exchange), 'the exchange outlives the engine');
    assert.equal(await pidOf(journey, EXCHANGE_NAME), exchange, 'and is the same');
    assert.equal(await page.locator('[aria-label="Disarm all"]').isDisabled(), false);
  });

  test('the window was never loaded again and is live on the new engine', async () => {
    await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
    await resume(page);
    await armAll(page);
    await page.keyboard.press('Shift+Escape');
    await waitState(page, 'DISARMED');
  });
});

describe('the main process dies', () => {
  test('while armed: its processes end too, the next start is HALTED and says why', async () => {
    const { host, dataDir } = journey;
    await armAll(page);
    const pids = [await pidOf(journey, ENGINE_NAME), await pidOf(journey, EXCHANGE_NAME)];
    host.kill('SIGKILL');
    await host.ended(DEADLINE_MS);
    await waitFor('the end of engine and exchange', () => !pids.some(isAlive));
    const isExposed = exposureIn(dataDir).length > 0;
    next = startJourney(chromium, { folder: host.folder, dataDir });
    page = await livePage(next);
    // Where the engine had the time for its orderly end nothing is left to be halted for.
    await waitState(page, isExposed ? 'HALTED' : 'DISARMED');
    if (!isExposed) return;
    await page
      .locator('[data-role="notice"][data-kind="halted"]', { hasText: 'the session before ended' })
      .waitFor({ timeout: DEADLINE_MS });
  });
});
