/**
 * source-tree: the repository's text, parsed once, as the rules see it.
 *
 * A tree is made from a map of path to text, so that a planted breach is checked by the very code
 * that checks the repository. Paths are relative to the repository, with forward slashes.
 *
 * Imports   ./imports, vite's parser.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';
import { findImports, type ImportEdge } from './imports.ts';
import type { AstNode } from './walk.ts';

export type FileMap = ReadonlyMap<string, string>;

export interface Comment {
  readonly type: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** One parsed TypeScript or JavaScript file. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly program: AstNode;
  readonly comments: readonly Comment[];
  readonly imports: readonly ImportEdge[];
  /** What the parser could not read; empty in a lawful file. */
  readonly errors: readonly string[];
  /** 1-based line of an offset. */
  lineOf(offset: number): number;
}

export interface SourceTree {
  readonly texts: FileMap;
  readonly sources: ReadonlyMap<string, SourceFile>;
}

export interface Violation {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

const SOURCE = /\.(ts|tsx|mjs)$/;
const BINARY = /\.(png|jpg|woff2?|ico|icns|wasm|gz|zip|tape|bin)$/;
const OUTSIDE = new Set(['.git', 'node_modules', 'out', 'coverage']);
const TEXT_BYTES_MAX = 1_000_000;

export function parseTree(texts: FileMap): SourceTree {
  const sources = new Map<string, SourceFile>();
  for (const [file, text] of texts) {
    if (SOURCE.test(file)) sources.set(file, parseSource(file, text, texts));
  }
  return { texts, sources };
}

/** Every text file of the work tree, packages and build output aside. */
export function readRepository(root: string): FileMap {
  const texts = new Map<string, string>();
  addFolder(root, '', texts);
  return texts;
}

export function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  return parseTree(new Map(Object.entries(files)));
}

export function sortViolations(violations: readonly Violation[]): readonly Violation[] {
  return violations.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** One line per breach, ready for a failure message: `file:line: rule: what is wrong`. */
export function listOf(violations: readonly Violation[]): string {
  return sortViolations(violations)
    .map(({ rule, file, line, message }) => `${file}:${line}: ${rule}: ${message}`)
    .join('\n');
}

function parseSource(file: string, text: string, texts: FileMap): SourceFile {
  const { program, comments, errors } = parseSync(file, text, { astType: 'ts' });
  const starts = lineStarts(text);
  const lineOf = (offset: number): number => lineAt(starts, offset);
  const root = program as unknown as AstNode;
  return {
    path: file,
    text,
    program: root,
    comments,
    imports: findImports(file, root, lineOf, texts),
    errors: errors.map((error) => error.message),
    lineOf,
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

function addFolder(root: string, folder: string, texts: Map<string, string>): void {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (OUTSIDE.has(entry.name)) continue;
    if (entry.isDirectory()) addFolder(root, name, texts);
    else if (entry.isFile()) addFile(root, name, texts);
  }
}

/** A file that another process removes in this moment is not part of the tree. */
function addFile(root: string, name: string, texts: Map<string, string>): void {
  const file = path.join(root, name);
  if (BINARY.test(name) || !existsSync(file) || statSync(file).size > TEXT_BYTES_MAX) return;
  texts.set(name, readFileSync(file, 'utf8'));
}
