/**
 * Tests of the Electron test host itself, on a small product of its own: that it carries what
 * Electron carries and refuses what Electron refuses.
 *
 * Imports   test/support.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { startDebugChromium, type DebugChromium } from '../support/debug-chromium.ts';
import { DesktopHost } from '../support/desktop-host.ts';
import { tempDir } from '../support/temp-dir.ts';
import { until } from '../support/until.ts';

const MAIN = fileURLToPath(new URL('../electron-host/fixture/main.ts', import.meta.url));
const PRELOAD = `
const { contextBridge, ipcRenderer } = require('electron');
let requireRefusal = '';
try { require('node:fs'); } catch (error) { requireRefusal = error.message; }
ipcRenderer.on('port', (event) => window.postMessage('port', location.origin, event.ports));
contextBridge.exposeInMainWorld('bridge', {
  version: 7,
  types: [typeof Buffer, typeof setImmediate, process.type, requireRefusal],
  add: (a, b) => a + b,
  throws: () => { throw new Error('from the preload'); },
  later: async (call) => call(5) + 1,
  invoke: (channel, value) => ipcRenderer.invoke(channel, value),
  sendShared: () => {
    try { ipcRenderer.send('any', new SharedArrayBuffer(8)); }
    catch (error) { return error.message; }
  },
  openPort: () => ipcRenderer.send('port'),
});
`;

interface Bridge {
  readonly version: number;
  readonly types: readonly string[];
  add(a: number, b: number): number;
  throws(): void;
  later(call: (value: number) => number): Promise<number>;
  invoke(channel: string, value?: unknown): Promise<unknown>;
  sendShared(): string;
  openPort(): void;
}

interface PageGlobals {
  readonly bridge: Bridge;
  readonly port: MessagePort;
  readonly came: readonly unknown[];
  readonly atFirstScript: string;
  inWorker(what: string): Promise<string>;
}

declare global {
  interface Window extends PageGlobals {}
}

let chromium: DebugChromium;
let host: DesktopHost;
let page: Page;

before(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tickdeck-host-'));
  after(() => rmSync(folder, { recursive: true }));
  const preload = path.join(folder, 'preload.cjs');
  writeFileSync(preload, PRELOAD);
  chromium = await startDebugChromium();
  host = new DesktopHost({ main: MAIN, chromium, args: [preload] });
  page = await host.page();
  await until(() => page.evaluate(() => typeof window.bridge === 'object'), {
    what: 'the bridge',
  });
});

after(async () => {
  await host.close();
  await chromium.close();
});

/** A new port from the page to the utility process, in `window.port`. */
async function openPort(): Promise<void> {
  await page.evaluate(() => {
    Object.assign(window, { port: undefined, came: [] });
    window.bridge.openPort();
  });
  await until(() => page.evaluate(() => window.port !== undefined), { what: 'the port' });
}

const REFUSED = 'An object could not be cloned.';

describe('what crosses, and what is refused', () => {
  test('main refuses shared memory, buffers on a transfer list, a port given away', async () => {
    assert.deepEqual(await page.evaluate(() => window.bridge.invoke('refusals')), {
      sharedToPort: REFUSED,
      viewToPort: REFUSED,
      sharedToWindow: REFUSED,
      sharedSent: REFUSED,
      sharedToChild: REFUSED,
      functionToChild: REFUSED,
      bufferInTransfer: 'Port at index 0 is not a valid port',
      usedAfter: 'the port was transferred and can no longer be used',
      givenTwice: 'the port was transferred already',
    });
  });

  test('the utility process refuses the same, and carries its arguments', async () => {
    await openPort();
    assert.deepEqual(await page.evaluate(() => window.bridge.invoke('utility-refusals')), {
      args: ['given'],
      shared: REFUSED,
      sharedToPort: REFUSED,
      bufferInTransfer: 'Port at index 0 is not a valid port',
    });
  });

  test('a port carries copies both ways; a transferred buffer costs the message', async () => {
    await openPort();
    const left = await page.evaluate(() => {
      const { port } = window;
      port.postMessage({ text: 'a', list: [1, null] });
      port.postMessage(new ArrayBuffer(24));
      port.postMessage(new Uint8Array(3));
      const buffer = new ArrayBuffer(8);
      port.postMessage({ buffer }, [buffer]);
      return buffer.byteLength;
    });
    assert.equal(left, 0, 'the sender has lost its buffer');
    await until(() => page.evaluate(() => window.came.length === 4), { what: 'four echoes' });
    const echoes = await page.evaluate(() =>
      window.came.map((each) => {
        const { was, back } = each as { was: string; back: Float64Array };
        return [was, back.constructor.name, [...back].join()];
      }),
    );
    const back = ['Float64Array', '1.5,2.5'];
    assert.deepEqual(echoes, [
      ['{"text":"a","list":[1,null]}', ...back],
      ['ArrayBuffer(24)', ...back],
      ['Uint8Array(3 of 3)', ...back],
      ['null', ...back],
    ]);
    const shared = await page.evaluate(() => {
      try {
        window.port.postMessage({ deep: { shared: new SharedArrayBuffer(8) } });
        return 'went through';
      } catch (error) {
        return (error as Error).message;
      }
    });
    assert.equal(shared, REFUSED);
  });

  for (const [what, expected] of [
    ['transfer', 'null'],
    ['shared', REFUSED],
  ] as const) {
    test(`a worker that holds the port is held to the same: ${what}`, async () => {
      await openPort();
      assert.equal(await page.evaluate((w) => window.inWorker(w), what), expected);
    });
  }
});

