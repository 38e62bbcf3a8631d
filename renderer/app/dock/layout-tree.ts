/**
 * layout-tree: how panels share the window, as data: rows and columns of groups of tabs, and groups
 * that float. Independent of the docking library, so that a saved arrangement outlives it. Pure.
 *
 * A panel stands in an arrangement once. Panels that this window does not know are left out and
 * what they leave behind closes up, so an arrangement may name panels that come later.
 *
 * Units     `px`: CSS pixels wanted, taken first; `part`: share of what is left.
 * Imports   nothing.
 */

export type Size = { readonly px: number } | { readonly part: number };

export interface TabsNode {
  readonly kind: 'tabs';
  readonly size: Size;
  readonly panels: readonly string[];
  readonly active: string;
}

export interface SplitNode {
  readonly kind: 'row' | 'column';
  readonly size: Size;
  readonly children: readonly LayoutNode[];
}

export type LayoutNode = TabsNode | SplitNode;

/** Measured in shares of the dock, so that it fits another screen. */
export interface FloatingGroup {
  readonly panels: readonly string[];
  readonly active: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly root: LayoutNode | null;
  readonly floating: readonly FloatingGroup[];
}

export const EMPTY_LAYOUT: Layout = { root: null, floating: [] };

const DEPTH_MAX = 12;
const PIXELS_LEAST = 60;

export function tabs(panels: readonly string[], size: Size = { part: 1 }): TabsNode {
  return { kind: 'tabs', size, panels, active: panels[0] ?? '' };
}

export function row(children: readonly LayoutNode[], size: Size = { part: 1 }): SplitNode {
  return { kind: 'row', size, children };
}

export function column(children: readonly LayoutNode[], size: Size = { part: 1 }): SplitNode {
  return { kind: 'column', size, children };
}

export function panelsOf({ root, floating }: Layout): readonly string[] {
  return [...panelsIn(root), ...floating.flatMap(({ panels }) => panels)];
}

function panelsIn(node: LayoutNode | null): readonly string[] {
  if (node === null) return [];
  return node.kind === 'tabs' ? node.panels : node.children.flatMap(panelsIn);
}

/** The arrangement without what `isKnown` refuses and without a panel's second place. */
export function prune(layout: Layout, isKnown: (id: string) => boolean): Layout {
  const seen = new Set<string>();
  const take = (id: string): boolean => {
    if (!isKnown(id) || seen.has(id)) return false;
    seen.add(id);
    return true;
  };
  const root = layout.root === null ? null : pruneNode(layout.root, take);
  const floating = layout.floating
    .map((group) => pruneTabs(group, take))
    .filter(({ panels }) => panels.length > 0);
  return { root, floating };
}

function pruneNode(node: LayoutNode, take: (id: string) => boolean): LayoutNode | null {
  if (node.kind === 'tabs') {
    const kept = pruneTabs(node, take);
    return kept.panels.length === 0 ? null : kept;
  }
  const children = node.children
    .map((child) => pruneNode(child, take))
    .filter((child) => child !== null);
  const [only] = children;
  if (only === undefined) return null;
  if (children.length === 1) return { ...only, size: node.size };
  return { ...node, children };
}

function pruneTabs<T extends { readonly panels: readonly string[]; readonly active: string }>(
  group: T,
  take: (id: string) => boolean,
): T {
  const panels = group.panels.filter(take);
  const active = panels.includes(group.active) ? group.active : (panels[0] ?? '');
  return { ...group, panels, active };
}

/** Pixels of each child of a split that is `length` long. Together they are exactly `length`. */
export function shareOut(children: readonly LayoutNode[], length: number): readonly number[] {
  const parts = children.reduce((sum, { size }) => sum + ('part' in size ? size.part : 0), 0);
  const wanted = children.reduce((sum, { size }) => sum + ('px' in size ? size.px : 0), 0);
  const partsLeast = children.filter(({ size }) => 'part' in size).length * PIXELS_LEAST;
  const fixed = parts === 0 ? length : Math.max(0, Math.min(wanted, length - partsLeast));
  const scale = wanted === 0 ? 0 : fixed / wanted;
  const rest = length - (wanted === 0 ? 0 : fixed);
  const sizes = children.map(({ size }) =>
    Math.round('px' in size ? size.px * scale : (size.part / parts) * rest),
  );
  const last = sizes.length - 1;
  const others = sizes.slice(0, last).reduce((sum, size) => sum + size, 0);
  return sizes.map((size, index) => (index === last ? length - others : size));
}

/** A value from outside as an arrangement, or null when it is none. */
export function readLayout(value: unknown): Layout | null {
  if (!isRecord(value) || !Array.isArray(value['floating'])) return null;
  const floating = value['floating'].map(readFloating);
  const root = value['root'] === null ? null : readNode(value['root'], 0);
  if (root === undefined || floating.includes(null)) return null;
  return { root, floating: floating.filter((group) => group !== null) };
}

function readNode(value: unknown, depth: number): LayoutNode | undefined {
  if (!isRecord(value) || depth > DEPTH_MAX) return undefined;
  const size = readSize(value['size']);
  if (size === null) return undefined;
  if (value['kind'] === 'tabs') {
    const group = readTabs(value);
    return group === null ? undefined : { kind: 'tabs', size, ...group };
  }
  const { kind, children: list } = value;
  if ((kind !== 'row' && kind !== 'column') || !Array.isArray(list)) return undefined;
  const children = list.map((child) => readNode(child, depth + 1));
  if (children.length === 0 || children.includes(undefined)) return undefined;
  return { kind, size, children: children.filter((child) => child !== undefined) };
}

function readTabs(value: Readonly<Record<string, unknown>>) {
  const { panels, active } = value;
  if (!Array.isArray(panels) || panels.length === 0 || typeof active !== 'string') return null;
  if (!panels.every((id): id is string => typeof id === 'string')) return null;
  return { panels, active };
}

function readSize(value: unknown): Size | null {
  if (!isRecord(value)) return null;
  const { px, part } = value;
  if (isPositive(px)) return { px };
  return isPositive(part) ? { part } : null;
}

function readFloating(value: unknown): FloatingGroup | null {
  if (!isRecord(value)) return null;
  const group = readTabs(value);
  const { left, top, width, height } = value;
  if (group === null || !isShare(left) || !isShare(top)) return null;
  if (!isShare(width) || !isShare(height)) return null;
  return { ...group, left, top, width, height };
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
