/**
 * terminal.test: the desktop shell on the test host, from its start to KILL: the real engine, the
 * real simulated exchange, a real page; one application through all journeys, in this order.
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
  KILL_KEY,
  livePage,
  markDocument,
  pidOf,
  pricesIn,
  resume,
  startJourney,
  stateOf,
  waitFor,
  waitState,
  waitText,
  type Journey,
} from '../support/desktop-journey.ts';

let chromium: DebugChromium;
let journey: Journey;
let page: Page;

before(async () => {
  chromium = await startDebugChromium();
});

after(async () => {
  await journey.close();
  await chromium.close();
});

describe('one application, start to KILL', () => {
  test('start to a live screen: isolated, disarmed, two processes of its own', async () => {
    journey = startJourney(chromium);
    page = await livePage(journey);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    assert.match(await stateOf(page), /DISARMED/);
    const names = (await journey.host.ask('utilities')).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [ENGINE_NAME, EXCHANGE_NAME]);
    const [window] = await journey.host.ask('windows');
    assert.equal(window?.url, 'app://main/index.html');
    assert.equal(window?.isVisible, true);
    assert.deepEqual(window?.console, [], 'the page has nothing to complain about');
    assert.ok((await journey.host.ask('shortcuts')).includes(KILL_KEY));
  });

  test('the page has one narrow bridge and no way to Node or Electron', async () => {
    const seen = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      buffer: typeof Reflect.get(globalThis, 'Buffer'),
      renderer: 'ipcRenderer' in globalThis,
      bridge: Object.keys(Reflect.get(globalThis, 'tickdeck') as object).toSorted(),
    }));
    const { bridge, ...rest } = seen;
    const none = { require: 'undefined', process: 'undefined', buffer: 'undefined' };
    assert.deepEqual(rest, { ...none, renderer: false });
    assert.ok(!bridge.some((name) => /send|invoke|ipc|eval/i.test(name)), bridge.join());
  });

  test('it goes nowhere, opens nothing, may nothing', async () => {
    const { host } = journey;
    await page.evaluate(() => {
      location.href = 'https://example.com/';
      window.open('https://example.com/pop-up');
    });
    await waitFor('the refused window', async () => {
      return (await host.ask('windows'))[0]?.opened.length === 1;
    });
    const windows = await host.ask('windows');
    assert.equal(windows.length, 1);
    assert.deepEqual(windows[0]?.opened, ['deny https://example.com/pop-up']);
    assert.equal(windows[0]?.url, 'app://main/index.html');
    assert.deepEqual(await host.ask('external'), [], 'nothing was handed to the system');
    for (const permission of ['media', 'geolocation', 'notifications', 'usb', 'openExternal']) {
      assert.equal(await host.ask('askPermission', permission), false, permission);
      assert.equal(await host.ask('checkPermission', permission), false, permission);
    }
  });

  test('arm: acknowledged on screen, in the tray, and the machine stays awake', async () => {
    await armAll(page);
    const { host } = journey;
    await waitFor('the tray', async () => {
      return (await host.ask('tray'))[0]?.toolTip.includes(' ARMED') ?? false;
    });
    await waitFor('the power block', async () => (await host.ask('blockers')).length === 1);
  });

  test('a reload comes back whole, in the state that the engine has', async () => {
    const { host } = journey;
    await markDocument(page);
    await host.ask('reload');
    page = await livePage(journey);
    assert.ok((await pricesIn(page)) > 0);
    // For a moment nobody was in charge: the engine has disarmed itself, and the page says so.
    await waitState(page, 'DISARMED');
    assert.equal((await host.ask('utilities')).length, 2, 'the same engine, the same exchange');
  });

  test('the machine goes to sleep: disarmed', async () => {
    await armAll(page);
    await journey.host.ask('power', 'suspend');
    await waitState(page, 'DISARMED');
    await journey.host.ask('power', 'resume');
    await waitState(page, 'DISARMED');
  });

  test("the window's process dies: it is loaded again and lives", async () => {
    const { host } = journey;
    const engine = await pidOf(journey, ENGINE_NAME);
    await markDocument(page);
    await host.ask('crashRenderer');
    await waitFor('the shell has seen it', () => /window main: crashed/.test(host.output));
    page = await livePage(journey);
    assert.equal(await pidOf(journey, ENGINE_NAME), engine, 'the same engine');
  });

  test('a second start shows the first window and ends', async () => {
    const { host, dataDir } = journey;
    await host.ask('minimize');
    const second = startJourney(chromium, { folder: host.folder, dataDir });
    assert.equal(await second.host.ended(DEADLINE_MS), 0);
    await waitFor('the first window is in front', async () => {
      const calls = (await host.ask('windows'))[0]?.calls ?? [];
      return calls.slice(calls.lastIndexOf('minimize')).includes('focus');
    });
    assert.equal((await host.ask('windows')).length, 1);
  });

  test('KILL by the key of the whole machine, then RESUME is typed', async () => {
    await armAll(page);
    assert.equal(await journey.host.ask('pressShortcut', KILL_KEY), true);
    await waitState(page, 'HALTED');
    await resume(page);
  });

  test('KILL by the button: blocked, cancelled, verified are told apart', async () => {
    await armAll(page);
    await page.click('[data-role="kill"]');
    await waitText(page, '[data-role="kill-report"]', 'blocked: yes');
    await waitText(page, '[data-role="kill-report"]', 'verified with the venue: yes');
    await waitState(page, 'HALTED');
  });
});
