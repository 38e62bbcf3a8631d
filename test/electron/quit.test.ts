/**
 * quit.test: the end of the application while it is armed, and that a venue key which was stored
 * in it is nowhere in clear afterwards.
 *
 * Imports   test/support.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { DesktopBridge } from '../../engine/contract/bridge.ts';
import { startDebugChromium, type DebugChromium } from '../support/debug-chromium.ts';
import {
  armAll,
  DEADLINE_MS,
  ENGINE_NAME,
  EXCHANGE_NAME,
  exposureIn,
  filesBelow,
  isAlive,
  livePage,
  markDocument,
  pidOf,
  question,
  startJourney,
  stateOf,
  waitFor,
  waitTold,
  type Journey,
} from '../support/desktop-journey.ts';

/** What no file, no log and no window may ever hold. */
const SECRET = `canary-${randomBytes(12).toString('hex')}`;

/** As text, and as the encodings that would hide it from a search for the text. */
function holdsSecret(text: string): boolean {
  const bytes = Buffer.from(SECRET);
  // In base64 the same bytes look different by where they begin; the ends depend on neighbours.
  const shifted = [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return padded.slice(4, -4);
  });
  const utf16 = Buffer.from(SECRET, 'utf16le').toString('latin1');
  return [SECRET, bytes.toString('hex'), utf16, ...shifted].some((form) => text.includes(form));
}

function assertNowhere(files: readonly string[]): void {
  for (const file of files) {
    assert.ok(!holdsSecret(readFileSync(file, 'latin1')), `${file} holds the key`);
  }
}

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

function storeKey(on: Page, secret: string) {
  return on.evaluate(async (given) => {
    const bridge = Reflect.get(globalThis, 'tickdeck') as DesktopBridge;
    const key = { label: 'main', venue: 'binance-usdm', apiKey: `${given}-api`, secret: given };
    return { answer: await bridge.storeVenueKey(key), list: await bridge.venueKeys() };
  }, secret);
}

async function answerAll(): Promise<void> {
  for (const { number } of await journey.host.ask('openQuestions')) {
    await journey.host.ask('answer', number, 'Close');
  }
}

describe('a venue key', () => {
  test('is not kept where the system keeps no secrets', async () => {
    const plain = startJourney(chromium, { secretBackend: 'basic_text' });
    try {
      const { answer, list } = await storeKey(await plain.host.page(), SECRET);
      assert.equal(answer.outcome, 'refused');
      assert.equal(list.canStore, false);
      assert.deepEqual(list.keys, []);
      assertNowhere([...filesBelow(plain.host.folder), ...filesBelow(plain.dataDir)]);
      assert.ok(!holdsSecret(plain.host.output), 'the output holds the key');
    } finally {
      await plain.close();
    }
  });

  test('is kept sealed; the window sees its label', async () => {
    journey = startJourney(chromium);
    page = await livePage(journey);
    const { answer, list } = await storeKey(page, SECRET);
    assert.deepEqual(answer, { outcome: 'done' });
    assert.deepEqual(
      list.keys.map(({ label, venue }) => [label, venue]),
      [['main', 'binance-usdm']],
    );
  });

  test('is in no word about a message that is refused, nor about a process that ends', async () => {
    const refusal = await page.evaluate(async (secret) => {
      const bridge = Reflect.get(globalThis, 'tickdeck') as DesktopBridge;
      const key = { label: '../x', venue: 'binance-usdm', apiKey: secret, secret };
      return bridge.storeVenueKey(key).then(String, String);
    }, SECRET);
    assert.match(refusal, /label is not as it must be/);
    assert.ok(!holdsSecret(refusal), refusal);
    const { host } = journey;
    await host.ask('emitGone', { type: 'GPU', reason: 'crashed', exitCode: 139 });
    await markDocument(page);
    await host.ask('crashRenderer');
    await waitFor('the shell has seen it', () => /window main: crashed/.test(host.output));
    page = await livePage(journey);
    await waitTold(journey, /it was loaded again/);
  });

  test('is in no argument and no surrounding of the processes', async (t) => {
    if (process.platform !== 'linux') {
      t.skip('only Linux shows them as files');
      return;
    }
    for (const name of [ENGINE_NAME, EXCHANGE_NAME]) {
      const pid = await pidOf(journey, name);
      assertNowhere([`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
    }
  });
});

describe('quitting while armed', () => {
  let pids: readonly number[] = [];

  test('asks first; who stays, stays armed', async () => {
    await armAll(page);
    pids = [await pidOf(journey, ENGINE_NAME), await pidOf(journey, EXCHANGE_NAME)];
    assert.equal(exposureIn(journey.dataDir).length, 1, 'the marker lies on disk');
    // The main process hears of it a quarter of a second after the screen.
    await waitFor('the main process knows', async () => {
      return (await journey.host.ask('tray'))[0]?.toolTip.includes(' ARMED') ?? false;
    });
    await journey.host.ask('closeWindow');
    const asked = await question(journey, /^Quit Tickdeck/);
    assert.deepEqual(asked.buttons, ['Stay', 'Disarm, cancel and quit']);
    assert.match(asked.detail, /SIM, ARMED: /);
    await journey.host.ask('answer', asked.number, 'Stay');
    assert.match(await stateOf(page), /ARMED/);
    assert.equal(journey.host.exitCode, null);
  });

  test('then disarms, cancels, verifies and ends, and takes its processes along', async () => {
    const { host, dataDir } = journey;
    await host.ask('quit');
    const asked = await question(journey, /^Quit Tickdeck/);
    await host.ask('answer', asked.number, 'Disarm, cancel and quit');
    // Positions that it had are told; there is nothing else to decide.
    const answering = setInterval(() => {
      // It may end in the middle of this.
      answerAll().catch(() => undefined);
    }, 200);
    const code = await host.ended(DEADLINE_MS).finally(() => clearInterval(answering));
    assert.equal(code, 0, host.output);
    assert.match(host.output, /engine stopping/);
    await waitFor('the end of engine and exchange', () => !pids.some(isAlive));
    const hasLeft = /left open|Something is left/.test(host.output);
    assert.equal(exposureIn(dataDir).length > 0, hasLeft, 'the marker goes when nothing is left');
  });

  test('the key is in no file, no log, no message to a window', () => {
    const { host, dataDir } = journey;
    const sent = readFileSync(host.sentFile, 'latin1');
    assert.ok(sent.includes('main'), 'what went to the window was written down');
    const keyFile = filesBelow(host.folder).find((file) => file.endsWith('venue-keys.json'));
    assert.ok(keyFile !== undefined && existsSync(keyFile), 'the sealed key is on disk');
    const all = [...filesBelow(host.folder), ...filesBelow(dataDir)];
    assertNowhere(all);
    assert.ok(!holdsSecret(host.output), 'the output holds the key');
    assert.ok(
      all.some((file) => file.includes('journal')),
      'a journal was looked at',
    );
    assert.ok(
      all.some((file) => file.endsWith('.log')),
      'a log was looked at',
    );
  });
});
