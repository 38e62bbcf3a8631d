/**
 * chromium: a headless Chromium for the end-to-end tests.
 *
 * The path comes from CHROMIUM_PATH, which `npm test` sets. The software renderer is left to
 * Chromium's own choice: forcing one costs most of the frame rate.
 *
 * Imports   playwright-core.
 */
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';

export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const USUAL_PLACE = '/usr/bin/chromium';
const VIEWPORT = { width: 1600, height: 900 };

export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS], headless: true });
}

export function chromiumPath(): string {
  const named = process.env['CHROMIUM_PATH'] ?? USUAL_PLACE;
  if (existsSync(named)) return named;
  throw new Error(`no Chromium at ${named}; "npm test" finds or fetches one, or set CHROMIUM_PATH`);
}

export interface OpenPage {
  readonly page: Page;
  /** Uncaught errors and console errors of the page, in order. */
  readonly errors: readonly string[];
}

/** A page in a browser of its own, both closed when the test ends. */
export async function openPage(t: Pick<TestContext, 'after'>, url: string): Promise<OpenPage> {
  const browser = await launchChromium();
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: VIEWPORT });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}
