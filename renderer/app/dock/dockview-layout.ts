/**
 * dockview-layout: an arrangement in the docking library's own form, and back. Pure.
 *
 * In that form rows and columns alternate from level to level, so a row inside a row is spread into
 * its parent.
 *
 * Units     CSS pixels.
 * Imports   dockview types, ./layout-tree.
 */
import type { SerializedDockview } from 'dockview-react';
import {
  shareOut,
  type FloatingGroup,
  type Layout,
  type LayoutNode,
  type TabsNode,
} from './layout-tree.ts';

export interface DockSize {
  readonly width: number;
  readonly height: number;
}

type Orientation = SerializedDockview['grid']['orientation'];

/** The library's own enum, without loading the library for it. */
const ORIENTATION = {
  row: 'HORIZONTAL' as Orientation,
  column: 'VERTICAL' as Orientation,
};

type GridNode = SerializedDockview['grid']['root'];
type GroupData = Extract<GridNode['data'], { views: string[] }>;

interface Sized {
  readonly node: LayoutNode;
  readonly length: number;
}

/** Names groups; the numbers need to differ, nothing else. */
type Counter = () => string;

export function toDockview(
  { root, floating }: Layout,
  size: DockSize,
  titleOf: (panel: string) => string,
): SerializedDockview {
  let groups = 0;
  const count: Counter = () => String(++groups);
  const kind = root?.kind === 'column' ? 'column' : 'row';
  const [along, across] = kind === 'row' ? [size.width, size.height] : [size.height, size.width];
  const children = root === null ? [] : spread({ node: root, length: along }, kind);
  const all = [...children.flatMap(({ node }) => panelsBelow(node)), ...floating.flatMap(panels)];
  return {
    grid: {
      root: {
        type: 'branch',
        data: children.map((child) => toGrid(child, kind, across, count)),
        size: across,
      },
      width: size.width,
      height: size.height,
      orientation: ORIENTATION[kind],
    },
    panels: Object.fromEntries(
      all.map((id) => [id, { id, contentComponent: 'panel', title: titleOf(id) }]),
    ),
    floatingGroups: floating.map((group) => ({
      data: groupData(group, count),
      position: {
        left: Math.round(group.left * size.width),
        top: Math.round(group.top * size.height),
        width: Math.round(group.width * size.width),
        height: Math.round(group.height * size.height),
      },
    })),
  };
}

function panels(group: { readonly panels: readonly string[] }): readonly string[] {
  return group.panels;
}

function panelsBelow(node: LayoutNode): readonly string[] {
  return node.kind === 'tabs' ? node.panels : node.children.flatMap(panelsBelow);
}

/** The node's children along `kind`, those of nested splits of the same kind in their place. */
function spread({ node, length }: Sized, kind: 'row' | 'column'): readonly Sized[] {
  if (node.kind !== kind) return [{ node, length }];
  const lengths = shareOut(node.children, length);
  return node.children.flatMap((child, index) =>
    spread({ node: child, length: lengths[index] ?? 0 }, kind),
  );
}

/** `across`: extent of the parent at right angles to its own direction. */
function toGrid(
  { node, length }: Sized,
  parent: 'row' | 'column',
  across: number,
  count: Counter,
): GridNode {
  if (node.kind === 'tabs') return { type: 'leaf', data: groupData(node, count), size: length };
  const kind = parent === 'row' ? 'column' : 'row';
  const children = spread({ node, length: across }, kind);
  return {
    type: 'branch',
    data: children.map((child) => toGrid(child, kind, length, count)),
    size: length,
  };
}

function groupData(group: TabsNode | FloatingGroup, count: Counter): GroupData {
  return { id: count(), views: [...group.panels], activeView: group.active };
}

export function fromDockview(saved: SerializedDockview): Layout {
  const { width, height, orientation, root } = saved.grid;
  const isRow = orientation === ORIENTATION.row;
  const tree = fromGrid(root, isRow ? 'row' : 'column', 1);
  const floating = (saved.floatingGroups ?? []).map(({ data, position }) => {
    const box = position as Readonly<Record<string, number>>;
    const boxWidth = box['width'] ?? 300;
    const boxHeight = box['height'] ?? 300;
    // A group may be held by its right or bottom edge.
    const left = box['left'] ?? width - (box['right'] ?? 0) - boxWidth;
    const top = box['top'] ?? height - (box['bottom'] ?? 0) - boxHeight;
    return {
      ...groupOf(data),
      left: share(left, width),
      top: share(top, height),
      width: share(boxWidth, width),
      height: share(boxHeight, height),
    };
  });
  return { root: tree, floating: floating.filter((group) => group.panels.length > 0) };
}

function fromGrid(node: GridNode, kind: 'row' | 'column', part: number): LayoutNode | null {
  const size = { part };
  if (!Array.isArray(node.data)) {
    const group = groupOf(node.data);
    return group.panels.length === 0 ? null : { kind: 'tabs', size, ...group };
  }
  const total = node.data.reduce((sum, child) => sum + (child.size ?? 0), 0);
  const inner = kind === 'row' ? 'column' : 'row';
  const children = node.data
    .map((child) => fromGrid(child, inner, Math.max(0.0001, share(child.size ?? 0, total))))
    .filter((child) => child !== null);
  return children.length === 0 ? null : { kind, size, children };
}

function groupOf(group: unknown): { readonly panels: readonly string[]; readonly active: string } {
  const { views, activeView } = group as GroupData;
  return { panels: [...views], active: activeView ?? views[0] ?? '' };
}

/** A share from 0 to 1, in ten-thousandths, so that rounding does not look like a change. */
function share(length: number, total: number): number {
  if (total <= 0) return 0;
  return Math.min(1, Math.max(0, Math.round((length / total) * 10_000) / 10_000));
}

const SAME_SHARE = 0.004;

/** Whether two arrangements differ by no more than rounding. */
export function isSameLayout(a: Layout, b: Layout): boolean {
  return isSame(a.root, b.root) && isSame(a.floating, b.floating);
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= SAME_SHARE;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) =>
    isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]),
  );
}
