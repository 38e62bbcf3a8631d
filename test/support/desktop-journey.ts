/**
 * desktop-journey: the built desktop shell on the test host, with what its journeys share: a data
 * folder of their own, waiting for a live screen, reading and pressing what a person would.
 *
 * Imports   ./debug-chromium, ./desktop-host, ./repository, ./until.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { DebugChromium } from './debug-chromium.ts';
import { DesktopHost, type DesktopOptions } from './desktop-host.ts';
import { repositoryRoot } from './repository.ts';
import { until } from './until.ts';

/** Generous: the machine may be busy with other work. */
export const DEADLINE_MS = 60_000;
export const ENGINE_NAME = 'Tickdeck engine';
export const EXCHANGE_NAME = 'Tickdeck exchange';
export const KILL_KEY = 'CommandOrControl+Shift+Backspace';

const MAIN = path.join(repositoryRoot, 'out/app/electron/main/main.js');

/**
 * A small market, and a lease that a busy machine cannot lose by itself: here is shown who does
 * what, not how fast.
 */
export const QUIET_MARKET: readonly string[] = [
  ...['--symbols', 'BTCUSDT,ETHUSDT', '--rate', '100'],
  ...['--set', 'lease.durationMs=60000'],
];

/** Live, and not the document that a reload is about to take away. */
export const LIVE = 'html:not([data-former]) .app[data-alive="true"]';

export interface Journey {
  readonly host: DesktopHost;
  /** Holds the engine's folders. */
  readonly dataDir: string;
  close(): Promise<void>;
}

export function startJourney(
  chromium: DebugChromium,
  options: Partial<DesktopOptions> & { readonly dataDir?: string } = {},
): Journey {
  assert.ok(existsSync(MAIN), `${MAIN} is built ("npm test" builds it, or "npm run build")`);
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'tickdeck-journey-'));
  const args = ['--data-dir', dataDir, ...QUIET_MARKET, ...(options.args ?? [])];
  const host = new DesktopHost({ main: MAIN, chromium, ...options, args });
  return {
    host,
    dataDir,
    close: async () => {
      await host.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function waitFor(
  what: string,
  look: () => boolean | Promise<boolean>,
  timeoutMs = DEADLINE_MS,
): Promise<void> {
  await until(look, { what, timeoutMs, pollMs: 25 });
}

/** The page of the first window once market data flows through it. */
export async function livePage({ host }: Journey): Promise<Page> {
  const page = await host.page();
  // A press waits as long as everything else here does.
  page.setDefaultTimeout(DEADLINE_MS);
  try {
    await page.waitForSelector(LIVE, { timeout: DEADLINE_MS });
    await waitFor('prices in the first ladder', async () => (await pricesIn(page)) > 0);
  } catch (error) {
    const text = await page.evaluate(() => document.body.innerText).catch(() => 'no page');
    const { console: said } = (await host.ask('windows'))[0] ?? { console: [] };
    throw new Error(`${text}\n${said.join('\n')}\n${host.output}`, { cause: error });
  }
  return page;
}

export function pricesIn(page: Page): Promise<number> {
  return page.locator('[data-role="ladder-rows"] tbody tr').count();
}

export async function waitText(page: Page, selector: string, part: string): Promise<void> {
  const found = page.locator(selector, { hasText: part }).first();
  await found.waitFor({ timeout: DEADLINE_MS }).catch(async (error: unknown) => {
    const text = await page.locator(selector).allInnerTexts();
    throw new Error(
      `"${part}" did not come into ${selector}: ${text.join(' / ')}\n${String(error)}`,
    );
  });
}

export function stateOf(page: Page): Promise<string> {
  return page.locator('[data-role="armed-state"]').first().innerText();
}

export async function waitState(page: Page, state: string): Promise<void> {
  await waitText(page, '[data-role="armed-state"]', state);
}

/** A button may be covered or gone by the time it is pressed; whoever waits looks again. */
async function press(button: Locator): Promise<void> {
  await button.click({ timeout: 1000 }).catch(() => undefined);
}

/** Arms everything; a window that has lost its lease meanwhile takes it again. */
export async function armAll(page: Page): Promise<void> {
  const take = page.locator('text=Take control');
  const arm = page.locator('[aria-label="Arm all"]');
  await until(
    async () => {
      if ((await stateOf(page)).startsWith('ARMED')) return true;
      if (await take.isVisible()) await press(take);
      if (await arm.isEnabled()) await press(arm);
      return page
        .waitForSelector('[data-role="armed-state"] >> text=/^ARMED/', { timeout: 2000 })
        .then(() => true)
        .catch(() => false);
    },
    { what: 'ARMED', timeoutMs: DEADLINE_MS },
  ).catch(async (error: unknown) => {
    const text = await page.evaluate(() => document.body.innerText);
    throw new Error(`${String(error)}\n${text.slice(0, 1500)}`);
  });
}

/** Leaves HALTED as a person does: by typing. */
export async function resume(page: Page): Promise<void> {
  await page.click('text=Resume…');
  await page.locator('#resume-word').fill('RESUME');
  await page.locator('.dialog button[type="submit"]').click();
  await waitState(page, 'DISARMED');
}

/** The process id of a utility process, once it runs. */
export async function pidOf({ host }: Journey, name: string): Promise<number> {
  return until(
    async () => (await host.ask('utilities')).find((utility) => utility.name === name)?.pid,
    { what: `a process ${name}`, timeoutMs: DEADLINE_MS },
  );
}

/** Waits until a window has been told something of a kind that matches; from the start of all. */
export async function waitTold({ host }: Journey, words: RegExp): Promise<void> {
  await waitFor(`a notice ${words}`, () => words.test(readFileSync(host.sentFile, 'latin1')));
}

/** Marks the document of now, so that the next one is told from it. */
export async function markDocument(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('data-former', ''));
}

/** A question whose words match, once it is asked. */
export async function question({ host }: Journey, words: RegExp) {
  return until(
    async () => (await host.ask('openQuestions')).find(({ message }) => words.test(message)),
    { what: `the question ${words}`, timeoutMs: DEADLINE_MS },
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** The markers that a session leaves while anything may be open. */
export function exposureIn(folder: string): readonly string[] {
  return filesBelow(folder).filter((file) => path.basename(file) === 'exposed.json');
}
