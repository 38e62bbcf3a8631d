/**
 * packaging.test: packs the application with a stand-in for Electron, opens what came out, and runs
 * the packed engine and the packed shell.
 *
 * What it does not show: that the real Electron starts from it, installers, signing.
 *
 * Imports   @electron/asar, @electron/fuses; test/support.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { extractAll, extractFile, listPackage, statFile } from '@electron/asar';
import { FuseV1Options, FuseState, getCurrentFuseWire } from '@electron/fuses';
import { QUIET_MARKET } from '../support/desktop-journey.ts';
import { startDebugChromium } from '../support/debug-chromium.ts';
import { DesktopHost } from '../support/desktop-host.ts';
import { repositoryRoot } from '../support/repository.ts';
import { until } from '../support/until.ts';
import { makeElectronStandIn } from './stand-in.ts';

const GOLDEN = path.join(repositoryRoot, 'test', 'packaging', 'package-files.txt');
const MIB = 1024 * 1024;
/** The archive and what lies unpacked beside it, without Electron. */
const SIZE_MAX = 8 * MIB;
const ICON_MAX = 500_000;

const ENTRIES = [
  'out/app/electron/main/main.js',
  'out/app/electron/preload/preload.cjs',
  'out/app/electron/engine-host/engine-host.js',
  'out/app/electron/exchange-host/exchange-host.js',
  'out/app/engine/core/trading-worker.js',
  'out/app/engine/journal/journal-worker.js',
  'out/app/engine/exchange/entry.js',
  'out/renderer/index.html',
  'package.json',
];

/** Started as processes or threads, and so must be plain files. */
const STARTED = /^out\/app\/(engine|packages|electron\/(engine|exchange)-host)\//;

const FUSES: Readonly<Record<keyof typeof FuseV1Options, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};

const PACKAGE_OF_SOURCE = /node_modules\/((?:@[^/]+\/)?[^/]+)\//;

let folder = '';
let resources = '';
let archive = '';
let files: readonly string[] = [];

before(
  () => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'tickdeck-package-'));
    const standIn = path.join(folder, 'electron');
    fs.mkdirSync(standIn);
    makeElectronStandIn(standIn, versionOf('electron'));
    const target = path.join(folder, 'dist');
    const script = path.join(repositoryRoot, 'scripts', 'package.mjs');
    const args = [
      script,
      '--linux',
      'dir',
      '--x64',
      `--config.electronDist=${standIn}`,
      `--config.directories.output=${target}`,
    ];
    const packed = spawnSync(process.execPath, args, { cwd: repositoryRoot, encoding: 'utf8' });
    assert.equal(packed.status, 0, `${packed.stdout}\n${packed.stderr}`);
    resources = path.join(target, 'linux-unpacked', 'resources');
    archive = path.join(resources, 'app.asar');
    files = filesOfArchive();
  },
  { timeout: 180_000 },
);

after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function versionOf(name: string): string {
  const file = path.join(repositoryRoot, 'node_modules', name, 'package.json');
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;
}

function filesOfArchive(): readonly string[] {
  return listPackage(archive, { isPack: false })
    .map((name) => name.replace(/^[\\/]/, '').replaceAll('\\', '/'))
    .filter((name) => !('files' in statFile(archive, name)))
    .toSorted();
}

function builtFiles(part: string): readonly string[] {
  const from = path.join(repositoryRoot, part);
  return fs
    .readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.map$|^\.inputs$/.test(entry.name))
    .map((entry) => path.relative(repositoryRoot, path.join(entry.parentPath, entry.name)))
    .map((name) => name.split(path.sep).join('/'));
}

/** The packages whose sources the maps of a part name, and `more`. */
function packagesOf(part: string, more: readonly string[] = []): readonly string[] {
  const from = path.join(repositoryRoot, part);
  const maps = fs
    .readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.map'))
    .map((name) => fs.readFileSync(path.join(from, name), 'utf8'));
  const sources = maps.flatMap((text) => (JSON.parse(text) as { sources: string[] }).sources);
  const names = sources.map((source) => PACKAGE_OF_SOURCE.exec(source)?.[1]);
  return [...new Set([...names.filter((name) => name !== undefined), ...more])];
}

