/**
 * plants: small trees that break one tidy rule each, and one that breaks none.
 *
 * The forbidden words are put together from pieces, so that the text of this file is lawful.
 *
 * Imports   nothing.
 */

export interface Plant {
  readonly rule: string;
  readonly name: string;
  /** Where the breach is expected, as `file:line`. */
  readonly at: string;
  readonly files: Readonly<Record<string, string>>;
  readonly hotPathNotGated?: readonly string[];
  readonly buildEntries?: readonly string[];
}

const HEADER = '/** A file of the tests. It does nothing. */\n';
const HOT_HEADER = '/**\n * A file of the tests.\n *\n * Hot path: once a message.\n */\n';

const REMINDER = ['TO', 'DO'].join('');
const HOME = ['', 'home'].join('/');
const REGISTRY = ['registry', ['npm', 'js'].join(''), 'org'].join('.');

function inPure(code: string): Readonly<Record<string, string>> {
  return { 'engine/signals/a.ts': HEADER + code };
}

function inTest(code: string): Readonly<Record<string, string>> {
  return { 'test/unit/a.test.ts': HEADER + code };
}

function bodyOf(lines: number): string {
  return `export function f(): void {\n${'  g();\n'.repeat(lines - 2)}}\n`;
}

const PURE_RULE = 'pure-rooms-have-no-clock-or-chance';
const PURE_USES: readonly (readonly [name: string, code: string])[] = [
  ['Date.now', 'export const a = Date.now();\n'],
  ['new Date', 'export const a = new Date(0);\n'],
  ['Math.random', 'export const a = Math.random();\n'],
  ['performance', 'export const a = performance.now();\n'],
  ['setTimeout', 'setTimeout(f, 1);\n'],
  ['process', 'export const a = process.env;\n'],
  ['console', 'console.log(1);\n'],
];

const LEFT_OUT: readonly (readonly [name: string, code: string])[] = [
  ['it.only', "it.only('a', () => {});\n"],
  ['it.skip', "it.skip('a', () => {});\n"],
  ['describe.skip', "describe.skip('a', () => {});\n"],
  ['it.todo', "it.todo('a');\n"],
  ['the skip option', "it('a', { skip: true }, () => {});\n"],
  ['the only option', "it('a', { only: true }, () => {});\n"],
  ['a run-time skip without a reason', "it('a', (t) => t.skip());\n"],
];

const SIZES: readonly Plant[] = [
  {
    rule: 'file-parses',
    name: 'a syntax error',
    at: 'engine/base/a.ts:1',
    files: { 'engine/base/a.ts': `${HEADER}export const = 1;\n` },
  },
  {
    rule: 'file-length',
    name: '601 lines',
    at: 'engine/base/a.ts:601',
    files: { 'engine/base/a.ts': `${HEADER}${'export {};\n'.repeat(600)}` },
  },
  {
    rule: 'function-length',
    name: 'a function of 71 lines',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': HEADER + bodyOf(71) },
  },
  {
    rule: 'function-length',
    name: 'a method of 71 lines',
    at: 'engine/base/a.ts:3',
    files: {
      'engine/base/a.ts': `${HEADER}export class A {\n  f() {\n${'    g();\n'.repeat(69)}  }\n}\n`,
    },
  },
  {
    rule: 'function-length',
    name: 'a test of 71 lines inside a suite',
    at: 'test/unit/a.test.ts:3',
    files: inTest(`describe('a', () => {\nit('b', () => {\n${'g();\n'.repeat(69)}});\n});\n`),
  },
  {
    rule: 'line-length',
    name: 'a line of 101 columns',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': `${HEADER}// ${'x'.repeat(98)}\n` },
  },
  {
    rule: 'parameters',
    name: 'seven parameters outside the hot path',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': `${HEADER}export function f(a, b, c, d, e, g, h) {}\n` },
  },
  {
    rule: 'header',
    name: 'no header',
    at: 'engine/base/a.ts:1',
    files: { 'engine/base/a.ts': 'export {};\n' },
  },
  {
    rule: 'header',
    name: 'a comment that is not the first thing',
    at: 'engine/base/a.ts:1',
    files: { 'engine/base/a.ts': `export {};\n${HEADER}` },
  },
];

const NAMES: readonly Plant[] = [
  {
    rule: 'engine-has-no-console',
    name: 'in a room that is not pure',
    at: 'engine/runtime/a.ts:2',
    files: { 'engine/runtime/a.ts': `${HEADER}console.error('lost');\n` },
  },
  {
    rule: 'no-default-export',
    name: 'a default export',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': `${HEADER}export default 1;\n` },
  },
  {
    rule: 'no-default-export',
    name: 'a default export by its specifier',
    at: 'engine/base/a.ts:3',
    files: { 'engine/base/a.ts': `${HEADER}const a = 1;\nexport { a as default };\n` },
  },
  {
    rule: 'no-banned-name',
    name: 'a variable called tick',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': `${HEADER}export const tick = 1;\n` },
  },
  {
    rule: 'no-banned-name',
    name: 'a parameter called data',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': `${HEADER}export const f = (data: number) => data;\n` },
  },
];

