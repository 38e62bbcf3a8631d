/**
 * files: finds the test files of a group. Live tests (`*.live.test.ts`) need the network and are
 * never among them.
 *
 * Imports   ./groups.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Group } from './groups.ts';

export interface GroupRun {
  readonly root: string;
  readonly outDir: string;
  readonly group: Group;
  /** Paths relative to the repository, with forward slashes. */
  readonly files: readonly string[];
}

export function findTestFiles(
  root: string,
  group: Group,
  filters: readonly string[],
): readonly string[] {
  const folder = path.join(root, 'test', group.folder);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${group.folder}/${name.split(path.sep).join('/')}`)
    .filter((file) => /\.test\.tsx?$/.test(file) && !file.includes('.live.'))
    .filter((file) => filters.length === 0 || filters.some((part) => file.includes(clean(part))))
    .toSorted();
}

/** `./test/unit/x.test.ts` typed by hand means the same file as `test/unit/x.test.ts`. */
function clean(filter: string): string {
  return filter.replace(/^\.\//, '');
}