/** By part of the build; fonts come by way of style sheets, which no map names. */
function bundledPackages(): Readonly<Record<string, readonly string[]>> {
  const fonts = ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'];
  return { 'out/app': packagesOf('out/app'), 'out/renderer': packagesOf('out/renderer', fonts) };
}

/** Folders with the kinds of files in them; hashes in names and single sources do not matter. */
function shapeOf(names: readonly string[]): readonly string[] {
  const kinds = names.map((name) => `${path.posix.dirname(name)}/*${path.posix.extname(name)}`);
  return [...new Set(kinds)].toSorted();
}

function isUnpacked(name: string): boolean {
  const entry = statFile(archive, name);
  return 'unpacked' in entry && entry.unpacked;
}

/** Runs the packed engine from where no package of ours can be found. */
function runEngine(...args: readonly string[]) {
  const main = path.join(`${archive}.unpacked`, 'out/app/engine/cli/main.js');
  const options = { cwd: folder, encoding: 'utf8', timeout: 120_000 } as const;
  return spawnSync(process.execPath, [main, ...args], options);
}

function sizeOf(name: string): number {
  return fs.statSync(path.join(repositoryRoot, 'assets', name)).size;
}

describe('the archive', () => {
  test('holds every entry, and all that was built, and nothing else', () => {
    for (const entry of ENTRIES) assert.ok(files.includes(entry), `${entry} is packed`);
    const built = [...builtFiles('out/app'), ...builtFiles('out/renderer')];
    assert.deepEqual(files, [...built, 'LICENSE', 'package.json'].toSorted());
  });

  test('holds no map, no source, no test, no package folder', () => {
    const wrong = files.filter((name) =>
      /\.map$|\.tsx?$|\.test\.|node_modules|(^|\/)test\/|\.env|\.git|\.inputs/.test(name),
    );
    assert.deepEqual(wrong, []);
  });

  test('has the folders of the committed list', (t) => {
    const shape = `${shapeOf(files).join('\n')}\n`;
    if (process.env['TICKDECK_WRITE_LISTS'] === '1') fs.writeFileSync(GOLDEN, shape);
    assert.equal(shape, fs.readFileSync(GOLDEN, 'utf8'), 'TICKDECK_WRITE_LISTS=1 writes it anew');
    t.diagnostic(`${files.length} files in ${shapeOf(files).length} kinds`);
  });

  test('carries the licence of every package that is bundled', () => {
    for (const [part, names] of Object.entries(bundledPackages())) {
      const text = extractFile(archive, `${part}/third-party.txt`).toString();
      assert.ok(names.length > 0, `${part} bundles packages`);
      for (const name of names) {
        assert.ok(text.includes(`${name} ${versionOf(name)} (`), `${part} names ${name}`);
      }
      assert.doesNotMatch(text, /\(undefined\)|^undefined /m);
    }
  });

  test('leaves what starts as a process or a thread beside it as plain files', () => {
    for (const name of files.filter((each) => STARTED.test(each))) {
      assert.ok(isUnpacked(name), `${name} is unpacked`);
      assert.ok(fs.existsSync(path.join(`${archive}.unpacked`, name)), name);
    }
    assert.ok(!isUnpacked('out/app/electron/main/main.js'), 'main stays in the archive');
    assert.ok(!isUnpacked('out/renderer/index.html'), 'the window stays in the archive');
  });

  test('names main and version, and neither scripts nor development packages', () => {
    const text = extractFile(archive, 'package.json').toString();
    const { main, version, name, ...rest } = JSON.parse(text) as Record<string, unknown>;
    assert.equal(main, 'out/app/electron/main/main.js');
    assert.equal(name, 'tickdeck');
    const file = path.join(repositoryRoot, 'package.json');
    assert.equal(
      version,
      (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version,
    );
    assert.ok(!('devDependencies' in rest) && !('scripts' in rest));
  });

  test('is small', (t) => {
    const unpacked = fs
      .readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
    const bytes = fs.statSync(archive).size + unpacked;
    t.diagnostic(`${(bytes / MIB).toFixed(2)} MiB, ${(unpacked / MIB).toFixed(2)} of it unpacked`);
    assert.ok(bytes < SIZE_MAX, `${bytes} bytes; at most ${SIZE_MAX}`);
  });

  test('asks a placeholder for updates', () => {
    const update = fs.readFileSync(path.join(resources, 'app-update.yml'), 'utf8');
    assert.match(update, /provider: generic/);
    assert.match(update, /url: https:\/\/updates\.tickdeck\.invalid\//);
  });
});

describe('the binary', () => {
  test('has every fuse as it must be', async () => {
    const wire = await getCurrentFuseWire(path.join(resources, '..', 'tickdeck-desktop'));
    for (const [name, isOn] of Object.entries(FUSES)) {
      const state = wire[FuseV1Options[name as keyof typeof FuseV1Options]];
      assert.equal(state, isOn ? FuseState.ENABLE : FuseState.DISABLE, name);
    }
  });

  test('is packed as the version that is installed', () => {
    const config = fs.readFileSync(path.join(repositoryRoot, 'electron-builder.yml'), 'utf8');
    assert.match(config, new RegExp(`electronVersion: ${versionOf('electron')}\n`));
  });
});

describe('icons', () => {
  test('of every platform are there and small', () => {
    for (const side of [16, 32, 48, 64, 128, 256, 512]) {
      const name = `icons/${side}x${side}.png`;
      const png = fs.readFileSync(path.join(repositoryRoot, 'assets', name));
      assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [side, side], name);
      assert.ok(sizeOf(name) < ICON_MAX);
    }
    const ico = fs.readFileSync(path.join(repositoryRoot, 'assets/icon.ico'));
    assert.deepEqual([ico.readUInt16LE(2), ico.readUInt16LE(4)], [1, 7]);
    const icns = fs.readFileSync(path.join(repositoryRoot, 'assets/icon.icns'));
    assert.equal(icns.toString('latin1', 0, 4), 'icns');
    assert.equal(icns.readUInt32BE(4), icns.length);
    assert.ok(sizeOf('icon.ico') < ICON_MAX && sizeOf('icon.icns') < ICON_MAX);
  });
});

describe('what is packed runs', () => {
  test('the engine trades on the simulated exchange for a moment, threads and all', () => {
    const { status, stdout, stderr } = runEngine(
      ...['headless', '--seconds', '2', '--json'],
      ...['--data-dir', path.join(folder, 'engine-data'), '--rate', '100'],
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /"mode":"sim"/);
  });

  test('the doctor finds its way', () => {
    const { status, stdout, stderr } = runEngine('doctor', '--json');
    assert.ok(status === 0 || status === 1, `${stdout}${stderr}`);
    assert.doesNotThrow(() => JSON.parse(stdout));
  });

  test('the shell opens its window in the test host and its engine comes up', async (t) => {
    const opened = path.join(folder, 'opened');
    extractAll(archive, opened);
    const chromium = await startDebugChromium();
    t.after(() => chromium.close());
    const main = path.join(opened, 'out/app/electron/main/main.js');
    const args = ['--data-dir', path.join(folder, 'desktop-data'), ...QUIET_MARKET];
    const host = new DesktopHost({ main, chromium, args, appFolder: opened });
    t.after(() => host.close());
    const page = await host.page();
    await until(() => page.evaluate(() => document.querySelector('.app') !== null), {
      what: 'the terminal',
      timeoutMs: 45_000,
    });
    await until(async () => (await host.ask('tray'))[0]?.toolTip.includes('SIM DISARMED'), {
      what: 'the engine',
      timeoutMs: 45_000,
    });
  });
});
