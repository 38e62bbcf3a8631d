/**
 * terminal-settings: every setting of the window itself, as one table: what it does, its default
 * and its range. They count at once.
 *
 * Imports   contract.
 */
import type { SettingValue, SettingValues } from '../../engine/contract/settings.ts';

export interface TerminalSetting {
  readonly key: string;
  readonly section: string;
  readonly title: string;
  readonly effect: string;
  readonly type: 'choice' | 'flag' | 'number' | 'list';
  readonly options?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
  readonly default: SettingValue;
}

export const TERMINAL_SETTINGS: readonly TerminalSetting[] = [
  {
    key: 'theme',
    section: 'appearance',
    title: 'Theme',
    effect: 'Dark, light, or what the system says.',
    type: 'choice',
    options: ['dark', 'light', 'system'],
    default: 'dark',
  },
  {
    key: 'palette',
    section: 'appearance',
    title: 'Side colours',
    effect: 'Colours of bid and ask; blue and orange are told apart without red and green.',
    type: 'choice',
    options: ['teal-red', 'blue-orange'],
    default: 'teal-red',
  },
  {
    key: 'scale',
    section: 'appearance',
    title: 'Scale',
    effect: 'Size of everything on the screen; the nearest of 0.9, 1, 1.1, 1.25 and 1.5 is shown.',
    type: 'number',
    min: 0.9,
    max: 1.5,
    unit: '×',
    default: 1,
  },
  {
    key: 'motion',
    section: 'appearance',
    title: 'Motion',
    effect: 'Whether parts of the screen move and flash: as the system says, or never.',
    type: 'choice',
    options: ['system', 'none'],
    default: 'system',
  },
  {
    key: 'timeZone',
    section: 'time',
    title: 'Time zone',
    effect: 'Clock of the screen. The day of the results ends at 00:00 UTC in any case.',
    type: 'choice',
    options: ['UTC', 'local'],
    default: 'UTC',
  },
  {
    key: 'confirmFlatten',
    section: 'orders by hand',
    title: 'Ask before flatten',
    effect: 'Flatten opens a question first. KILL and disarm never ask.',
    type: 'flag',
    default: true,
  },
  {
    key: 'sound',
    section: 'sound',
    title: 'Sound cues',
    effect: 'A short tone on a fill, a lower one on an alarm.',
    type: 'flag',
    default: false,
  },
  {
    key: 'decisionsKept',
    section: 'lists',
    title: 'Decisions kept',
    effect: 'Newest decisions that the list holds; more of them cost memory of the window.',
    type: 'number',
    min: 50,
    max: 2000,
    unit: 'lines',
    default: 200,
  },
];

/** The value of a terminal setting: what was saved, if it makes sense, else its default. */
export function terminalValue(values: SettingValues, key: string): SettingValue {
  const setting = TERMINAL_SETTINGS.find((each) => each.key === key);
  const saved = values[key];
  if (setting === undefined) return saved ?? '';
  return saved === undefined || terminalProblem(setting, saved) !== null ? setting.default : saved;
}

/** What is wrong with a value, in one line, or null. */
export function terminalProblem(setting: TerminalSetting, value: SettingValue): string | null {
  switch (setting.type) {
    case 'flag':
      return typeof value === 'boolean' ? null : 'must be on or off';
    case 'choice':
      return choiceProblem(setting.options ?? [], value);
    case 'number':
      return numberProblem(setting, value);
    case 'list':
      return Array.isArray(value) ? null : 'must be a list';
  }
}

function choiceProblem(options: readonly string[], value: SettingValue): string | null {
  const isKnown = typeof value === 'string' && options.includes(value);
  return isKnown ? null : `must be one of ${options.join(', ')}`;
}

function numberProblem(setting: TerminalSetting, value: SettingValue): string | null {
  const { min = -Infinity, max = Infinity } = setting;
  const isWithin = typeof value === 'number' && value >= min && value <= max;
  return isWithin ? null : `must be a number from ${min} to ${max}`;
}
