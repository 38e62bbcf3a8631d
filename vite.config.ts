/**
 * vite.config: builds the window (renderer/) into out/renderer, and serves it while developing.
 *
 * Paths in the bundle are relative, so that a file server under any path and the desktop window
 * show the same files. The two headers make the page cross-origin isolated, which SharedArrayBuffer
 * needs.
 */
import react from '@vitejs/plugin-react';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** What a licence asks to be said beside its text. */
const NOTICES: Readonly<Record<string, string>> = {
  'lightweight-charts':
    'TradingView Lightweight Charts(TM)\n' +
    'Copyright (c) 2025 TradingView, Inc. https://www.tradingview.com/',
};

/** Fonts come by way of style sheets, which name files, not packages. */
const FONTS = ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'];

/** Writes the licences of every package whose code is in the bundle, and of `more`, as one file. */
export function thirdParty(more: readonly string[] = []): Plugin {
  return {
    name: 'third-party',
    generateBundle() {
      const modules = path.join(import.meta.dirname, 'node_modules');
      const folders = new Set(more.map((name) => path.join(modules, name)));
      for (const id of this.getModuleIds()) {
        const found = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\?]+)/.exec(id);
        const folder = found?.[1]?.replace(/^\0/, '');
        if (folder !== undefined && existsSync(path.join(folder, 'package.json'))) {
          folders.add(folder);
        }
      }
      const source = [...folders].toSorted().map(licenceOf).join('\n');
      this.emitFile({ type: 'asset', fileName: 'third-party.txt', source });
    },
  };
}

function licenceOf(folder: string): string {
  const text = readFileSync(path.join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text) as Readonly<Record<string, string>>;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.toSorted().map((file) => readFileSync(path.join(folder, file), 'utf8'));
  const notice = NOTICES[name ?? ''];
  const parts = [...(notice === undefined ? [] : [notice]), ...texts].map((part) => part.trim());
  return `${name} ${version} (${license})\n\n${parts.join('\n\n')}\n\n${'-'.repeat(72)}\n`;
}

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), thirdParty(FONTS)],
  worker: { format: 'es' },
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome150',
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
  },
  server: { host: '127.0.0.1', headers: isolation },
  preview: { host: '127.0.0.1', headers: isolation },
});