const TEXTS: readonly Plant[] = [
  {
    rule: 'no-unfinished-work',
    name: 'a reminder in a comment',
    at: 'engine/base/a.ts:2',
    files: { 'engine/base/a.ts': `${HEADER}// ${REMINDER}: later\n` },
  },
  {
    rule: 'no-machine-path',
    name: 'a home folder',
    at: 'README.md:1',
    files: { 'README.md': `see ${HOME}/someone/notes\n` },
  },
  {
    rule: 'no-registry-host',
    name: 'a registry in the npm settings',
    at: '.npmrc:1',
    files: { '.npmrc': `registry=https://${REGISTRY}/\n` },
  },
];

const REACH: readonly Plant[] = [
  {
    rule: 'no-orphan-file',
    name: 'a file that nobody imports',
    at: 'engine/base/a.ts:1',
    files: { 'engine/base/a.ts': HEADER, 'engine/cli/main.ts': HEADER },
  },
  {
    rule: 'no-orphan-file',
    name: 'two files that know only each other',
    at: 'engine/base/a.ts:1',
    files: {
      'engine/base/a.ts': `${HEADER}import './b.ts';\n`,
      'engine/base/b.ts': `${HEADER}import './a.ts';\n`,
    },
  },
  {
    rule: 'hot-path-is-gated',
    name: 'a hot file that a unit test imports',
    at: 'engine/signals/a.ts:1',
    files: {
      'engine/signals/a.ts': HOT_HEADER,
      'test/unit/a.test.ts': `${HEADER}import '../../engine/signals/a.ts';\n`,
    },
  },
  {
    rule: 'hot-path-is-gated',
    name: 'a hot file of which a gate imports only a type',
    at: 'engine/signals/a.ts:1',
    files: {
      'engine/signals/a.ts': HOT_HEADER,
      'test/allocation/a.test.ts': `${HEADER}import type { A } from '../../engine/signals/a.ts';\n`,
    },
  },
  {
    rule: 'exception-is-needed',
    name: 'an exception for a file that is gated',
    at: 'engine/signals/a.ts:1',
    files: {
      'engine/signals/a.ts': HOT_HEADER,
      'test/allocation/a.test.ts': `${HEADER}import '../../engine/signals/a.ts';\n`,
    },
    hotPathNotGated: ['engine/signals/a.ts'],
  },
  {
    rule: 'entry-is-built',
    name: 'a thread that the build does not know',
    at: 'engine/runtime/a.ts:2',
    files: {
      'engine/runtime/a.ts': `${HEADER}start(new URL('../core/worker.ts', import.meta.url));\n`,
      'engine/core/worker.ts': HEADER,
    },
  },
];

export const PLANTS: readonly Plant[] = [
  ...SIZES,
  ...NAMES,
  ...PURE_USES.map(([name, code]) => ({
    rule: PURE_RULE,
    name,
    at: 'engine/signals/a.ts:2',
    files: inPure(code),
  })),
  ...LEFT_OUT.map(([name, code]) => ({
    rule: 'no-test-left-out',
    name,
    at: 'test/unit/a.test.ts:2',
    files: inTest(code),
  })),
  ...TEXTS,
  ...REACH,
];

/** Close to every border, and over none. */
export const LAWFUL_FILES: Readonly<Record<string, string>> = {
  'engine/cli/main.ts': `${HEADER}import '../runtime/a.ts';\nconsole.log('fine');\n`,
  'engine/runtime/a.ts': `${HEADER}start(new URL('../core/worker.ts', import.meta.url));\n`,
  'engine/core/worker.ts': `${HEADER}import '../signals/a.ts';\nimport '../signals/b.ts';\n`,
  'engine/signals/a.ts': `${HOT_HEADER}export function f(a, b, c, d, e, g, h) {}\n`,
  'engine/signals/b.ts': `${HEADER}${bodyOf(70)}export const a = { process: 1 }.process;\n`,
  'test/unit/a.test.ts':
    `${HEADER}import '../../engine/signals/b.ts';\n` +
    `describe('a', () => {\n${"it('b', (t) => t.skip('no capture here'));\n".repeat(80)}});\n`,
  'test/allocation/a.test.ts': `${HEADER}import '../../engine/signals/a.ts';\n`,
  'vite.config.ts': `${HEADER}export default {};\n`,
  'README.md': 'Start it with `npm start`; the books of `../shared` stay where they are.\n',
};
