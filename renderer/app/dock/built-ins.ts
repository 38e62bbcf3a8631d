/**
 * built-ins: the arrangements that Tickdeck comes with. They may name panels that this window does
 * not have; those are left out.
 *
 * Units     CSS pixels at scale 1.
 * Imports   ./layout-tree.
 */
import { column, row, tabs, type Layout, type LayoutNode } from './layout-tree.ts';

export interface BuiltIn {
  readonly id: string;
  readonly name: string;
  /** The arrangement for a dock of this size. */
  readonly make: (width: number, height: number) => Layout;
}

/** Widths of the columns beside the middle, by the width of the dock. */
interface Widths {
  readonly ladder: number;
  readonly right: number;
}

function widthsFor(width: number): Widths {
  if (width <= 1440) return { ladder: 228, right: 306 };
  if (width <= 1700) return { ladder: 252, right: 336 };
  return { ladder: 292, right: 356 };
}

/** Title bar, eight instruments and their foot. */
const IMBALANCE_HEIGHT = 213;
/** Title bar, head and eight rows. */
const QUOTES_HEIGHT = 223;
const SIGNALS_HEIGHT = 192;
/** Title bar, two heads and sixteen rows. */
const STRATEGIES_HEIGHT = 428;

/** On a low screen the strategies scroll, so that what is below keeps room. */
function strategiesHeight(height: number): number {
  return Math.min(STRATEGIES_HEIGHT, Math.round(height * 0.42));
}

/** Title bar, strip, head, twelve stages and the drops. */
const LATENCY_HEIGHT = 340;

/** From here on liquidity and chart have room of their own beside the tables. */
const ROOMY = { width: 1760, height: 860 };
/** Title bar, head and five rows. */
const SCALPS_HEIGHT = 150;

function scalping(width: number, height: number): Layout {
  const { ladder, right } = widthsFor(width);
  if (width >= ROOMY.width && height >= ROOMY.height) return roomy(ladder, right, height);
  return whole([
    tabs(['ladder-left'], { px: ladder }),
    tabs(['ladder-right'], { px: ladder }),
    column([
      tabs(['imbalance', 'liquidity', 'chart'], { px: IMBALANCE_HEIGHT }),
      tabs(['scalps', 'orders-fills'], { part: 0.75 }),
      tabs(['market-making', 'statistics'], { px: QUOTES_HEIGHT }),
      tabs(['decisions', 'tape'], { part: 1.4 }),
    ]),
    column(
      [
        tabs(['strategies'], { px: strategiesHeight(height) }),
        tabs(['signals'], { px: SIGNALS_HEIGHT }),
        tabs(['latency', 'replay']),
      ],
      { px: right },
    ),
  ]);
}

/** As many switches as there is room for above the latency, at least a good half of them. */
function roomyStrategies(height: number): number {
  const room = height - SIGNALS_HEIGHT - IMBALANCE_HEIGHT - LATENCY_HEIGHT;
  return Math.min(STRATEGIES_HEIGHT, Math.max(Math.round(height * 0.29), room));
}

/** The past above, what is open below it, and why and why not at the foot. */
function roomy(ladder: number, right: number, height: number): Layout {
  return whole([
    tabs(['ladder-left'], { px: ladder }),
    tabs(['ladder-right'], { px: ladder }),
    column([
      tabs(['liquidity'], { part: 1.25 }),
      tabs(['chart'], { part: 1 }),
      tabs(['scalps', 'market-making', 'orders-fills', 'statistics'], { px: SCALPS_HEIGHT + 40 }),
      tabs(['decisions', 'tape'], { px: SCALPS_HEIGHT }),
    ]),
    column(
      [
        tabs(['strategies'], { px: roomyStrategies(height) }),
        tabs(['signals'], { px: SIGNALS_HEIGHT }),
        tabs(['imbalance'], { px: IMBALANCE_HEIGHT }),
        tabs(['latency', 'replay']),
      ],
      { px: right },
    ),
  ]);
}

function marketMaking(width: number, height: number): Layout {
  const { ladder, right } = widthsFor(width);
  return whole([
    column(
      [
        row([tabs(['ladder-left']), tabs(['ladder-right'])], { part: 3 }),
        tabs(['orders-fills', 'tape'], { part: 1 }),
      ],
      { px: ladder * 2 },
    ),
    column([
      tabs(['market-making'], { part: 1.2 }),
      tabs(['imbalance', 'liquidity', 'chart'], { part: 1.2 }),
      tabs(['decisions', 'scalps'], { part: 1 }),
    ]),
    column(
      [tabs(['strategies'], { px: strategiesHeight(height) }), tabs(['latency', 'statistics'])],
      {
        px: right,
      },
    ),
  ]);
}

/** The past at large, the ladder beside it. Without a chart the tables share its room. */
function analysis(width: number): Layout {
  const { ladder, right } = widthsFor(width);
  return whole([
    column([
      tabs(['liquidity'], { part: 1.1 }),
      tabs(['chart'], { part: 1.2 }),
      row([tabs(['decisions', 'orders-fills'], { part: 1.4 }), tabs(['scalps', 'statistics'])], {
        part: 0.8,
      }),
    ]),
    tabs(['ladder-left', 'ladder-right'], { px: ladder }),
    column(
      [
        tabs(['signals'], { px: SIGNALS_HEIGHT }),
        tabs(['imbalance', 'tape']),
        tabs(['replay', 'latency']),
      ],
      {
        px: right,
      },
    ),
  ]);
}

/** For 1280 × 800: one ladder, everything else in tabs. */
function compact(_width: number, height: number): Layout {
  return whole([
    tabs(['ladder-left', 'ladder-right'], { px: 250 }),
    column([
      tabs(['scalps', 'orders-fills', 'market-making'], { part: 1 }),
      tabs(['imbalance', 'chart', 'liquidity'], { px: IMBALANCE_HEIGHT }),
      tabs(['decisions', 'tape', 'statistics'], { part: 1.2 }),
    ]),
    column(
      [
        tabs(['strategies'], { px: strategiesHeight(height) }),
        tabs(['signals', 'latency', 'replay'], { part: 1 }),
      ],
      { px: 330 },
    ),
  ]);
}

function whole(children: readonly LayoutNode[]): Layout {
  return { root: row(children), floating: [] };
}

export const BUILT_INS: readonly BuiltIn[] = [
  { id: 'scalping', name: 'scalping', make: scalping },
  { id: 'market-making', name: 'market making', make: marketMaking },
  { id: 'analysis', name: 'analysis', make: analysis },
  { id: 'compact', name: 'compact', make: compact },
];

export function builtIn(id: string): BuiltIn | null {
  return BUILT_INS.find((entry) => entry.id === id) ?? null;
}
