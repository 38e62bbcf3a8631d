/**
 * focus-panels: F6 from panel to panel, left to right and top to bottom, whatever the arrangement;
 * header and footer are two stops more.
 *
 * Imports   nothing.
 */
const STOPS = '.header, [data-panel], .footer';

export function focusPanel(step: 1 | -1): void {
  const stops = visibleStops();
  if (stops.length === 0) return;
  const at = stops.findIndex((stop) => stop.contains(document.activeElement));
  const next = at < 0 && step < 0 ? stops.length - 1 : (at + step + stops.length) % stops.length;
  const stop = stops[next];
  if (stop === undefined) return;
  if (!stop.hasAttribute('tabindex')) stop.tabIndex = -1;
  stop.focus();
}

/** Id in the registry of the panel that has the focus. */
export function focusedPanel(): string | null {
  const holder = document.activeElement?.closest('[data-dock-panel]');
  return holder?.getAttribute('data-dock-panel') ?? null;
}

function visibleStops(): readonly HTMLElement[] {
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)].filter(isVisible);
  const place = new Map(stops.map((stop) => [stop, stop.getBoundingClientRect()]));
  return stops.toSorted((a, b) => {
    const [one, two] = [place.get(a), place.get(b)];
    if (one === undefined || two === undefined) return 0;
    return rank(a) - rank(b) || one.left - two.left || one.top - two.top;
  });
}

function rank(stop: HTMLElement): number {
  if (stop.classList.contains('header')) return 0;
  return stop.classList.contains('footer') ? 2 : 1;
}

function isVisible(element: HTMLElement): boolean {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0;
}
