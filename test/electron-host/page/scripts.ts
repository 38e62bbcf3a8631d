/**
 * scripts: the text of what the host puts into pages and workers.
 *
 * Types are stripped by Node without moving anything, so the source of a function or a class is
 * JavaScript.
 *
 * Imports   ./bridge, ./codec, ./ipc-line, ./worlds.
 */
import { Bridge } from './bridge.ts';
import { makeCodec } from './codec.ts';
import { IpcLine } from './ipc-line.ts';
import { guardPorts, isolatedWorld, mainWorld } from './worlds.ts';

export const ISOLATED_WORLD = 'electron-isolated';
export const BINDING = 'hostPost';

/** What a sandboxed preload script finds in `process`. */
export interface PreloadProcess {
  readonly platform: string;
  readonly arch: string;
  readonly argv: readonly string[];
  readonly versions: Readonly<Record<string, string | undefined>>;
}

type Source = { toString(): string };

function sources(...parts: readonly Source[]): string {
  return parts.map((part) => part.toString()).join('\n');
}

export function mainWorldScript(): string {
  return `(() => {${sources(Bridge, guardPorts, mainWorld)}\nmainWorld();})();`;
}

/** Put before the script of a worker; leaves no name behind. */
export function workerScript(): string {
  return `;(${guardPorts.toString()})(self);`;
}

/** Runs the preload script as Electron runs a sandboxed one: CommonJS, in its own world. */
export function preloadScript(preload: string, environment: PreloadProcess): string {
  const base64 = '{ encode: (b) => b.toBase64(), decode: (t) => Uint8Array.fromBase64(t) }';
  const sandboxed = { ...environment, type: 'renderer', sandboxed: true, contextIsolated: true };
  return `(() => {
  if (window !== window.top) return;
  const post = globalThis.${BINDING};
  delete globalThis.${BINDING};
  const require = (() => {
    ${sources(Bridge, IpcLine, makeCodec, isolatedWorld)}
    return isolatedWorld(makeCodec(${base64}), post);
  })();
  const module = { exports: {} };
  const process = ${JSON.stringify({ ...sandboxed, env: {} })};
  try {
    (function (require, module, exports, process) {${preload}
})(require, module, module.exports, process);
  } catch (error) {
    console.error('preload failed: ' + error.stack);
  }
})()`;
}
