/**
 * folders: where Tickdeck keeps its files on each platform, and one folder a mode and account.
 *
 * Linux     $XDG_DATA_HOME/tickdeck or ~/.local/share/tickdeck; configuration in $XDG_CONFIG_HOME.
 * macOS     ~/Library/Application Support/Tickdeck for both.
 * Windows   %LOCALAPPDATA%\Tickdeck for both.
 * Imports   domain/modes (types).
 */
import os from 'node:os';
import path from 'node:path';
import type { Mode } from '../domain/modes.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  readonly environment?: Environment;
  readonly platform?: string;
  readonly home?: string;
}

const UNIX_NAME = 'tickdeck';
const TITLE_NAME = 'Tickdeck';

/** The folder under which each mode and account has its own. */
export function defaultDataBase(surroundings: Surroundings = {}): string {
  return baseFolder(surroundings, 'XDG_DATA_HOME', ['.local', 'share']);
}

/** The configuration file that is read when none is named and it exists. */
export function defaultConfigFile(surroundings: Surroundings = {}): string {
  const folder = baseFolder(surroundings, 'XDG_CONFIG_HOME', ['.config']);
  return path.join(folder, 'tickdeck.jsonc');
}

/** Folder of one mode and account: two engines never share one by accident. */
export function dataFolderOf(base: string, mode: Mode, account: string): string {
  return path.join(path.resolve(base), `${mode}-${account}`);
}

/** Folder of what windows keep: it belongs to the person, not to a mode. */
export function deskFolderOf(base: string): string {
  return path.join(path.resolve(base), 'desk');
}

function baseFolder(
  { environment = process.env, platform = process.platform, home = os.homedir() }: Surroundings,
  variable: string,
  fallback: readonly string[],
): string {
  if (platform === 'win32') {
    return path.join(
      environment['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'),
      TITLE_NAME,
    );
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', TITLE_NAME);
  const named = environment[variable];
  // The specification says that a relative path there is to be ignored.
  const base = named !== undefined && path.isAbsolute(named) ? named : path.join(home, ...fallback);
  return path.join(base, UNIX_NAME);
}
