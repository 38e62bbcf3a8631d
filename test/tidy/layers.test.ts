/**
 * layers.test: the layering rule holds in the repository, and each part of it catches a planted
 * breach.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { checkLayers, LAYER_RULES } from './layer-rules.ts';
import { PURE, ROOMS } from './layer-table.ts';
import { listOf, parseTree, readRepository, treeOf, type SourceTree } from './source-tree.ts';

interface Plant {
  readonly name: string;
  readonly rule: string;
  /** Where the breach is expected. */
  readonly at: string;
  readonly files: Readonly<Record<string, string>>;
}

const EMPTY = 'export {};\n';

const PLANTS: readonly Plant[] = [
  {
    name: 'a lower room imports a higher one',
    rule: 'layer',
    at: 'engine/base/a.ts:2',
    files: {
      'engine/base/a.ts': "// header\nimport { b } from '../domain/b.ts';\n",
      'engine/domain/b.ts': EMPTY,
    },
  },
  {
    name: 'a type-only import',
    rule: 'layer',
    at: 'engine/signals/a.ts:1',
    files: {
      'engine/signals/a.ts': "import type { B } from '../risk/b.ts';\n",
      'engine/risk/b.ts': EMPTY,
    },
  },
  {
    name: 'an import inside a type',
    rule: 'layer',
    at: 'engine/signals/a.ts:1',
    files: {
      'engine/signals/a.ts': "export type A = import('../risk/b.ts').B;\n",
      'engine/risk/b.ts': EMPTY,
    },
  },
  {
    name: 'a dynamic import',
    rule: 'layer',
    at: 'engine/journal/a.ts:1',
    files: {
      'engine/journal/a.ts': "export const b = await import('../core/b.ts');\n",
      'engine/core/b.ts': EMPTY,
    },
  },
  {
    name: 'a thread entry',
    rule: 'layer',
    at: 'engine/journal/a.ts:1',
    files: {
      'engine/journal/a.ts': "export const url = new URL('../core/b.ts', import.meta.url);\n",
      'engine/core/b.ts': EMPTY,
    },
  },
  {
    name: 'a thread entry without its ending',
    rule: 'layer',
    at: 'engine/journal/a.ts:1',
    files: {
      'engine/journal/a.ts': "export const url = workerUrl('../core/b', import.meta.url);\n",
      'engine/core/b.ts': EMPTY,
    },
  },
  {
    name: 'a thread entry with a computed ending',
    rule: 'layer',
    at: 'engine/journal/a.ts:1',
    files: {
      'engine/journal/a.ts': 'export const url = new URL(`../core/b${end}`, import.meta.url);\n',
      'engine/core/b.ts': EMPTY,
    },
  },
  {
    name: 'a re-export',
    rule: 'layer',
    at: 'engine/domain/a.ts:1',
    files: { 'engine/domain/a.ts': "export * from '../book/b.ts';\n", 'engine/book/b.ts': EMPTY },
  },
  {
    name: 'core imports runtime',
    rule: 'layer',
    at: 'engine/core/a.ts:1',
    files: { 'engine/core/a.ts': "import '../runtime/b.ts';\n", 'engine/runtime/b.ts': EMPTY },
  },
  {
    name: 'replay imports runtime',
    rule: 'layer',
    at: 'engine/replay/a.ts:1',
    files: { 'engine/replay/a.ts': "import '../runtime/b.ts';\n", 'engine/runtime/b.ts': EMPTY },
  },
  {
    name: 'runtime imports shell',
    rule: 'layer',
    at: 'engine/runtime/a.ts:1',
    files: { 'engine/runtime/a.ts': "import '../shell/b.ts';\n", 'engine/shell/b.ts': EMPTY },
  },
  {
    name: 'the exchange core imports its server',
    rule: 'layer',
    at: 'engine/exchange/core/a.ts:1',
    files: {
      'engine/exchange/core/a.ts': "import '../server/b.ts';\n",
      'engine/exchange/server/b.ts': EMPTY,
    },
  },
  {
    name: 'the window imports the engine behind the contract',
    rule: 'layer',
    at: 'renderer/panels/ladder/a.tsx:1',
    files: {
      'renderer/panels/ladder/a.tsx': "import '../../../engine/risk/b.ts';\n",
      'engine/risk/b.ts': EMPTY,
    },
  },
  {
    name: 'a panel imports the link',
    rule: 'layer',
    at: 'renderer/panels/ladder/a.tsx:1',
    files: {
      'renderer/panels/ladder/a.tsx': "import '../../link/b.ts';\n",
      'renderer/link/b.ts': EMPTY,
    },
  },
  {
    name: 'the engine imports the window',
    rule: 'layer',
    at: 'engine/cli/a.ts:1',
    files: {
      'engine/cli/a.ts': "import '../../renderer/live/b.ts';\n",
      'renderer/live/b.ts': EMPTY,
    },
  },
  {
    name: 'a folder without a rule',
    rule: 'every-room-has-a-rule',
    at: 'engine/helpers/a.ts:1',
    files: { 'engine/helpers/a.ts': EMPTY },
  },
  {
    name: 'a file beside the rooms',
    rule: 'every-room-has-a-rule',
    at: 'engine/a.ts:1',
    files: { 'engine/a.ts': EMPTY },
  },
  {
    name: 'a missing file',
    rule: 'import-exists',
    at: 'engine/base/a.ts:1',
    files: { 'engine/base/a.ts': "import './b.ts';\n" },
  },
  {
    name: 'a ring of two files',
    rule: 'no-cycles',
    at: 'engine/base/b.ts:1',
    files: {
      'engine/base/a.ts': "import './b.ts';\n",
      'engine/base/b.ts': "import type { A } from './a.ts';\n",
    },
  },
  {
    name: 'electron in the engine',
    rule: 'electron-stays-in-electron',
    at: 'engine/runtime/a.ts:1',
    files: { 'engine/runtime/a.ts': "import { app } from 'electron';\n" },
  },
  {
    name: 'Node in the window',
    rule: 'renderer-has-no-node',
    at: 'renderer/app/a.ts:1',
    files: { 'renderer/app/a.ts': "import { readFileSync } from 'node:fs';\n" },
  },
  {
    name: 'Node in the window, by its short name',
    rule: 'renderer-has-no-node',
    at: 'renderer/app/a.ts:1',
    files: { 'renderer/app/a.ts': "import path from 'path';\n" },
  },
  {
    name: 'Node in the contract',
    rule: 'renderer-has-no-node',
    at: 'engine/contract/a.ts:1',
    files: { 'engine/contract/a.ts': "import 'node:crypto';\n" },
  },
  {
    name: 'Node in a pure room',
    rule: 'pure-rooms-import-nothing-from-outside',
    at: 'engine/signals/a.ts:1',
    files: { 'engine/signals/a.ts': "import { performance } from 'node:perf_hooks';\n" },
  },
  {
    name: 'a package in the exchange core',
    rule: 'pure-rooms-import-nothing-from-outside',
    at: 'engine/exchange/core/a.ts:1',
    files: { 'engine/exchange/core/a.ts': "import { WebSocketServer } from 'ws';\n" },
  },
  {
    name: 'one venue imports another',
    rule: 'strangers-do-not-know-each-other',
    at: 'engine/feeds/venues/one/a.ts:1',
    files: {
      'engine/feeds/venues/one/a.ts': "import '../two/b.ts';\n",
      'engine/feeds/venues/two/b.ts': EMPTY,
    },
  },
  {
    name: 'one panel imports another',
    rule: 'strangers-do-not-know-each-other',
    at: 'renderer/panels/one/a.ts:1',
    files: {
      'renderer/panels/one/a.ts': "import '../two/b.ts';\n",
      'renderer/panels/two/b.ts': EMPTY,
    },
  },
  {
    name: 'the product imports a test',
    rule: 'nothing-imports-tests',
    at: 'engine/cli/a.ts:1',
    files: { 'engine/cli/a.ts': "import '../../test/support/b.ts';\n", 'test/support/b.ts': EMPTY },
  },
  {
    name: 'a script imports a test',
    rule: 'nothing-imports-tests',
    at: 'scripts/a.mjs:1',
    files: { 'scripts/a.mjs': "import '../test/support/b.ts';\n", 'test/support/b.ts': EMPTY },
  },
  {
    name: 'the engine imports a development package',
    rule: 'product-imports-declared-packages',
    at: 'engine/cli/a.ts:1',
    files: {
      'package.json': '{"dependencies":{"ws":"8.23.0"},"devDependencies":{"vite":"8.3.8"}}',
      'engine/cli/a.ts': "import { build } from 'vite';\n",
    },
  },
];

