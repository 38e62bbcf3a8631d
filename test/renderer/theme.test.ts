/**
 * theme.test: the tokens: every theme defines them all, and text stands out from its grounds.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyLook } from '../../renderer/app/look.ts';

type Tokens = Readonly<Record<string, string>>;
type Colour = readonly [number, number, number, number];

const TEXT_LEAST = 4.5;
const sheet = readFileSync('renderer/app/theme/tokens.css', 'utf8');

/** The declarations of one block of the sheet. */
function block(selector: string): Tokens {
  const start = sheet.indexOf(`\n${selector} {`);
  if (start < 0) throw new Error(`no block ${selector}`);
  const body = sheet.slice(start, sheet.indexOf('}', start));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]),
  );
}

const DARK = block(':root');
const LIGHT = { ...DARK, ...block(":root[data-theme='light']") };
const THEMES: readonly (readonly [string, Tokens])[] = [
  ['dark, teal and red', DARK],
  ['dark, blue and orange', { ...DARK, ...block(":root[data-palette='blue-orange']") }],
  ['light, teal and red', LIGHT],
  [
    'light, blue and orange',
    { ...LIGHT, ...block(":root[data-theme='light'][data-palette='blue-orange']") },
  ],
];

function colour(tokens: Tokens, name: string): Colour {
  const text = tokens[name] ?? '';
  const hex = /^#(..)(..)(..)$/.exec(text);
  if (hex !== null) {
    const [r, g, b] = hex.slice(1).map((part) => Number.parseInt(part, 16));
    return [r ?? 0, g ?? 0, b ?? 0, 1];
  }
  const parts = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(text);
  if (parts === null) throw new Error(`--${name} is no colour: ${text}`);
  const [r, g, b, a] = parts.slice(1).map(Number);
  return [r ?? 0, g ?? 0, b ?? 0, a ?? 0];
}

function over(top: Colour, ground: Colour): Colour {
  const mix = (at: 0 | 1 | 2): number => top[at] * top[3] + ground[at] * (1 - top[3]);
  return [mix(0), mix(1), mix(2), 1];
}

function luminance([r, g, b]: Colour): number {
  const [x, y, z] = [r, g, b].map((value) => {
    const share = value / 255;
    return share <= 0.039_28 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (x ?? 0) + 0.7152 * (y ?? 0) + 0.0722 * (z ?? 0);
}

function contrast(a: Colour, b: Colour): number {
  const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const GROUNDS = ['bg-0', 'bg-1', 'bg-2', 'bg-3'];
const INKS = ['ink-1', 'ink-2', 'ink-3', 'bid-ink', 'ask-ink', 'own-ink', 'warn', 'danger-ink'];
/** Text, and the soft ground it lies on, over any panel. */
const SOFT = [
  ['bid-ink', 'bid-soft'],
  ['ask-ink', 'ask-soft'],
  ['own-ink', 'own-soft'],
  ['warn', 'warn-soft'],
  ['danger-ink', 'danger-soft'],
  ['ink-1', 'hover'],
] as const;
const FILLED = [
  ['on-danger', 'danger-fill'],
  ['on-bright', 'info'],
  ['on-bright', 'own'],
  ['on-bright', 'warn'],
  ['on-bright', 'replay'],
] as const;

describe.each(THEMES)('the theme %s', (_name, tokens) => {
  it('has text that stands out from every ground', () => {
    const weak: string[] = [];
    const check = (what: string, ink: Colour, ground: Colour): void => {
      const ratio = contrast(ink, ground);
      if (ratio < TEXT_LEAST) weak.push(`${what}: ${ratio.toFixed(2)}`);
    };
    for (const name of GROUNDS) {
      const ground = colour(tokens, name);
      for (const ink of INKS) check(`${ink} on ${name}`, colour(tokens, ink), ground);
    }
    for (const [ink, soft] of SOFT) {
      for (const name of ['bg-0', 'bg-1', 'bg-2']) {
        const ground = over(colour(tokens, soft), colour(tokens, name));
        check(`${ink} on ${soft} on ${name}`, colour(tokens, ink), ground);
      }
    }
    for (const [ink, fill] of FILLED) {
      check(`${ink} on ${fill}`, colour(tokens, ink), colour(tokens, fill));
    }
    expect(weak).toEqual([]);
  });

  it('tells the sides from the ground and from each other', () => {
    for (const side of ['bid', 'ask']) {
      expect(contrast(colour(tokens, side), colour(tokens, 'bg-1'))).toBeGreaterThan(3);
    }
    expect(tokens['bid']).not.toBe(tokens['ask']);
  });
});

describe('the sheet', () => {
  it('defines nothing in a theme that the base does not know', () => {
    for (const [name, tokens] of THEMES) {
      const unknown = Object.keys(tokens).filter((token) => !(token in DARK));
      expect(unknown, name).toEqual([]);
    }
  });

  it('redefines every colour but those of the latency strip for the day', () => {
    const light = block(":root[data-theme='light']");
    const colours = Object.entries(DARK).filter(([, value]) => /^(#|rgba)/.test(value));
    const same = colours.map(([name]) => name).filter((name) => !(name in light));
    expect(same.filter((name) => !name.startsWith('stage-'))).toEqual([]);
  });
});

describe('the look', () => {
  it.each([
    ['dark', true, 'dark'],
    ['light', false, 'light'],
    ['system', true, 'light'],
    ['system', false, 'dark'],
  ] as const)('%s, the system light: %s, shows %s', (theme, isLight, shown) => {
    const root = document.documentElement;
    applyLook(root, { theme, palette: 'blue-orange', scale: 125 }, isLight);
    expect(root.dataset['theme']).toBe(shown);
    expect(root.dataset['palette']).toBe('blue-orange');
    expect(root.style.getPropertyValue('--user')).toBe('1.25');
  });
});
