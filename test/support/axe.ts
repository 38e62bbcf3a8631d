/**
 * axe: looks over a page for what keeps people out: names, roles, contrast, focus.
 *
 * Imports   axe-core, playwright-core.
 */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface AxeWindow {
  readonly axe: {
    run(context: unknown, options: unknown): Promise<{ readonly violations: readonly Violation[] }>;
  };
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The serious and critical findings in `part`, one line each; empty when it is in order. */
export async function seriousFaults(page: Page, part = 'body'): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (selector) => {
    const { axe: engine } = globalThis as unknown as AxeWindow;
    return (await engine.run(selector, { resultTypes: ['violations'] })).violations;
  }, part);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => {
        return `${id}: ${html.slice(0, 160)} ${failureSummary.replaceAll(/\s+/g, ' ')}`;
      }),
    );
}
