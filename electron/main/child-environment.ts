/**
 * child-environment: what of our surroundings a child process gets: where things lie and how the
 * person reads them. Nothing that changes how code is loaded, and nothing secret by accident.
 *
 * Imports   nothing.
 */
const PASSED: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'XDG_RUNTIME_DIR',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
]);

/** One arena, trimmed early: half of the engine's private memory. Only Linux heeds it. */
const MEMORY = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' };

export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const passed: Record<string, string> = { ...MEMORY };
  for (const [name, value] of Object.entries(own)) {
    const isPassed = PASSED.has(name.toUpperCase()) || name.startsWith('LC_');
    if (isPassed && value !== undefined) passed[name] = value;
  }
  return passed;
}
