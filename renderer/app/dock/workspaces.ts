/**
 * workspaces: the named arrangements as one document: what may be done with them, and how the
 * document is read. Pure.
 *
 * A workspace without a layout shows its built-in arrangement. The last one cannot be deleted, and
 * no two have the same name.
 *
 * Version   of the format, in the document. An older one is brought up; a newer one is refused.
 * Imports   ./built-ins, ./layout-tree.
 */
import { BUILT_INS, builtIn } from './built-ins.ts';
import { readLayout, type Layout } from './layout-tree.ts';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** The built-in arrangement that a reset goes back to. */
  readonly origin: string;
  /** Null: as built in. */
  readonly layout: Layout | null;
}

export interface Workspaces {
  readonly active: string;
  readonly list: readonly Workspace[];
}

export const WORKSPACES_VERSION = 2;
export const NAME_LENGTH_MAX = 32;
export const WORKSPACES_MAX = 24;
const [FIRST_BUILT_IN] = BUILT_INS;

/** Up to this width the first workspace is the compact one. */
const COMPACT_WIDTH_MAX = 1366;

export function firstWorkspaces(width = Infinity): Workspaces {
  const list = BUILT_INS.map(({ id, name }) => ({ id, name, origin: id, layout: null }));
  const first = width <= COMPACT_WIDTH_MAX ? 'compact' : (FIRST_BUILT_IN?.id ?? '');
  return { active: first, list };
}

export function activeWorkspace({ active, list }: Workspaces): Workspace {
  const found = list.find(({ id }) => id === active) ?? list[0];
  if (found === undefined) throw new Error('there is always a workspace');
  return found;
}

export function layoutOf({ layout, origin }: Workspace, width: number, height: number): Layout {
  return (
    layout ?? (builtIn(origin) ?? BUILT_INS[0])?.make(width, height) ?? { root: null, floating: [] }
  );
}

export function switchTo(all: Workspaces, id: string): Workspaces {
  return all.list.some((each) => each.id === id) ? { ...all, active: id } : all;
}

export function withLayout(all: Workspaces, id: string, layout: Layout | null): Workspaces {
  const list = all.list.map((each) => (each.id === id ? { ...each, layout } : each));
  return { ...all, list };
}

/** Why a workspace may not have this name, or null. */
export function nameFault(all: Workspaces, name: string, id: string | null): string | null {
  const clean = cleanName(name);
  if (clean === '') return 'a workspace needs a name';
  const isTaken = all.list.some((each) => {
    return each.id !== id && each.name.toLowerCase() === clean.toLowerCase();
  });
  return isTaken ? `there is a workspace named ${clean} already` : null;
}

export function renamed(all: Workspaces, id: string, name: string): Workspaces {
  if (nameFault(all, name, id) !== null) return all;
  const clean = cleanName(name);
  return {
    ...all,
    list: all.list.map((each) => (each.id === id ? { ...each, name: clean } : each)),
  };
}

/** A new workspace with the arrangement of another one, and switches to it. */
export function copied(all: Workspaces, id: string, name: string, newId: string): Workspaces {
  const source = all.list.find((each) => each.id === id);
  if (source === undefined || all.list.length >= WORKSPACES_MAX) return all;
  const copy = { ...source, id: newId, name: freeName(all, name) };
  return { active: newId, list: [...all.list, copy] };
}

export function deleted(all: Workspaces, id: string): Workspaces {
  if (all.list.length < 2) return all;
  const at = all.list.findIndex((each) => each.id === id);
  if (at < 0) return all;
  const list = all.list.filter((each) => each.id !== id);
  const next = list[Math.min(at, list.length - 1)];
  return { active: all.active === id ? (next?.id ?? '') : all.active, list };
}

/** `name`, or the first of "name 2", "name 3", … that is free. */
export function freeName(all: Workspaces, name: string): string {
  const clean = cleanName(name) === '' ? 'workspace' : cleanName(name);
  const isFree = (each: string): boolean => nameFault(all, each, null) === null;
  if (isFree(clean)) return clean;
  for (let number = 2; ; number++) {
    const next = `${clean.slice(0, NAME_LENGTH_MAX - 3)} ${number}`;
    if (isFree(next)) return next;
  }
}

function cleanName(name: string): string {
  return name.replaceAll(/\s+/g, ' ').trim().slice(0, NAME_LENGTH_MAX);
}

/**
 * What to keep when another window saved first: everything it has, and on top of it the one
 * workspace that was worked on here.
 */
export function merged(theirs: Workspaces, ours: Workspaces): Workspaces {
  const mine = activeWorkspace(ours);
  const isThere = theirs.list.some(({ id }) => id === mine.id);
  const list = isThere
    ? theirs.list.map((each) => (each.id === mine.id ? { ...each, layout: mine.layout } : each))
    : [...theirs.list, { ...mine, name: freeName(theirs, mine.name) }].slice(0, WORKSPACES_MAX);
  return { active: mine.id, list };
}

export function writeWorkspaces({ active, list }: Workspaces): string {
  return JSON.stringify({ version: WORKSPACES_VERSION, active, list });
}

export type ReadResult =
  | { readonly ok: true; readonly workspaces: Workspaces; readonly dropped: number }
  | { readonly ok: false; readonly reason: string };

/** The document's text as workspaces. One damaged workspace costs itself, not the others. */
export function readWorkspaces(body: string): ReadResult {
  const value = parsed(body);
  if (value === null) return { ok: false, reason: 'it is no JSON object' };
  const { version } = value;
  if (typeof version !== 'number') return { ok: false, reason: 'it has no version' };
  if (version > WORKSPACES_VERSION) {
    return { ok: false, reason: `it was written by a newer Tickdeck (format ${version})` };
  }
  const upgrade = version === 1 ? fromVersion1(value) : value;
  const items = Array.isArray(upgrade['list']) ? upgrade['list'] : [];
  const list = distinct(items.map(readWorkspace).filter((each) => each !== null));
  if (list.length === 0) return { ok: false, reason: 'no workspace in it can be read' };
  const wanted = upgrade['active'];
  const active = list.find(({ id }) => id === wanted)?.id ?? list[0]?.id ?? '';
  return { ok: true, workspaces: { active, list }, dropped: items.length - list.length };
}

/** Version 1 kept the name as the key and knew no origin. */
function fromVersion1(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { workspaces } = value;
  if (typeof workspaces !== 'object' || workspaces === null) return value;
  const list = Object.entries(workspaces).map(([name, layout]) => {
    const origin = BUILT_INS.find((each) => each.name === name)?.id ?? FIRST_BUILT_IN?.id;
    return { id: name, name, origin, layout };
  });
  return { active: value['active'], list };
}

function readWorkspace(value: unknown): Workspace | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, name, origin, layout } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '' || typeof name !== 'string') return null;
  if (typeof origin !== 'string' || cleanName(name) === '') return null;
  const read = layout === null ? null : readLayout(layout);
  if (layout !== null && read === null) return null;
  return { id, name: cleanName(name), origin, layout: read };
}

function distinct(list: readonly Workspace[]): readonly Workspace[] {
  const isFirst = (each: Workspace, at: number): boolean =>
    list.findIndex(({ id, name }) => id === each.id || name === each.name) === at;
  return list.filter(isFirst).slice(0, WORKSPACES_MAX);
}

function parsed(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}