const LAWFUL: Readonly<Record<string, string>> = {
  'package.json': '{"dependencies":{"ws":"8.23.0"}}',
  'engine/base/a.ts': EMPTY,
  'engine/domain/a.ts': "import { a } from '../base/a.ts';\nimport './b.ts';\n",
  'engine/domain/b.ts': EMPTY,
  'engine/exchange/core/a.ts': "import '../../domain/a.ts';\n",
  'engine/exchange/server/a.ts': "import { WebSocketServer } from 'ws';\nimport '../core/a.ts';\n",
  'engine/exchange/entry.ts': "import 'node:net';\nimport './server/a.ts';\n",
  'engine/contract/a.ts': "import '../domain/a.ts';\n",
  'engine/memory/a.ts': "import '../base/a.ts';\n",
  'engine/feeds/venues/one/a.ts': "import './b.ts';\nimport '../../../book/a.ts';\n",
  'engine/feeds/venues/one/b.ts': EMPTY,
  'engine/book/a.ts': "import '../memory/a.ts';\n",
  'engine/core/worker.ts': "import '../exchange/core/a.ts';\nimport 'node:worker_threads';\n",
  'engine/runtime/workers.ts': "export const w = new URL('../core/worker.ts', import.meta.url);\n",
  'engine/cli/main.ts': "import '../runtime/workers.ts';\n",
  'renderer/main.tsx': "import './app/App.tsx';\nimport './app/app.css';\n",
  'renderer/app/App.tsx': "import { x } from 'react';\nimport '../panels/one/a.tsx';\n",
  'renderer/panels/one/a.tsx': "import '../../live/a.ts';\nimport './b.ts';\n",
  'renderer/panels/one/b.ts': EMPTY,
  'renderer/live/a.ts': "import '../../engine/memory/a.ts';\n",
  'test/unit/a.test.ts': "import '../../engine/cli/main.ts';\nimport 'electron';\n",
};

