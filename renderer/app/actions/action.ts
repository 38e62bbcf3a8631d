/**
 * action: one thing that a person can do by key, from the palette, or from a menu.
 *
 * Imports   nothing.
 */
export const ACTION_GROUPS = [
  'Safety',
  'Trading',
  'Ladders',
  'Instruments',
  'Panels',
  'Workspaces',
  'Look',
  'Help',
] as const;

export type ActionGroup = (typeof ACTION_GROUPS)[number];

export interface Action {
  /** Stable: kept with a person's own keys. */
  readonly id: string;
  readonly title: string;
  readonly group: ActionGroup;
  /** Names of key presses (./keys); what a person chose comes before these. */
  readonly keys: readonly string[];
  /** everywhere: also in text fields and under dialogs. page: not while text is typed. */
  readonly scope: 'everywhere' | 'page';
  /** The keys cannot be changed. */
  readonly isFixed?: boolean;
  /** Only keys, never offered in the palette. */
  readonly isKeyOnly?: boolean;
  /** Offered in the palette only when exactly this is typed. */
  readonly exactly?: string;
  /** Other words that find it. */
  readonly words?: string;
  /** It asks the engine; the palette stays open and shows the answer. */
  readonly isCommand?: boolean;
  /** Why it cannot be done now, or null. */
  readonly why?: () => string | null;
  readonly perform: () => void;
}
