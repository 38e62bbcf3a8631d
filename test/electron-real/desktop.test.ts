/**
 * desktop.test: the journeys of test/electron in short, on the real Electron, and what only it can
 * show: isolation under app://, worker threads and Atomics in a utility process, its own refusals.
 *
 * Left out with the reason, and counted, where the binary is absent. One command where it is
 * present: `npm run test:electron` (Linux without a display: `xvfb-run -a npm run test:electron`).
 *
 * Imports   playwright-core; test/support.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import {
  armAll,
  DEADLINE_MS,
  pricesIn,
  QUIET_MARKET,
  resume,
  stateOf,
  waitFor,
  waitState,
  waitText,
} from '../support/desktop-journey.ts';
import { electronBinary, whyNoElectron } from '../support/electron-binary.ts';
import { repositoryRoot } from '../support/repository.ts';
import { writeProbe, type ProbeAnswer } from './probe.ts';

const absent = whyNoElectron();
const REFUSED = 'An object could not be cloned.';

let folder = '';
let app: ElectronApplication;
let page: Page;

function launch(): Promise<ElectronApplication> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return _electron.launch({
    executablePath: electronBinary() ?? '',
    args: [
      repositoryRoot,
      `--user-data-dir=${path.join(folder, 'profile')}`,
      '--data-dir',
      path.join(folder, 'data'),
      ...QUIET_MARKET,
      // The system's sandbox is not to be had for root; everything else stays as it is.
      ...(isRoot ? ['--no-sandbox'] : []),
    ],
    timeout: DEADLINE_MS,
  });
}

async function live(): Promise<void> {
  page = await app.firstWindow({ timeout: DEADLINE_MS });
  await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
  await waitFor('prices', async () => (await pricesIn(page)) > 0);
}

/** A test that needs the real Electron. */
function realTest(name: string, work: (t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (absent === null) await work(t);
    else t.skip(absent);
  });
}

before(async () => {
  if (absent !== null) return;
  folder = mkdtempSync(path.join(tmpdir(), 'tickdeck-electron-'));
  app = await launch();
});

after(async () => {
  if (absent !== null) return;
  await app.evaluate(({ app: real }) => real.exit(0)).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Process id of a utility process of ours. */
async function pidOf(name: string): Promise<number> {
  const pid = await app.evaluate(({ app: real }, wanted) => {
    const metrics = real.getAppMetrics();
    return metrics.find((each) => each.name === wanted || each.serviceName === wanted)?.pid ?? 0;
  }, name);
  assert.ok(pid > 0, `${name} runs`);
  return pid;
}

describe('the real Electron', () => {
  realTest('opens a live, isolated window without Node', async () => {
    await live();
    assert.match(await stateOf(page), /DISARMED/);
    const seen = await page.evaluate(() => ({
      isolated: crossOriginIsolated,
      shared: typeof SharedArrayBuffer,
      address: location.href.split('#')[0],
      secure: isSecureContext,
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
    }));
    assert.deepEqual(seen, {
      isolated: true,
      shared: 'function',
      address: 'app://main/index.html',
      secure: true,
      require: 'undefined',
      process: 'undefined',
    });
  });

  realTest('runs worker threads and Atomics inside a utility process', async (t) => {
    const entry = writeProbe(folder);
    const answer = (await app.evaluate(({ utilityProcess }, file) => {
      const child = utilityProcess.fork(file);
      return new Promise((resolve) => child.once('message', resolve));
    }, entry)) as ProbeAnswer;
    assert.equal(answer.error, undefined);
    assert.match(answer.waited, /^(ok|not-equal)$/);
    assert.equal(answer.value, 1000);
    assert.equal(answer.refusal, REFUSED);
    t.diagnostic(JSON.stringify(answer.versions));
  });

  realTest('refuses in main what the test host refuses', async () => {
    const refusals = await app.evaluate(({ BrowserWindow, MessageChannelMain }) => {
      const shared = new SharedArrayBuffer(8);
      const { port1, port2 } = new MessageChannelMain();
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const attempts = [
        () => port1.postMessage(shared),
        () => contents?.postMessage('any', shared),
        () => port2.postMessage(1, [new ArrayBuffer(8) as never]),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'went through';
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      });
    });
    assert.deepEqual(refusals, [REFUSED, REFUSED, 'Port at index 0 is not a valid port']);
  });

  realTest('goes nowhere and opens nothing', async () => {
    await page.evaluate(() => {
      location.href = 'https://example.com/';
      window.open('https://example.com/');
    });
    await waitFor('the page is still ours', () => page.url().startsWith('app://main/'));
    assert.equal(app.windows().length, 1);
    const media = await page.evaluate(() =>
      navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'allowed',
        (error: unknown) => (error as Error).name,
      ),
    );
    assert.notEqual(media, 'allowed');
  });

  realTest('arms, comes back from a reload, kills and verifies', async () => {
    await armAll(page);
    await page.reload();
    await page.waitForSelector('.app[data-alive="true"]', { timeout: DEADLINE_MS });
    await armAll(page);
    await page.click('[data-role="kill"]');
    await waitText(page, '[data-role="kill-report"]', 'verified with the venue: yes');
    await resume(page);
  });

  realTest('comes back HALTED when the engine dies while armed', async () => {
    const exchange = await pidOf('Tickdeck exchange');
    await armAll(page);
    process.kill(await pidOf('Tickdeck engine'), 'SIGKILL');
    await waitState(page, 'HALTED');
    assert.equal(await pidOf('Tickdeck exchange'), exchange);
    await resume(page);
  });

  realTest('a second start ends at once', async () => {
    const second = await launch().catch(() => null);
    if (second !== null) {
      await waitFor('its end', () => second.process().exitCode !== null);
    }
    assert.equal(app.windows().length, 1);
  });

  realTest('quits while armed: asks, then ends by itself', async () => {
    await armAll(page);
    await app.evaluate(({ app: real, dialog }) => {
      dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false });
      real.quit();
    });
    await waitFor('its end', () => app.process().exitCode !== null);
    assert.equal(app.process().exitCode, 0);
  });
});
