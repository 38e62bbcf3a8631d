/**
 * shell-choice.test: which shell `npm start` opens, and the words that say why.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { repositoryRoot } from '../../support/repository.ts';
import { tempDir } from '../../support/temp-dir.ts';

interface Choice {
  readonly shell: 'desktop' | 'browser' | 'fetch' | 'refuse';
  readonly why: string;
}

interface Facts {
  readonly asksBrowser: boolean;
  readonly asksDesktop: boolean;
  readonly ofBrowser: string | null;
  readonly binary: string | null;
  readonly hasDisplay: boolean;
  readonly isRoot: boolean;
  readonly isCi: boolean;
  readonly failedTry: string | null;
}

interface Module {
  chooseShell(facts: Facts): Choice;
  chooseAfterTry(facts: Facts, binary: string | null, failure: string | null): Choice;
  readChoice(args: readonly string[]): Partial<Facts> & { readonly rest: readonly string[] };
}

/** A desk with a display, nothing asked for, no Electron yet. */
const DESK: Facts = {
  asksBrowser: false,
  asksDesktop: false,
  ofBrowser: null,
  binary: null,
  hasDisplay: true,
  isRoot: false,
  isCi: false,
  failedTry: null,
};

let choice: Module;

before(async () => {
  const file: string = path.join(repositoryRoot, 'scripts', 'shell-choice.mjs');
  choice = (await import(file)) as Module;
});

const CASES: readonly (readonly [string, Partial<Facts>, Choice['shell'], RegExp])[] = [
  ['the binary is there', { binary: 'X' }, 'desktop', /Electron is at X/],
  ['no binary, never tried', {}, 'fetch', /not here yet/],
  [
    'no binary, tried before',
    { failedTry: 'on 2026-01-02 (no)' },
    'browser',
    /on 2026-01-02 \(no\)/,
  ],
  ['no binary in CI', { isCi: true }, 'browser', /CI is set/],
  ['--desktop in CI', { isCi: true, asksDesktop: true }, 'refuse', /nothing is fetched/],
  ['no display', { hasDisplay: false }, 'browser', /no display/],
  [
    'no display, though the binary is there',
    { hasDisplay: false, binary: 'X' },
    'browser',
    /display/,
  ],
  ['root', { isRoot: true, binary: 'X' }, 'browser', /as root/],
  ['--browser', { asksBrowser: true, binary: 'X' }, 'browser', /asked for/],
  ['--port', { ofBrowser: '--port', binary: 'X' }, 'browser', /--port is an option of the browser/],
  ['--desktop, tried before', { asksDesktop: true, failedTry: 'once' }, 'fetch', /not here/],
  ['--desktop without a display', { asksDesktop: true, hasDisplay: false }, 'refuse', /no display/],
  ['--desktop with --port', { asksDesktop: true, ofBrowser: '--port' }, 'refuse', /--port/],
  ['both', { asksDesktop: true, asksBrowser: true }, 'refuse', /exclude each other/],
];

describe('the choice of a shell', () => {
  for (const [name, facts, shell, words] of CASES) {
    it(`${name}: ${shell}`, () => {
      const made = choice.chooseShell({ ...DESK, ...facts });
      assert.equal(made.shell, shell);
      assert.match(made.why, words);
    });
  }

  it('after the one try it is the window, the browser, or the refusal of who insisted', () => {
    assert.equal(choice.chooseAfterTry(DESK, 'X', null).shell, 'desktop');
    const failed = choice.chooseAfterTry(DESK, null, 'no network');
    assert.deepEqual(failed, {
      shell: 'browser',
      why: 'Electron could not be fetched: no network',
    });
    const insisted = { ...DESK, asksDesktop: true };
    assert.equal(choice.chooseAfterTry(insisted, null, 'no network').shell, 'refuse');
  });

  it('takes its own words from the line and leaves the rest', () => {
    const { rest, ...read } = choice.readChoice([
      'start',
      '--desktop',
      '--port=0',
      '--mode',
      'sim',
    ]);
    assert.deepEqual(rest, ['start', '--port=0', '--mode', 'sim']);
    assert.deepEqual(read, { asksBrowser: false, asksDesktop: true, ofBrowser: '--port' });
  });

  it('takes what an installer left midway for no binary', async (t) => {
    const file: string = path.join(repositoryRoot, 'scripts', 'desktop.mjs');
    const { isWhole } = (await import(file)) as {
      isWhole: (folder: string, version: string) => boolean;
    };
    const folder = tempDir(t);
    mkdirSync(path.join(folder, 'dist'));
    writeFileSync(path.join(folder, 'dist', 'version'), '45.4.1');
    writeFileSync(path.join(folder, 'dist', 'electron'), '');
    assert.equal(isWhole(folder, '45.4.1'), false);
    writeFileSync(path.join(folder, 'path.txt'), 'electron');
    assert.equal(isWhole(folder, '45.4.1'), true);
    assert.equal(isWhole(folder, '45.5.0'), false);
  });

  it('refuses at once, before anything is started', () => {
    const script = path.join(repositoryRoot, 'scripts', 'run.mjs');
    const args = [script, 'start', '--browser', '--desktop'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /exclude each other/);
  });
});
