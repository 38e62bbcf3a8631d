/**
 * chromium: finds a Chromium for the end-to-end tests, or fetches one.
 *
 * Order     CHROMIUM_PATH, the usual places, playwright's cache; then Debian's package when we are
 *           root there; then playwright's download. What was done is said on stderr.
 * Used by   test.mjs, verify.mjs
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { productEnv, productNode, root, say, seconds } from './bootstrap.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** The path of a Chromium, or null after saying what to do. */
export async function ensureChromium() {
  const found = await findChromium();
  if (found !== null) {
    say(`tickdeck: Chromium for the end-to-end tests: ${found}`);
    return found;
  }
  if (canUseApt()) installWithApt();
  else installWithPlaywright();
  const fetched = await findChromium();
  if (fetched !== null) say(`tickdeck: Chromium fetched: ${fetched}`);
  else {
    say(
      'tickdeck: no Chromium found and none could be fetched; install Chromium or Chrome, or set ' +
        'CHROMIUM_PATH. The end-to-end tests will fail.',
    );
  }
  return fetched;
}

async function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (fs.existsSync(named)) return named;
    say(`tickdeck: CHROMIUM_PATH names ${named}, which does not exist; looking elsewhere`);
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const onPath = [...folders, '/usr/bin'].flatMap((f) => NAMES.map((n) => path.join(f, n)));
  for (const file of [...onPath, ...(PLACES[process.platform] ?? [])]) {
    if (isFile(file)) return file;
  }
  return playwrightChromium();
}

/** Chromium in playwright's own cache, where `playwright-core install` puts it. */
async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright-core');
    const file = chromium.executablePath();
    return isFile(file) ? file : null;
  } catch {
    return null;
  }
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function canUseApt() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    return /^ID=debian$/m.test(fs.readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

function installWithApt() {
  const started = Date.now();
  say('tickdeck: no Chromium here; installing the Debian package (apt-get) ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env };
  spawnSync('apt-get', ['update', '-qq'], quiet);
  const args = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];
  const { status } = spawnSync('apt-get', args, quiet);
  if (status === 0) say(`tickdeck: Chromium installed in ${seconds(started)} s`);
  else installWithPlaywright();
}

function installWithPlaywright() {
  say('tickdeck: no Chromium here; fetching one with playwright-core ...');
  const cli = path.join(root, 'node_modules', 'playwright-core', 'cli.js');
  const args = [cli, 'install', 'chromium'];
  spawnSync(productNode(), args, { stdio: ['ignore', 2, 2], env: productEnv() });
}
