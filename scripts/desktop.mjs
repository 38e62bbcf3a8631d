/**
 * desktop: where the Electron binary is, the one try to fetch it, and the choice of a shell from
 * it.
 *
 * The try is made by Electron's own installer, for at most 20 s. That it failed is kept in out/, so
 * that it is not tried at every start.
 *
 * Used by   run.mjs, test/electron-real
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { productEnv, productNode, root, say } from './bootstrap.mjs';
import { chooseAfterTry, chooseShell } from './shell-choice.mjs';

const FETCH_LIMIT_MS = 20_000;
const PACKAGE = path.join(root, 'node_modules', 'electron');
const TRY_FILE = path.join(root, 'out', 'electron-fetch.json');
const PLACES = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/**
 * The path of the binary, or null. Looks at files only: Electron's package would fetch. What an
 * installer that was ended midway has left is no binary: it writes path.txt last.
 */
export function electronBinary() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!given && !isWhole(PACKAGE, electronVersion())) return null;
  const folder = given || path.join(PACKAGE, 'dist');
  const file = path.join(folder, PLACES[process.platform] ?? 'electron');
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

/** True when Electron's own installer has come to its end, with this version. */
export function isWhole(folder, version) {
  try {
    const found = fs.readFileSync(path.join(folder, 'dist', 'version'), 'utf8').trim();
    return fs.existsSync(path.join(folder, 'path.txt')) && found.replace(/^v/, '') === version;
  } catch {
    return false;
  }
}

/** Decides, and fetches once when that may help. Answers { shell, why, binary }. */
export function decideShell(asked) {
  const facts = {
    ...asked,
    binary: electronBinary(),
    hasDisplay: hasDisplay(process.platform, process.env),
    isRoot: process.platform === 'linux' && process.getuid?.() === 0,
    isCi: !['', '0', 'false'].includes(process.env.CI ?? ''),
    failedTry: failedTry(),
  };
  const choice = chooseShell(facts);
  if (choice.shell !== 'fetch') return { ...choice, binary: facts.binary };
  const failure = fetchElectron();
  const binary = electronBinary();
  return { ...chooseAfterTry(facts, binary, failure), binary };
}

export function hasDisplay(platform, env) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** Runs Electron's installer; the reason when it failed. */
function fetchElectron() {
  say(`tickdeck: fetching Electron (once, at most ${FETCH_LIMIT_MS / 1000} s) ...`);
  const installer = path.join(PACKAGE, 'install.js');
  const result = spawnSync(productNode(), [installer], {
    cwd: root,
    env: productEnv(),
    encoding: 'utf8',
    timeout: FETCH_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  if (result.status === 0) {
    fs.rmSync(TRY_FILE, { force: true });
    return null;
  }
  const isLate = result.error?.code === 'ETIMEDOUT';
  const [line = ''] = (result.stderr ?? '').split('\n').filter((each) => each.trim() !== '');
  const reason = isLate
    ? `not within ${FETCH_LIMIT_MS / 1000} s`
    : line.trim() || 'no reason given';
  fs.mkdirSync(path.dirname(TRY_FILE), { recursive: true });
  const note = { version: electronVersion(), at: new Date().toISOString(), reason };
  fs.writeFileSync(TRY_FILE, `${JSON.stringify(note)}\n`);
  return reason;
}

/** When this version could not be fetched, in words. */
function failedTry() {
  try {
    const note = JSON.parse(fs.readFileSync(TRY_FILE, 'utf8'));
    if (note.version !== electronVersion()) return null;
    return `on ${String(note.at).slice(0, 10)} (${note.reason})`;
  } catch {
    return null;
  }
}

function electronVersion() {
  return JSON.parse(fs.readFileSync(path.join(PACKAGE, 'package.json'), 'utf8')).version;
}
