/**
 * repository: where the repository and the recorded captures beside it lie.
 *
 * Imports   nothing.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';

export const repositoryRoot = path.resolve(import.meta.dirname, '../..');

/** The folder of recorded captures. It is not part of the repository and may be absent. */
export const captureFolder = path.resolve(repositoryRoot, '../shared/data');

/** The path of a capture, or null after leaving the test out with the reason. */
export function capture(t: Pick<TestContext, 'skip'>, name: string): string | null {
  const file = path.join(captureFolder, name);
  if (existsSync(file)) return file;
  t.skip(`the capture ${name} is not beside the repository (../shared/data)`);
  return null;
}
