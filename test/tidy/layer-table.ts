/**
 * layer-table: who may import whom. A room may import itself and the rooms listed; nothing else.
 *
 * A room is a folder of engine/, renderer/ or electron/, named by its path; the longest match
 * counts, so `engine/exchange/core` is a room inside `engine/exchange`. A `*` stands for one folder
 * name. A room in a list stands for its inner rooms too.
 *
 * Imports   nothing.
 */

const NOUNS = ['engine/base', 'engine/domain'];
const SIGNAL_INPUTS = [...NOUNS, 'engine/book'];
const MARKET_INPUTS = [...SIGNAL_INPUTS, 'engine/signals'];
const THREAD_PARTS = [...NOUNS, 'engine/memory', 'engine/telemetry'];
const VENUE_PARTS = [...THREAD_PARTS, 'engine/book'];
const SPOKEN = ['engine/domain', 'engine/contract'];

/**
 * Rooms that put others together, lowest first. Each may import all the rooms but those above it.
 */
const ASSEMBLY = [
  'engine/core',
  'engine/replay',
  'engine/bench',
  'engine/runtime',
  'engine/shell',
  'engine/cli',
];

const PARTS: Readonly<Record<string, readonly string[]>> = {
  'engine/base': [],
  'engine/domain': ['engine/base'],
  'engine/contract': NOUNS,
  'engine/memory': ['engine/base'],
  'engine/telemetry': ['engine/base', 'engine/memory'],
  'engine/book': [...NOUNS, 'engine/memory'],
  'engine/signals': SIGNAL_INPUTS,
  'engine/strategies': MARKET_INPUTS,
  'engine/market-making': MARKET_INPUTS,
  'engine/exits': MARKET_INPUTS,
  'engine/portfolio': NOUNS,
  'engine/risk': [...NOUNS, 'engine/book', 'engine/portfolio'],
  'engine/feeds': VENUE_PARTS,
  'engine/execution': VENUE_PARTS,
  'engine/exchange': [...NOUNS, 'engine/exchange/core', 'engine/exchange/server'],
  'engine/exchange/core': NOUNS,
  'engine/exchange/server': [...NOUNS, 'engine/exchange/core'],
  'engine/tape': [...NOUNS, 'engine/memory', 'engine/book', 'engine/feeds'],
  'engine/journal': THREAD_PARTS,
  'engine/config': NOUNS,
  'engine/native': ['engine/base'],
  'engine/simd': ['engine/base', 'engine/memory'],
};

export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  ...PARTS,
  'engine/core': Object.keys(PARTS),
  'engine/replay': [...Object.keys(PARTS), 'engine/core'],
  'engine/bench': [...Object.keys(PARTS), 'engine/core', 'engine/replay'],
  'engine/runtime': [...Object.keys(PARTS), 'engine/core', 'engine/replay'],
  'engine/shell': [...NOUNS, 'engine/contract', 'engine/runtime'],
  'engine/cli': [...Object.keys(PARTS), ...ASSEMBLY],

  'renderer/ui': [],
  'renderer/canvas': [],
  'renderer/frame': [],
  'renderer/format': SPOKEN,
  'renderer/live': [...SPOKEN, 'engine/memory'],
  'renderer/stores': SPOKEN,
  'renderer/link': [...SPOKEN, 'renderer/live', 'renderer/stores', 'renderer/workers'],
  'renderer/workers': [...SPOKEN, 'engine/memory', 'renderer/live'],
  'renderer/commands': [...SPOKEN, 'renderer/link'],
  'renderer/panels': [
    ...SPOKEN,
    ...['ui', 'canvas', 'frame', 'format', 'live', 'stores', 'commands'].map(
      (r) => `renderer/${r}`,
    ),
  ],
  'renderer/app': [...SPOKEN, 'renderer/*'],

  // The shell's own words, and of the engine what is not the engine: files, headers, the contract.
  'electron/protocol': SPOKEN,
  'electron/preload': ['engine/contract', 'electron/protocol'],
  'electron/engine-host': [...SPOKEN, 'engine/base', 'engine/runtime', 'electron/protocol'],
  'electron/exchange-host': ['engine/base', 'engine/exchange'],
  'electron/main': [
    ...SPOKEN,
    'engine/journal',
    'engine/shell',
    'electron/protocol',
    // Started, never imported.
    'electron/engine-host',
    'electron/exchange-host',
  ],
};

/** Files beside the rooms: the window's entry, and declarations without code. */
export const ROOMLESS: Readonly<Record<string, readonly string[]>> = {
  'renderer/main.tsx': ['renderer/*'],
  'renderer/vite-env.d.ts': [],
};

/**
 * Rooms that see the language and nothing else: no Node, no package, no clock, no chance.
 * The contract is spoken by the window too: it may use a validator, but no Node.
 */
export const PURE: readonly string[] = [
  'engine/base',
  'engine/domain',
  'engine/memory',
  'engine/telemetry',
  'engine/book',
  'engine/signals',
  'engine/strategies',
  'engine/market-making',
  'engine/exits',
  'engine/portfolio',
  'engine/risk',
  'engine/exchange/core',
];

/** Folders whose sub-folders may not import each other. */
export const STRANGERS: readonly string[] = [
  'engine/feeds/venues',
  'engine/execution/venues',
  'renderer/panels',
];

/** The room of a file, or null for a file outside the three product folders or without a room. */
export function roomOf(file: string): string | null {
  const parts = file.split('/').slice(0, -1);
  for (let length = parts.length; length >= 2; length--) {
    const room = parts.slice(0, length).join('/');
    if (room in ROOMS) return room;
  }
  return null;
}

export function isInProduct(file: string): boolean {
  return /^(engine|renderer|electron)\//.test(file);
}

export function isPure(file: string): boolean {
  return PURE.includes(roomOf(file) ?? '');
}

/** True when `allowed` names the room `to`, an outer room of it, or a pattern that fits it. */
export function permits(allowed: readonly string[], to: string): boolean {
  return allowed.some((name) => {
    if (!name.endsWith('/*')) return to === name || to.startsWith(`${name}/`);
    return to.startsWith(name.slice(0, -1));
  });
}
