/**
 * colours: the theme's colours as canvases need them: read from the page's custom properties.
 *
 * Version   moves when the palette was changed; painters add it to theirs.
 * Imports   nothing.
 */
const NAMES = [
  'bg-0',
  'bg-1',
  'bg-2',
  'bg-3',
  'line',
  'line-strong',
  'ink-1',
  'ink-2',
  'ink-3',
  'ink-4',
  'bid',
  'bid-soft',
  'bid-strong',
  'bid-ink',
  'ask',
  'ask-soft',
  'ask-strong',
  'ask-ink',
  'own',
  'own-soft',
  'own-ink',
  'warn',
  'warn-soft',
  'ok',
  'danger',
  'info',
  'info-soft',
  'stripe',
  'heat-0',
  'heat-1',
  'heat-2',
  'heat-3',
  'heat-4',
] as const;

export type ColourName = (typeof NAMES)[number];

export const SANS = '"Inter Variable", Inter, system-ui, sans-serif';
export const MONO = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace';

class Colours {
  version = 0;
  #values: Partial<Record<ColourName, string>> = {};

  get(name: ColourName): string {
    if (this.version === 0) this.reload();
    return this.#values[name] ?? '#888';
  }

  reload(): void {
    const style = getComputedStyle(document.documentElement);
    const values: Partial<Record<ColourName, string>> = {};
    for (const name of NAMES) {
      const value = style.getPropertyValue(`--${name}`).trim();
      if (value !== '') values[name] = value;
    }
    this.#values = values;
    this.version += 1;
  }
}

export const colours = new Colours();
