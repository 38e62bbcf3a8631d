/**
 * imports: every way in which a file names another file.
 *
 * Kinds     static    `import … from`, `export … from`
 *           type      the same with `type`, and `import('…')` in a type
 *           dynamic   `import('…')`
 *           entry     `f('./x.ts', import.meta.url)`: a thread or process that starts with that
 *           file
 * Imports   ./walk.
 */
import { childOf, childrenOf, stringOf, walk, type AstNode } from './walk.ts';

export type ImportKind = 'static' | 'type' | 'dynamic' | 'entry';

export interface ImportEdge {
  readonly specifier: string;
  readonly kind: ImportKind;
  readonly line: number;
  /** The file meant, relative to the repository; null for a package or a Node module. */
  readonly target: string | null;
}

/** What follows a specifier without its ending: the sources that it may mean. */
const ENDINGS = ['', '.ts', '.tsx', '.mjs', '.d.ts'];

export function findImports(
  file: string,
  program: AstNode,
  lineOf: (offset: number) => number,
  files: ReadonlyMap<string, string>,
): readonly ImportEdge[] {
  const edges: ImportEdge[] = [];
  walk(program, (node) => {
    const found = importIn(node);
    if (found === null) return;
    const { specifier, kind } = found;
    const target = isRelative(specifier) ? resolve(file, specifier, files) : null;
    edges.push({ specifier, kind, line: lineOf(node.start), target });
  });
  return edges;
}

function importIn(node: AstNode): { specifier: string; kind: ImportKind } | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return staticImport(node);
    case 'ImportExpression':
      return named(childOf(node, 'source'), 'dynamic');
    case 'TSImportType':
      return named(childOf(node, 'source') ?? childOf(node, 'argument'), 'type');
    case 'NewExpression':
    case 'CallExpression':
      return entryImport(node);
    default:
      return null;
  }
}

function staticImport(node: AstNode): { specifier: string; kind: ImportKind } | null {
  const isType = node['importKind'] === 'type' || node['exportKind'] === 'type';
  return named(childOf(node, 'source'), isType ? 'type' : 'static');
}

/** `new URL('./x.ts', import.meta.url)`, or a helper called in the same form. */
function entryImport(node: AstNode): { specifier: string; kind: ImportKind } | null {
  const [first, second] = childrenOf(node, 'arguments');
  const specifier = stringOf(first) ?? templateOf(first);
  if (specifier === null) return null;
  const callee = childOf(node, 'callee');
  if (callee?.type === 'Identifier' && callee['name'] === 'require') {
    return { specifier, kind: 'dynamic' };
  }
  const base = second === undefined ? null : childOf(second, 'object');
  if (base?.type !== 'MetaProperty' || !looksLikeSource(specifier)) return null;
  return { specifier, kind: 'entry' };
}

/** The fixed text of a template: `./x${ending}` names the same source as './x'. */
function templateOf(node: AstNode | undefined): string | null {
  if (node?.type !== 'TemplateLiteral') return null;
  const parts = childrenOf(node, 'quasis').map((part) => part['value'] as { cooked?: string });
  return parts.map((part) => part.cooked ?? '').join('');
}

function looksLikeSource(specifier: string): boolean {
  if (!isRelative(specifier) || specifier.endsWith('/')) return false;
  const name = specifier.slice(specifier.lastIndexOf('/') + 1);
  return !name.includes('.') || /\.(ts|tsx|mjs|js)$/.test(name);
}

function named(
  node: AstNode | null,
  kind: ImportKind,
): { specifier: string; kind: ImportKind } | null {
  const literal = node?.type === 'TSLiteralType' ? childOf(node, 'literal') : node;
  const specifier = stringOf(literal);
  return specifier === null ? null : { specifier, kind };
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('./') || specifier.startsWith('../');
}

function resolve(file: string, specifier: string, files: ReadonlyMap<string, string>): string {
  const clean = specifier.replace(/\?.*$/, '');
  const parts = file.split('/').slice(0, -1);
  for (const part of clean.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const joined = parts.join('/');
  const asSource = joined.replace(/\.js$/, '.ts');
  const found = ENDINGS.map((ending) => asSource + ending).find((name) => files.has(name));
  return found ?? joined;
}
