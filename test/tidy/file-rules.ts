/**
 * file-rules: what can be said about one source file by itself: sizes, header, names, forbidden
 * calls.
 *
 * Imports   ./layer-table, ./source-tree, ./walk.
 */
import { isPure } from './layer-table.ts';
import type { SourceFile, Violation } from './source-tree.ts';
import {
  childOf,
  childrenOf,
  isFunction,
  isMemberName,
  nameOf,
  propertyOf,
  stringOf,
  walk,
  type AstNode,
} from './walk.ts';

export const FILE_LINES_MAX = 600;
export const FUNCTION_LINES_MAX = 70;
export const LINE_COLUMNS_MAX = 100;
export const PARAMETERS_MAX = 6;

/** A finding in a file: where, and what is wrong. */
interface Finding {
  readonly line: number;
  readonly message: string;
}

type FileRule = (file: SourceFile) => readonly Finding[];

export const FILE_RULES: Readonly<Record<string, FileRule>> = {
  'file-parses': ({ errors }) => errors.map((message) => ({ line: 1, message })),
  'file-length': checkFileLength,
  'function-length': checkFunctionLength,
  'line-length': checkLineLength,
  parameters: checkParameters,
  header: checkHeader,
  'pure-rooms-have-no-clock-or-chance': checkPureGlobals,
  'engine-has-no-console': checkConsole,
  'no-test-left-out': checkLeftOut,
  'no-default-export': checkDefaultExport,
  'no-banned-name': checkNames,
};

export function checkFile(file: SourceFile): readonly Violation[] {
  return Object.entries(FILE_RULES).flatMap(([rule, check]) =>
    check(file).map((finding) => ({ rule, file: file.path, ...finding })),
  );
}

/** The opening comment of a file, or null. A first line for the shell may precede it. */
export function headerOf(file: SourceFile): string | null {
  const [first] = file.comments;
  if (first === undefined || first.type !== 'Block' || !first.value.startsWith('*')) return null;
  const before = file.text.slice(0, first.start).replace(/^#!.*\n/, '');
  return before.trim() === '' ? first.value : null;
}

/** A header that says `Hot path: no…` explains why the file is not on it. */
export function isHotPath(file: SourceFile): boolean {
  return /^\s*\*?\s*Hot path:(?!\s*(no|not|none|never)\b)/m.test(headerOf(file) ?? '');
}

function checkFileLength({ text }: SourceFile): readonly Finding[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= FILE_LINES_MAX) return [];
  return [{ line: lines, message: `${lines} lines; at most ${FILE_LINES_MAX}` }];
}

function checkFunctionLength(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  walk(file.program, (node, parent) => {
    if (!isFunction(node) || isSuite(file, parent)) return;
    const line = file.lineOf(node.start);
    const lines = file.lineOf(node.end) - line + 1;
    if (lines <= FUNCTION_LINES_MAX) return;
    findings.push({ line, message: `function of ${lines} lines; at most ${FUNCTION_LINES_MAX}` });
  });
  return findings;
}

/** The body of `describe` is a list of tests, not a function to be read as one. */
function isSuite(file: SourceFile, parent: AstNode | null): boolean {
  if (!file.path.startsWith('test/') || parent?.type !== 'CallExpression') return false;
  return ['describe', 'suite'].includes(nameOf(childOf(parent, 'callee')) ?? '');
}

function checkLineLength({ text }: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  text.split('\n').forEach((content, index) => {
    const columns = Array.from(content).length;
    if (columns <= LINE_COLUMNS_MAX) return;
    findings.push({
      line: index + 1,
      message: `${columns} columns; at most ${LINE_COLUMNS_MAX}`,
    });
  });
  return findings;
}

/** On the hot path numbers are passed one by one, because an object would be allocated. */
function checkParameters(file: SourceFile): readonly Finding[] {
  if (isHotPath(file)) return [];
  const findings: Finding[] = [];
  walk(file.program, (node) => {
    if (!isFunction(node)) return;
    const count = childrenOf(node, 'params').length;
    if (count <= PARAMETERS_MAX) return;
    const message = `${count} parameters; at most ${PARAMETERS_MAX} outside the hot path`;
    findings.push({ line: file.lineOf(node.start), message });
  });
  return findings;
}

const HEADER_CHARACTERS_MIN = 20;

function checkHeader(file: SourceFile): readonly Finding[] {
  const header = headerOf(file);
  if (header !== null && header.length >= HEADER_CHARACTERS_MIN) return [];
  return [{ line: 1, message: 'the file does not open with a comment that says what it is' }];
}

const PURE_GLOBALS = new Set([
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'process',
  'console',
  'globalThis',
  'fetch',
  'crypto',
]);

function checkPureGlobals(file: SourceFile): readonly Finding[] {
  if (!isPure(file.path)) return [];
  return globalUses(file, (node, name) => {
    if (PURE_GLOBALS.has(name)) return `${name} in a pure room`;
    const isChance = node.type === 'MemberExpression' && name === 'Math.random';
    return isChance ? 'Math.random in a pure room; randomness comes as an argument' : null;
  });
}

