/**
 * keys: names of key presses, the same whatever the keyboard's layout. Pure.
 *
 * A name is modifiers in the order Ctrl, Alt, Shift, Meta, then the key: "Ctrl+Shift+Backspace",
 * "Shift+G", "?", "Ctrl+Alt+1". Letters are upper case; a sign that needs Shift is named by itself.
 *
 * Imports   nothing.
 */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

const MODIFIER_KEYS = ['Control', 'Alt', 'AltGraph', 'Shift', 'Meta', 'Dead', 'Process'];

/** The name of a press, or null while only modifiers are down. */
export function nameOfPress(press: KeyPress): string | null {
  if (MODIFIER_KEYS.includes(press.key)) return null;
  const key = keyOf(press);
  const isSign = key.length === 1 && !/[A-Z0-9]/.test(key);
  const parts = [
    press.ctrlKey ? 'Ctrl' : '',
    press.altKey ? 'Alt' : '',
    press.shiftKey && !isSign ? 'Shift' : '',
    press.metaKey ? 'Meta' : '',
    key,
  ];
  return parts.filter((part) => part !== '').join('+');
}

/** Letters and digits by their place where the layout or a modifier gives something else. */
function keyOf({ key, code, ctrlKey, altKey }: KeyPress): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined && !/^[a-z]$/i.test(key)) return letter;
  const digit = /^Digit([0-9])$/.exec(code)?.[1];
  if (digit !== undefined && (ctrlKey || altKey)) return digit;
  if (key === ' ') return 'Space';
  return key.length === 1 ? key.toUpperCase() : key;
}

const WORDS: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Backspace: 'Bksp',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The parts of a name as they stand on keys. */
export function keyCaps(name: string): readonly string[] {
  const parts = name === '+' ? ['+'] : name.split('+');
  return parts.map((part) => WORDS[part] ?? part);
}

export function keyWords(name: string): string {
  return keyCaps(name).join(' ');
}

/** Keys that a browser or a field keeps for itself, or that move the focus and scroll. */
const KEPT_BACK = new Set([
  'Tab',
  'Shift+Tab',
  'Enter',
  'Space',
  'ArrowUp',
  'ArrowDown',
  'ArrowLeft',
  'ArrowRight',
  'PageUp',
  'PageDown',
  'Ctrl+W',
  'Ctrl+T',
  'Ctrl+N',
  'Ctrl+Shift+W',
  'Ctrl+Shift+T',
  'Ctrl+Shift+N',
  'Ctrl+C',
  'Ctrl+V',
  'Ctrl+X',
  'Ctrl+A',
  'Ctrl+Z',
]);

export function isKeptBack(name: string): boolean {
  return KEPT_BACK.has(name);
}
