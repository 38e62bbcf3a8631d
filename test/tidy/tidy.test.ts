/**
 * tidy.test: the style that a machine can check holds in the repository, and each rule catches a
 * planted breach.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { ELECTRON_ENTRIES, ENGINE_ENTRIES, PRELOAD_ENTRY } from '../../build.ts';
import { HOT_PATH_NOT_GATED } from './exceptions.ts';
import { checkFile, FILE_RULES } from './file-rules.ts';
import { PLANTS, LAWFUL_FILES } from './plants.ts';
import { checkReach, REACH_RULES } from './reach-rules.ts';
import {
  listOf,
  parseTree,
  readRepository,
  treeOf,
  type SourceTree,
  type Violation,
} from './source-tree.ts';
import { checkTexts, TEXT_RULES } from './text-rules.ts';

function checkFiles(tree: SourceTree): readonly Violation[] {
  return [...tree.sources.values()].flatMap(checkFile);
}

describe('the tidy rules hold in the repository', () => {
  let tree: SourceTree;

  before(() => {
    tree = parseTree(readRepository(path.resolve(import.meta.dirname, '../..')));
  });

  it('reads the repository', () => {
    assert.ok(tree.sources.has('test/tidy/tidy.test.ts'));
  });

  for (const rule of Object.keys(FILE_RULES)) {
    it(rule, () => assertNone(checkFiles(tree), rule));
  }

  for (const rule of Object.keys(TEXT_RULES)) {
    it(rule, () => assertNone(checkTexts(tree.texts), rule));
  }

  for (const rule of REACH_RULES) {
    it(rule, () => assertNone(checkRepositoryReach(tree), rule));
  }
});

describe('the tidy rules catch planted breaches', () => {
  for (const { rule, name, at, files, hotPathNotGated = [], buildEntries = [] } of PLANTS) {
    it(`${rule}: ${name}`, () => {
      const tree = treeOf(files);
      const found = [
        ...checkFiles(tree),
        ...checkTexts(tree.texts),
        ...checkReach({ tree, buildEntries, hotPathNotGated }),
      ];
      const names = found.map((v) => `${v.rule} ${v.file}:${v.line}`);
      assert.ok(names.includes(`${rule} ${at}`), `found: ${names.join('; ') || 'nothing'}`);
    });
  }

  it('every rule has a planted breach', () => {
    const planted = new Set(PLANTS.map((plant) => plant.rule));
    const rules = [...Object.keys(FILE_RULES), ...Object.keys(TEXT_RULES), ...REACH_RULES];
    for (const rule of rules) assert.ok(planted.has(rule), `${rule} has no planted breach`);
  });

  it('a lawful tree passes', () => {
    const tree = treeOf(LAWFUL_FILES);
    const buildEntries = ['engine/core/worker.ts'];
    const found = [
      ...checkFiles(tree),
      ...checkTexts(tree.texts),
      ...checkReach({ tree, buildEntries, hotPathNotGated: [] }),
    ];
    assert.equal(listOf(found), '');
  });
});

function checkRepositoryReach(tree: SourceTree): readonly Violation[] {
  const buildEntries = [...ENGINE_ENTRIES, ...ELECTRON_ENTRIES, PRELOAD_ENTRY];
  return checkReach({ tree, buildEntries, hotPathNotGated: HOT_PATH_NOT_GATED });
}

function assertNone(violations: readonly Violation[], rule: string): void {
  const breaches = violations.filter((violation) => violation.rule === rule);
  assert.equal(breaches.length, 0, `\n${listOf(breaches)}`);
}