describe('the preload script and its page', () => {
  test('sandboxed, in a world of its own, bridged at once', async () => {
    const seen = await page.evaluate(async () => {
      const { bridge } = window;
      let thrown = '';
      try {
        bridge.throws();
      } catch (error) {
        thrown = (error as Error).message;
      }
      return {
        first: window.atFirstScript,
        version: bridge.version,
        types: bridge.types,
        sum: bridge.add(2, 3),
        thrown,
        later: await bridge.later((value) => value * 2),
        shared: bridge.sendShared(),
        frozen: Object.isFrozen(bridge),
        require: typeof Reflect.get(window, 'require'),
        isolated: crossOriginIsolated,
      };
    });
    const noFs = 'module not found: node:fs (a sandboxed preload script has only electron)';
    assert.deepEqual(seen, {
      first: 'object',
      version: 7,
      types: ['undefined', 'undefined', 'renderer', noFs],
      sum: 5,
      thrown: 'from the preload',
      later: 11,
      shared: REFUSED,
      frozen: true,
      require: 'undefined',
      isolated: true,
    });
  });

  test('invoke answers with the address that the product knows, errors keep words', async () => {
    const answer = await page.evaluate(() => window.bridge.invoke('echo', { n: 3n }));
    const url = 'app://main/page.html';
    assert.deepEqual(answer, { url, isTop: true, value: { n: 3n } });
    for (const [channel, words] of [
      ['fail', /remote method 'fail': Error: as asked/],
      ['unknown', /No handler registered for 'unknown'/],
    ] as const) {
      await assert.rejects(
        page.evaluate((name) => window.bridge.invoke(name), channel),
        words,
      );
    }
  });

  test('the page goes nowhere and opens nothing', async () => {
    const opened: unknown = await page.evaluate((): unknown => {
      location.href = 'app://main/other.html';
      return window.open('https://example.com/');
    });
    assert.equal(opened, null);
    await until(async () => (await host.ask('windows'))[0]?.opened.length === 1, {
      what: 'the question whether a window may open',
    });
    const [shown] = await host.ask('windows');
    assert.deepEqual(shown?.opened, ['deny https://example.com/']);
    await page.evaluate(() => location.assign('/elsewhere.html'));
    assert.equal((await host.ask('windows'))[0]?.url, 'app://main/page.html');
  });

  test('what the host does not have is named', async (t) => {
    const file = path.join(tempDir(t), 'main.mjs');
    writeFileSync(file, "import { app } from 'electron'; app.noSuchThing();");
    const other = new DesktopHost({ main: file, chromium });
    t.after(() => other.close());
    assert.equal(await other.ended(), 1);
    assert.match(other.output, /the Electron test host has no app\.noSuchThing/);
  });

  test('the end of the utility process closes the port in the page', async () => {
    await openPort();
    const [utility] = await host.ask('utilities');
    process.kill(utility?.pid ?? 0, 'SIGKILL');
    await until(() => page.evaluate(() => window.came.includes('closed')), { what: 'close' });
    assert.deepEqual(await host.ask('utilities'), []);
  });
});
