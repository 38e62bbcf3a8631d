/**
 * build: bundles the product. `node build.ts` builds everything; `engine`, `electron` or `renderer`
 * one part.
 *
 * engine    out/app/engine/**: plain JavaScript for Node, one file per source in the same folders,
 *           so that `new URL('./x.ts', import.meta.url)` finds its file; the ending is rewritten.
 *           Every file that a process or a thread starts with is listed here. Packages are built
 *           in, below out/app/packages: a process inside an archive does not search for them.
 * electron  out/app/electron/** (and the engine, which it starts): the same, and the preload as
 *           one CommonJS file, which is all that a sandboxed window may load.
 * renderer  out/renderer: the window, by vite.config.ts.
 */
import { existsSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build, type InlineConfig, type Plugin } from 'vite';
import { thirdParty } from './vite.config.ts';

/** Every file that a process or a thread starts with. */
export const ENGINE_ENTRIES: readonly string[] = [
  'engine/cli/main.ts',
  'engine/core/trading-worker.ts',
  'engine/exchange/entry.ts',
  'engine/journal/journal-worker.ts',
];

/** What the desktop shell starts with: the main process and its two utility processes. */
export const ELECTRON_ENTRIES: readonly string[] = [
  'electron/main/main.ts',
  'electron/engine-host/engine-host.ts',
  'electron/exchange-host/exchange-host.ts',
];
export const PRELOAD_ENTRY = 'electron/preload/preload.ts';

/** What stays outside: Node itself, Electron, and what packages only try to load. */
const EXTERNAL: readonly string[] = [
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  'electron',
  'bufferutil',
  'utf-8-validate',
];

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  engine: buildEngine,
  electron: buildElectron,
  renderer: buildRenderer,
};

/** Worker and process entries are named by their source; in the build they end in `.js`. */
const entryEndings: Plugin = {
  name: 'entry-endings',
  transform(code, id) {
    if (!id.endsWith('.ts')) return null;
    const named = /(['"`]\.{1,2}\/[^'"`\n]+)\.ts(['"`]\s*,\s*import\.meta\.url)/g;
    return named.test(code) ? { code: code.replace(named, '$1.js$2'), map: null } : null;
  },
};

async function buildEngine(): Promise<void> {
  rmSync('out/app/engine', { recursive: true, force: true });
  await buildNode(ENGINE_ENTRIES);
}

async function buildElectron(): Promise<void> {
  rmSync('out/app/electron', { recursive: true, force: true });
  await buildNode([...ENGINE_ENTRIES, ...ELECTRON_ENTRIES]);
  await buildPreload();
}

async function buildNode(entries: readonly string[]): Promise<void> {
  const missing = entries.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`build.ts names missing entries: ${missing.join(', ')}`);
  const input = Object.fromEntries(entries.map((file) => [file.replace(/\.ts$/, ''), file]));
  const config: InlineConfig = {
    configFile: false,
    logLevel: 'warn',
    plugins: [entryEndings, thirdParty()],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'out/app',
      emptyOutDir: false,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        external: [...EXTERNAL],
        input,
        output: {
          format: 'es',
          // A folder of that name is the installer's business, not ours.
          entryFileNames: ({ name }) => `${name.replaceAll('node_modules', 'packages')}.js`,
          preserveModules: true,
          preserveModulesRoot: '.',
        },
      },
    },
  };
  await build(config);
}

async function buildPreload(): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'chrome150',
      outDir: 'out/app/electron/preload',
      emptyOutDir: false,
      sourcemap: false,
      minify: false,
      rolldownOptions: {
        external: ['electron'],
        input: PRELOAD_ENTRY,
        output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
      },
    },
  });
}

async function buildRenderer(): Promise<void> {
  if (!existsSync('renderer/index.html')) throw new Error('renderer/index.html is missing');
  await build({ logLevel: 'warn' });
}

async function main(asked: readonly string[]): Promise<void> {
  process.chdir(import.meta.dirname);
  for (const name of asked.length > 0 ? asked : Object.keys(PARTS)) {
    const part = PARTS[name];
    if (part === undefined) {
      throw new Error(`unknown part "${name}"; one of ${Object.keys(PARTS).join(', ')}`);
    }
    const started = performance.now();
    await part();
    console.log(`${name}: built in ${Math.round(performance.now() - started)} ms`);
  }
}

if (import.meta.main) await main(process.argv.slice(2));
