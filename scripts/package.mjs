/**
 * package: `npm run package [-- <options of electron-builder>]`: builds everything afresh and packs
 * the desktop application into out/dist. Without options: installers of this platform.
 *
 * Used by   people; test/packaging with a stand-in for Electron
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  ensureDesktop,
  ensureInstalled,
  ensureRenderer,
  fail,
  productNode,
  root,
  runForeground,
} from './bootstrap.mjs';

await ensureInstalled();
// A file of a source that is gone must not be shipped.
fs.rmSync(path.join(root, 'out', 'app'), { recursive: true, force: true });
if (!(await ensureRenderer()) || !(await ensureDesktop())) fail('nothing was packed');
const builder = path.join(root, 'node_modules', 'electron-builder', 'cli.js');
const args = ['--publish', 'never', ...process.argv.slice(2)];
process.exitCode = await runForeground(productNode(), [builder, ...args]);
