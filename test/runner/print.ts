/**
 * print: failures in full and skipped tests with their reasons, at the end of a run.
 *
 * Imports   ./report.
 */
import type { Report } from './report.ts';

export function printFailures(report: Report): void {
  for (const { file, name, detail } of report.failures) {
    console.log(`\nFAILED ${file}\n  ${name}\n${indent(detail)}`);
  }
}

export function printSkips(report: Report): void {
  if (report.skips.length === 0) return;
  console.log(`\nSKIPPED ${report.skips.length} tests, nothing is known about them:`);
  for (const { file, name, reason } of report.skips) {
    console.log(`  ${file}: ${name}: ${reason === '' ? 'NO REASON GIVEN' : reason}`);
  }
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
