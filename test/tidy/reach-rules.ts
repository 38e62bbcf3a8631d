/**
 * reach-rules: what needs the whole tree: files that nothing uses, hot files that no allocation
 * test covers, thread entries that the build does not know.
 *
 * Imports   ./exceptions, ./file-rules, ./source-tree.
 */
import { isHotPath } from './file-rules.ts';
import type { SourceFile, SourceTree, Violation } from './source-tree.ts';

export interface ReachInputs {
  readonly tree: SourceTree;
  /** Entries that build.ts bundles. */
  readonly buildEntries: readonly string[];
  readonly hotPathNotGated: readonly string[];
}

export const REACH_RULES: readonly string[] = [
  'no-orphan-file',
  'hot-path-is-gated',
  'exception-is-needed',
  'entry-is-built',
];

export function checkReach(inputs: ReachInputs): readonly Violation[] {
  return [...findOrphans(inputs), ...findUngated(inputs), ...findUnbuilt(inputs)];
}

/** Where execution starts. */
function isEntry(file: string, buildEntries: readonly string[]): boolean {
  return (
    file === 'engine/cli/main.ts' ||
    file === 'renderer/main.tsx' ||
    file === 'test/run.ts' ||
    buildEntries.includes(file) ||
    /^[^/]+\.(ts|mjs)$/.test(file) ||
    /^scripts\/[^/]+\.mjs$/.test(file) ||
    /^test\/.*\.(test|bench)\.tsx?$/.test(file) ||
    file.endsWith('.d.ts')
  );
}

function findOrphans({ tree, buildEntries }: ReachInputs): readonly Violation[] {
  const reached = new Set<string>();
  const open = [...tree.sources.keys()].filter((file) => isEntry(file, buildEntries));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    for (const { target } of tree.sources.get(file)?.imports ?? []) {
      if (target !== null && tree.sources.has(target)) open.push(target);
    }
  }
  return [...tree.sources.keys()]
    .filter((file) => !reached.has(file))
    .map((file) => violation('no-orphan-file', file, 'no entry and no test reaches this file'));
}

function findUngated({ tree, hotPathNotGated }: ReachInputs): readonly Violation[] {
  const gated = importedByGates(tree);
  const hot = [...tree.sources.values()].filter(isProductHotPath).map((file) => file.path);
  const ungated = hot
    .filter((file) => !gated.has(file) && !hotPathNotGated.includes(file))
    .map((file) => violation('hot-path-is-gated', file, 'no test in test/allocation imports it'));
  const needless = hotPathNotGated
    .filter((file) => gated.has(file) || !hot.includes(file))
    .map((file) => violation('exception-is-needed', file, 'this exception is needed no longer'));
  return [...ungated, ...needless];
}

function isProductHotPath(file: SourceFile): boolean {
  return file.path.startsWith('engine/') && isHotPath(file);
}

function importedByGates(tree: SourceTree): ReadonlySet<string> {
  const gated = new Set<string>();
  for (const file of tree.sources.values()) {
    if (!file.path.startsWith('test/allocation/')) continue;
    for (const { target, kind } of file.imports) {
      if (target !== null && kind !== 'type') gated.add(target);
    }
  }
  return gated;
}

/** What starts as a thread or a process in the checkout must be a bundle of its own when built. */
function findUnbuilt({ tree, buildEntries }: ReachInputs): readonly Violation[] {
  const violations: Violation[] = [];
  for (const file of tree.sources.values()) {
    if (!/^(engine|electron)\//.test(file.path)) continue;
    for (const { kind, target, line } of file.imports) {
      if (kind !== 'entry' || target === null || buildEntries.includes(target)) continue;
      const message = `${target} starts on its own but is no entry of build.ts`;
      violations.push({ rule: 'entry-is-built', file: file.path, line, message });
    }
  }
  return violations;
}

function violation(rule: string, file: string, message: string): Violation {
  return { rule, file, line: 1, message };
}
