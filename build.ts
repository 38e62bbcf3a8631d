/**
 * build: bundles the product. `node build.ts` builds everything, `engine` or `renderer` one part.
 *
 * engine    out/app/engine/**: Node bundles that keep the folders of their sources, so that
 *           `new URL('./x', import.meta.url)` finds its file. Every thread and process entry is
 *           listed.
 * renderer  out/renderer: the window, by vite.config.ts.
 */
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build, type InlineConfig } from 'vite';

/** Every file that a process or a thread starts with. */
export const ENGINE_ENTRIES: readonly string[] = [];

/** What stays outside the bundles: Node itself and packages with native or optional parts. */
const EXTERNAL: readonly string[] = [
  ...builtinModules,
  ...builtinModules.map((name) => `node:${name}`),
  'electron',
  'ws',
  'bufferutil',
  'utf-8-validate',
];

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  engine: buildEngine,
  renderer: buildRenderer,
};

async function buildEngine(): Promise<void> {
  const missing = ENGINE_ENTRIES.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`build.ts names missing entries: ${missing.join(', ')}`);
  if (ENGINE_ENTRIES.length === 0) return;
  const input = Object.fromEntries(ENGINE_ENTRIES.map((file) => [file.replace(/\.ts$/, ''), file]));
  const config: InlineConfig = {
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'out/app',
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        external: [...EXTERNAL],
        input,
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  };
  await build(config);
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
