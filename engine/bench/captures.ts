/**
 * captures: tapes of the real captures that lie beside the repository, made for one run.
 *
 * Imports   node, tape.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { importCapture } from '../tape/import-capture.ts';

export interface CaptureTapes {
  readonly tapes: readonly string[];
  dispose(): void;
}

/** In the order in which they are taken when not all are wanted. */
const CAPTURES = [
  'binance_usdm_BTCUSDT_2024-08-08.ndts.gz',
  'binance_spot_ETHUSDT_2024-08-08.ndts.gz',
  'binance_usdm_ETHUSDT_2024-08-08.ndts.gz',
  'binance_spot_BTCUSDT_2024-08-08.ndts.gz',
];

/** Folder of the captures; null when they are not there. */
export function captureFolder(root: string): string | null {
  const folder = resolve(root, '..', 'shared', 'data', 'binance');
  return existsSync(join(folder, CAPTURES[0]!)) ? folder : null;
}

export async function importCaptures(
  folder: string,
  most: number,
  onProgress: (part: number) => void,
): Promise<CaptureTapes> {
  const files = CAPTURES.filter((file) => existsSync(join(folder, file))).slice(0, most);
  const made = mkdtempSync(join(tmpdir(), 'tickdeck-tapes-'));
  const dispose = (): void => rmSync(made, { recursive: true, force: true });
  try {
    const tapes: string[] = [];
    for (const [k, file] of files.entries()) {
      const out = join(made, `${k}.tape`);
      await importCapture({ from: 'binance-ndts', path: join(folder, file), out });
      tapes.push(out);
      onProgress((k + 1) / files.length);
    }
    return { tapes, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
