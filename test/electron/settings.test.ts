/**
 * settings.test: the desktop's settings: a damaged file at the start, and a file that goes out,
 * comes back, and is refused as a whole when anything in it is wrong.
 *
 * Imports   test/support.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { DesktopBridge } from '../../engine/contract/bridge.ts';
import { startDebugChromium, type DebugChromium } from '../support/debug-chromium.ts';
import {
  filesBelow,
  KILL_KEY,
  livePage,
  startJourney,
  waitFor,
  waitTold,
  type Journey,
} from '../support/desktop-journey.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tickdeck-settings-'));
const SETTINGS = path.join(folder, 'userData', 'desktop-settings.json');
const DAMAGED = '{"version": 1, "tr';

let chromium: DebugChromium;
let journey: Journey;
let page: Page;

before(async () => {
  mkdirSync(path.dirname(SETTINGS), { recursive: true });
  writeFileSync(SETTINGS, DAMAGED);
  chromium = await startDebugChromium();
  journey = startJourney(chromium, { folder });
  page = await livePage(journey);
});

after(async () => {
  await journey.close();
  await chromium.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Asks the bridge of the page; whatever it asks the person is answered with `file`. */
async function askForFile(
  name: 'exportSettings' | 'importSettings',
  kind: 'open' | 'save',
  file: string,
) {
  const answer = page.evaluate(
    (call) => (Reflect.get(globalThis, 'tickdeck') as DesktopBridge)[call](),
    name,
  );
  const open = async () => journey.host.ask('openQuestions');
  await waitFor(`the ${kind} dialog`, async () => (await open()).some((it) => it.kind === kind));
  const [asked] = (await open()).filter((it) => it.kind === kind);
  await journey.host.ask('answer', asked!.number, file);
  return answer;
}

describe('settings', () => {
  test('damaged at the start: set aside whole, told, the defaults hold', async () => {
    await waitTold(journey, /the file was set aside as/);
    const aside = filesBelow(folder).find((name) => /settings\.json\.aside-\d+$/.test(name));
    assert.equal(readFileSync(aside ?? '', 'utf8'), DAMAGED);
    assert.deepEqual(await journey.host.ask('shortcuts'), [KILL_KEY]);
  });

  test('go out, come back, and are refused as a whole when one is wrong', async () => {
    const file = path.join(folder, 'exported.json');
    assert.equal((await askForFile('exportSettings', 'save', file)).outcome, 'done');
    const settings = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
    const off = { ...settings, killKey: { ...settings['killKey'], enabled: false } };
    writeFileSync(file, JSON.stringify(off));
    assert.equal((await askForFile('importSettings', 'open', file)).outcome, 'done');
    await waitFor('the KILL key is given back', async () => {
      return (await journey.host.ask('shortcuts')).length === 0;
    });
    const kept = readFileSync(SETTINGS, 'utf8');
    writeFileSync(file, JSON.stringify({ ...settings, tray: { enabled: 'yes' } }));
    const refused = await askForFile('importSettings', 'open', file);
    assert.equal(refused.outcome, 'refused');
    assert.equal(readFileSync(SETTINGS, 'utf8'), kept, 'nothing of it was taken');
    assert.equal((await askForFile('importSettings', 'open', '')).outcome, 'cancelled');
  });
});
