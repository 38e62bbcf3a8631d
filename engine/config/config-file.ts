/**
 * config-file: a file of JSON with comments as values that know where they stand.
 *
 * Errors    EngineError 'config/invalid' with file, line and column.
 * Imports   base; jsonc-parser.
 */
import fs from 'node:fs';
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { EngineError } from '../base/errors.ts';

/** A value of the file, or an object of them. */
export interface PlacedValue {
  readonly value: unknown;
  /** "file:line:column" */
  readonly place: string;
  /** Members of an object, in order; null for anything else. */
  readonly members: ReadonlyMap<string, PlacedValue> | null;
}

const FILE_BYTES_MAX = 1_000_000;

/** Reads a configuration file. */
export function readConfigFile(file: string): PlacedValue {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid(file, `cannot be read (${code ?? 'unknown'}); check the path`, error);
  }
  if (text.length > FILE_BYTES_MAX) throw invalid(file, 'is longer than a configuration can be');
  return parseConfigText(text, file);
}

export function parseConfigText(text: string, file: string): PlacedValue {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const error = errors[0];
  if (error !== undefined) {
    const what = printParseErrorCode(error.error)
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    throw invalid(placeOf(text, error.offset, file), `${what}; correct the file`);
  }
  if (root === undefined) return { value: {}, place: `${file}:1:1`, members: new Map() };
  const placed = placedOf(root, text, file);
  if (placed.members === null) throw invalid(placed.place, 'must be an object: { … }');
  return placed;
}

function placedOf(node: Node, text: string, file: string): PlacedValue {
  const place = placeOf(text, node.offset, file);
  if (node.type !== 'object') return { value: plainOf(node), place, members: null };
  const members = new Map<string, PlacedValue>();
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    const name = String(key.value);
    const at = placeOf(text, key.offset, file);
    if (members.has(name)) throw invalid(at, `"${name}" stands here twice; keep one`);
    members.set(name, { ...placedOf(value, text, file), place: at });
  }
  return { value: plainOf(node), place, members };
}

function plainOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainOf);
  if (node.type !== 'object') return node.value as unknown;
  const entries = (node.children ?? []).map(({ children = [] }): [string, unknown] => [
    String(children[0]?.value),
    children[1] === undefined ? null : plainOf(children[1]),
  ]);
  return Object.fromEntries(entries);
}

function placeOf(text: string, offset: number, file: string): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${file}:${line}:${offset - before.lastIndexOf('\n')}`;
}

export function invalid(place: string, problem: string, cause?: unknown): EngineError {
  return new EngineError('config/invalid', `${place}: ${problem}`, { place }, cause);
}
