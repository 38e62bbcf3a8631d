/**
 * stand-in: a folder that packing takes for Electron, where the real one cannot be had: the files
 * that electron-builder looks for, and a binary that holds nothing but its fuses.
 *
 * Imports   @electron/fuses.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FuseV1Options } from '@electron/fuses';

/** What comes before the fuses in a binary. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Fuses as Electron ships them: 1 on, 0 off, one for each that the fuse package knows. */
const SHIPPED = '101000011';

export function makeElectronStandIn(folder: string, version: string): void {
  for (const name of ['locales', 'resources']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'version'), `${version}\n`);
  writeFileSync(path.join(folder, 'LICENSE'), 'stand-in\n');
  writeFileSync(path.join(folder, 'LICENSES.chromium.html'), 'stand-in\n');
  const fuses = Object.values(FuseV1Options).filter((value) => typeof value === 'number').length;
  if (fuses !== SHIPPED.length) throw new Error(`${fuses} fuses are known, not ${SHIPPED.length}`);
  const wire = Buffer.concat([
    Buffer.from(SENTINEL),
    Buffer.from([1, SHIPPED.length]),
    Buffer.from(SHIPPED),
  ]);
  const binary = Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), wire]);
  writeFileSync(path.join(folder, 'electron'), binary, { mode: 0o755 });
}
