/**
 * browser: pages of one Chromium, each in a context of its own, that report every error they had.
 *
 * Imports   playwright-core.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, uncaught exceptions and policy violations, as they came. */
  readonly errors: string[];
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
}

/** A page in a context of its own, so that no cookie is shared. */
export async function newWatchedPage(
  browser: Browser,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const { width = 1600, height = 900, reducedMotion = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return { page, context, errors };
}
