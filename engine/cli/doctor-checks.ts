/**
 * doctor-checks: what `tickdeck doctor` looks at, one function each. None of them changes anything.
 *
 * Imports   base, journal, runtime/control.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EngineError, messageOf } from '../base/errors.ts';
import { JournalReader, listSessions } from '../journal/journal-reader.ts';
import { exposureLatch, haltLatch } from '../journal/latch-file.ts';
import { ControlClient } from '../runtime/control/control-client.ts';

export interface Finding {
  readonly what: string;
  /** 'missing' is worth knowing; 'wrong' must be put right. */
  readonly level: 'fine' | 'missing' | 'wrong';
  readonly text: string;
}

const NODE_MAJOR = 24;
const FREE_BYTES_MIN = 512 * 1024 * 1024;
/** A journal larger than this is not read through here. */
const VERIFY_BYTES_MAX = 1024 * 1024 * 1024;

export function checkNode(version: string): Finding {
  const what = 'node';
  if (Number.parseInt(version, 10) >= NODE_MAJOR) return { what, level: 'fine', text: version };
  const text = `${version}; Tickdeck runs on Node ${NODE_MAJOR} or newer: run it by "npm start"`;
  return { what, level: 'wrong', text };
}

export function checkFolder(folder: string): Finding {
  const what = 'data folder';
  const existing = nearestExisting(folder);
  try {
    fs.accessSync(existing, fs.constants.W_OK);
    const { bavail, bsize } = fs.statfsSync(existing);
    const free = bavail * bsize;
    const text = `${folder}; ${(free / 1e9).toFixed(1)} GB free`;
    if (free < FREE_BYTES_MIN) return { what, level: 'wrong', text: `${text}; make room` };
    const made = existing === folder ? '' : '; made at the first start';
    return { what, level: 'fine', text: text + made };
  } catch (error) {
    const text = `${folder}: ${messageOf(error)}; give another --data-dir`;
    return { what, level: 'wrong', text };
  }
}

function nearestExisting(folder: string): string {
  let found = path.resolve(folder);
  while (!fs.existsSync(found) && path.dirname(found) !== found) found = path.dirname(found);
  return found;
}

export async function checkEngine(folder: string): Promise<Finding> {
  const what = 'engine';
  try {
    const client = await ControlClient.connect(folder, 'tickdeck doctor');
    try {
      const { product, session } = await client.hello;
      const status = await client.ask('status', {});
      const text = `runs: ${product}, session ${session}, ${status.state}`;
      return { what, level: 'fine', text };
    } finally {
      client.close();
    }
  } catch (error) {
    if (error instanceof EngineError && error.code === 'runtime/not-running') {
      return { what, level: 'fine', text: 'none runs on this data folder' };
    }
    return { what, level: 'wrong', text: messageOf(error) };
  }
}

/** Latches are wrong only when no engine is there that answers for them; a person must look. */
export function checkLatches(folder: string): Finding[] {
  const findings: Finding[] = [];
  const halt = haltLatch(folder).read();
  if (halt !== null) {
    const text = `${halt.reason}; an engine starts HALTED until a person resumes it`;
    findings.push({ what: 'halted', level: 'wrong', text });
  }
  const exposure = exposureLatch(folder).read();
  if (exposure !== null) {
    const text =
      `session ${exposure.session || 'unknown'} armed or sent orders and has not stood down; ` +
      'after a crash the next start is HALTED and reconciles';
    findings.push({ what: 'exposed', level: 'missing', text });
  }
  return findings;
}

export function checkJournal(folder: string): Finding[] {
  const what = 'journal';
  const journal = path.join(folder, 'journal');
  const sessions = listSessions(journal);
  const newest = sessions.at(-1);
  if (newest === undefined) return [{ what, level: 'fine', text: 'none yet' }];
  const bytes = sessions.reduce((sum, session) => sum + session.bytes, 0);
  const size = `${sessions.length} sessions, ${(bytes / 1e6).toFixed(1)} MB`;
  if (newest.bytes > VERIFY_BYTES_MAX) {
    return [{ what, level: 'fine', text: `${size}; the newest is too long to check here` }];
  }
  try {
    const reader = new JournalReader(journal, newest.session);
    reader.read(() => undefined);
    const lost = reader.gapSlots > 0 ? `, ${reader.gapSlots} slots lost by its writer` : '';
    const text = `${size}; ${newest.session} is whole: ${reader.slots} slots${lost}`;
    const warnings = reader.warnings.map((warning): Finding => ({
      what,
      level: 'missing',
      text: warning,
    }));
    return [{ what, level: 'fine', text }, ...warnings];
  } catch (error) {
    return [{ what, level: 'wrong', text: messageOf(error) }];
  }
}

const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];
const BROWSER_PLACES: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

export function checkBrowser(): Finding {
  const what = 'chromium';
  const found = findBrowser();
  if (found !== null) return { what, level: 'fine', text: found };
  const text = 'not found; the end-to-end tests need it: install it or set CHROMIUM_PATH';
  return { what, level: 'missing', text };
}

function findBrowser(): string | null {
  const named = process.env['CHROMIUM_PATH'] ?? '';
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/bin'];
  const onPath = folders.flatMap((folder) => BROWSERS.map((name) => path.join(folder, name)));
  const places = BROWSER_PLACES[process.platform] ?? [];
  return [named, ...onPath, ...places, ...playwrightBrowsers()].find(isFile) ?? null;
}

/** What playwright has fetched, newest first. */
function playwrightBrowsers(): string[] {
  const cache = path.join(os.homedir(), '.cache', 'ms-playwright');
  if (!fs.existsSync(cache)) return [];
  return fs
    .readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .toSorted()
    .toReversed()
    .flatMap((name) =>
      ['chrome-linux', 'chrome-linux64'].map((folder) => path.join(cache, name, folder, 'chrome')),
    );
}

function isFile(file: string): boolean {
  return file !== '' && fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