describe('the layering rule', () => {
  let tree: SourceTree;

  before(() => {
    tree = parseTree(readRepository(path.resolve(import.meta.dirname, '../..')));
  });

  it('holds in the repository', () => {
    assert.ok(tree.sources.size > 0, 'no source was read');
    const violations = checkLayers(tree);
    assert.equal(violations.length, 0, `\n${listOf(violations)}`);
  });

  it('reads imports in the repository, so that silence means something', () => {
    const edges = [...tree.sources.values()].flatMap((file) => file.imports);
    assert.ok(edges.length > 10, `only ${edges.length} imports were seen`);
  });

  it('accepts a lawful tree', () => {
    assert.equal(listOf(checkLayers(treeOf(LAWFUL))), '');
  });

  for (const { name, rule, at, files } of PLANTS) {
    it(`catches ${name}`, () => {
      const found = checkLayers(treeOf(files)).map((v) => `${v.rule} ${v.file}:${v.line}`);
      assert.ok(found.includes(`${rule} ${at}`), `found only: ${found.join('; ') || 'nothing'}`);
    });
  }

  it('has a planted breach for every rule', () => {
    const planted = new Set(PLANTS.map((plant) => plant.rule));
    for (const rule of LAYER_RULES) assert.ok(planted.has(rule), `${rule} has no planted breach`);
  });
});

describe('the layer table', () => {
  it('lists only rooms that have a rule themselves', () => {
    for (const [room, allowed] of Object.entries(ROOMS)) {
      for (const name of allowed) {
        assert.ok(name in ROOMS || name.endsWith('/*'), `${room} lists ${name}`);
      }
    }
    for (const room of PURE) assert.ok(room in ROOMS, `${room} is pure but has no rule`);
  });

  it('has no ring between rooms', () => {
    const reach = (room: string, trail: readonly string[]): void => {
      assert.ok(!trail.includes(room), `rooms in a ring: ${[...trail, room].join(' > ')}`);
      for (const next of ROOMS[room] ?? []) {
        if (next !== room && !next.endsWith('/*')) reach(next, [...trail, room]);
      }
    };
    for (const room of Object.keys(ROOMS)) reach(room, []);
  });
});