/** The engine speaks through its journal, its events and its exit code; only the CLI prints. */
function checkConsole(file: SourceFile): readonly Finding[] {
  if (!file.path.startsWith('engine/') || file.path.startsWith('engine/cli/')) return [];
  return globalUses(file, (_node, name) => (name === 'console' ? 'console in the engine' : null));
}

/** Asks `judge` about each identifier that refers to something, and each `object.name`. */
function globalUses(
  file: SourceFile,
  judge: (node: AstNode, name: string) => string | null,
): readonly Finding[] {
  const findings: Finding[] = [];
  walk(file.program, (node, parent, key) => {
    const property = propertyOf(node);
    const identifier = isMemberName(parent, key) ? null : nameOf(node);
    const object = node.type === 'MemberExpression' ? nameOf(childOf(node, 'object')) : null;
    const name = property === null ? identifier : `${object ?? ''}.${property}`;
    const message = name === null ? null : judge(node, name);
    if (message !== null) findings.push({ line: file.lineOf(node.start), message });
  });
  return findings;
}

const TEST_CALLS = new Set(['it', 'test', 'describe', 'suite', 'before', 'after']);
const LEFT_OUT = new Set(['only', 'skip', 'todo', 'skipIf', 'runIf', 'fails']);
const LEFT_OUT_CALLS = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe']);

/** A test leaves itself out at run time, with a reason: `t.skip('why')`. Nothing else does. */
function checkLeftOut(file: SourceFile): readonly Finding[] {
  if (!file.path.startsWith('test/')) return [];
  const findings: Finding[] = [];
  walk(file.program, (node) => {
    const message = node.type === 'CallExpression' ? leftOut(node) : null;
    if (message !== null) findings.push({ line: file.lineOf(node.start), message });
  });
  return findings;
}

function leftOut(call: AstNode): string | null {
  const callee = childOf(call, 'callee');
  if (callee === null) return null;
  const name = nameOf(callee);
  if (name !== null && LEFT_OUT_CALLS.has(name)) return `${name} leaves a test out`;
  const property = propertyOf(callee);
  const owner = nameOf(childOf(callee, 'object')) ?? '';
  if (property !== null && LEFT_OUT.has(property)) {
    if (TEST_CALLS.has(owner)) return `${owner}.${property} leaves a test out`;
    const isRunTime = owner === 't' || owner === 'context';
    const hasReason = childrenOf(call, 'arguments').length > 0;
    if (isRunTime && !hasReason) return `${owner}.${property}() gives no reason`;
  }
  return name !== null && TEST_CALLS.has(name) ? leftOutByOption(call) : null;
}

function leftOutByOption(call: AstNode): string | null {
  for (const options of childrenOf(call, 'arguments')) {
    if (options.type !== 'ObjectExpression') continue;
    for (const property of childrenOf(options, 'properties')) {
      const name = nameOf(childOf(property, 'key'));
      if (name === null || !LEFT_OUT.has(name)) continue;
      if (name !== 'skip' || childOf(property, 'value')?.['value'] === true) {
        return `{ ${name} } leaves a test out`;
      }
    }
  }
  return null;
}

function checkDefaultExport(file: SourceFile): readonly Finding[] {
  if (/^[^/]+\.config\.ts$/.test(file.path)) return [];
  const findings: Finding[] = [];
  walk(file.program, (node) => {
    const isDefault =
      node.type === 'ExportDefaultDeclaration' ||
      (node.type === 'ExportSpecifier' && exportedName(node) === 'default');
    if (!isDefault) return;
    findings.push({ line: file.lineOf(node.start), message: 'exports have names' });
  });
  return findings;
}

function exportedName(specifier: AstNode): string | null {
  const exported = childOf(specifier, 'exported');
  return nameOf(exported) ?? stringOf(exported);
}

/** Names that say nothing, or two things at once. */
const BANNED_NAMES = new Set([
  'tick',
  'data',
  'stuff',
  'foo',
  'manager2',
  'utils',
  'helper',
  'tmp',
]);

function checkNames(file: SourceFile): readonly Finding[] {
  const findings: Finding[] = [];
  walk(file.program, (node, parent, key) => {
    const name = nameOf(node);
    if (name === null || !BANNED_NAMES.has(name) || !isDeclared(parent, key)) return;
    const message = `"${name}" says too little; name the thing (ticks, tickSize, frame, payload …)`;
    findings.push({ line: file.lineOf(node.start), message });
  });
  return findings;
}

/** True where an identifier introduces a variable, a parameter, a function or a type. */
function isDeclared(parent: AstNode | null, key: string): boolean {
  if (parent === null) return false;
  if (parent.type === 'VariableDeclarator' || parent.type === 'FunctionDeclaration') {
    return key === 'id' || key === 'params';
  }
  if (parent.type === 'ClassDeclaration' || parent.type === 'TSInterfaceDeclaration') {
    return key === 'id';
  }
  return key === 'params';
}
