/**
 * layer-rules: the layering rule and its companions, over a parsed tree.
 *
 * Imports   ./layer-table, ./source-tree, ./imports.
 */
import { builtinModules } from 'node:module';
import { isRelative, type ImportEdge } from './imports.ts';
import { isInProduct, isPure, permits, roomOf, ROOMLESS, ROOMS, STRANGERS } from './layer-table.ts';
import type { SourceFile, SourceTree, Violation } from './source-tree.ts';

type EdgeRule = (file: SourceFile, edge: ImportEdge, tree: SourceTree) => string | null;

const NODE_MODULES = new Set(builtinModules);

const EDGE_RULES: Readonly<Record<string, EdgeRule>> = {
  layer: checkLayer,
  'import-exists': checkExists,
  'electron-stays-in-electron': checkElectron,
  'renderer-has-no-node': checkRendererNode,
  'pure-rooms-import-nothing-from-outside': checkPure,
  'strangers-do-not-know-each-other': checkStrangers,
  'nothing-imports-tests': checkTests,
  'product-imports-declared-packages': checkDeclared,
};

/** Every rule by name; the tests plant a breach for each. */
export const LAYER_RULES: readonly string[] = [
  'every-room-has-a-rule',
  'no-cycles',
  ...Object.keys(EDGE_RULES),
];

export function checkLayers(tree: SourceTree): readonly Violation[] {
  const violations: Violation[] = [];
  for (const file of tree.sources.values()) {
    if (isInProduct(file.path) && roomOf(file.path) === null && !(file.path in ROOMLESS)) {
      const message = 'this file lies in no room; every folder of a product needs a rule';
      violations.push({ rule: 'every-room-has-a-rule', file: file.path, line: 1, message });
    }
    for (const edge of file.imports) addEdge(tree, file, edge, violations);
  }
  return [...violations, ...findCycles(tree)];
}

function addEdge(
  tree: SourceTree,
  file: SourceFile,
  edge: ImportEdge,
  violations: Violation[],
): void {
  for (const [rule, check] of Object.entries(EDGE_RULES)) {
    const message = check(file, edge, tree);
    if (message !== null) violations.push({ rule, file: file.path, line: edge.line, message });
  }
}

function checkLayer(file: SourceFile, { target }: ImportEdge): string | null {
  if (target === null || !isInProduct(target) || !isInProduct(file.path)) return null;
  const from = roomOf(file.path);
  const allowed = from === null ? (ROOMLESS[file.path] ?? []) : (ROOMS[from] ?? []);
  const to = roomOf(target);
  if (to === null) return from === null ? null : `${target} lies in no room`;
  if (from === to || permits(allowed, to)) return null;
  const list = ['itself', ...allowed].join(', ');
  return `${from ?? file.path} may not import ${to} (${target}); allowed: ${list}`;
}

/** Assets (styles, images) lie outside the tree of sources and are the bundler's business. */
function checkExists(_file: SourceFile, edge: ImportEdge, tree: SourceTree): string | null {
  if (edge.target === null || tree.texts.has(edge.target)) return null;
  if (!/\.(tsx?|mjs)$/.test(edge.target) && /\.\w+$/.test(edge.target)) return null;
  return `${edge.specifier} means ${edge.target}, which does not exist`;
}

function checkElectron({ path }: SourceFile, { specifier }: ImportEdge): string | null {
  if (!/^electron($|\/)/.test(specifier) || /^(electron|test)\//.test(path)) return null;
  return 'only electron/ may import electron';
}

/** The contract is part of the window's bundle. */
function checkRendererNode({ path }: SourceFile, { specifier }: ImportEdge): string | null {
  if (!/^(renderer|engine\/contract)\//.test(path) || !isNodeModule(specifier)) return null;
  return `the window has no Node: ${specifier}`;
}

function checkPure({ path }: SourceFile, { specifier, target }: ImportEdge): string | null {
  if (!isPure(path) || target?.startsWith('engine/')) return null;
  return `${roomOf(path)} is pure and may not import ${specifier}`;
}

function checkStrangers({ path }: SourceFile, { target }: ImportEdge): string | null {
  for (const folder of STRANGERS) {
    const from = nextFolder(folder, path);
    const to = nextFolder(folder, target ?? '');
    if (from !== null && to !== null && from !== to) {
      return `${folder}/${from} and ${folder}/${to} are strangers`;
    }
  }
  return null;
}

function nextFolder(folder: string, file: string): string | null {
  if (!file.startsWith(`${folder}/`)) return null;
  const [name, ...rest] = file.slice(folder.length + 1).split('/');
  return rest.length > 0 ? (name ?? null) : null;
}

function checkTests({ path }: SourceFile, { target }: ImportEdge): string | null {
  if (path.startsWith('test/') || !target?.startsWith('test/')) return null;
  return `${target} is a test's; only tests may import it`;
}

/** What the engine imports is there after an installation without development packages. */
function checkDeclared(
  { path }: SourceFile,
  { specifier, kind }: ImportEdge,
  tree: SourceTree,
): string | null {
  if (!path.startsWith('engine/') || kind === 'type' || isRelative(specifier)) return null;
  if (isNodeModule(specifier)) return null;
  const name = packageName(specifier);
  if (productPackages(tree).has(name)) return null;
  return `${name} is not in the dependencies of package.json`;
}

function productPackages(tree: SourceTree): ReadonlySet<string> {
  const manifest = JSON.parse(tree.texts.get('package.json') ?? '{}');
  return new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
  ]);
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isNodeModule(specifier: string): boolean {
  return specifier.startsWith('node:') || NODE_MODULES.has(specifier);
}

/** Files that import each other in a ring. Starting a thread is not importing. */
function findCycles(tree: SourceTree): readonly Violation[] {
  const done = new Set<string>();
  const violations: Violation[] = [];
  for (const start of tree.sources.keys()) visit(tree, start, [], done, violations);
  return violations;
}

function visit(
  tree: SourceTree,
  file: string,
  trail: readonly string[],
  done: Set<string>,
  violations: Violation[],
): void {
  if (done.has(file)) return;
  const here = [...trail, file];
  for (const { target, kind, line } of tree.sources.get(file)?.imports ?? []) {
    if (target === null || kind === 'entry' || !tree.sources.has(target)) continue;
    const from = here.indexOf(target);
    if (from === -1) visit(tree, target, here, done, violations);
    else {
      const message = `ring of imports: ${[...here.slice(from), target].join(' > ')}`;
      violations.push({ rule: 'no-cycles', file, line, message });
    }
  }
  done.add(file);
}
