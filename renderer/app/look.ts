/**
 * look: puts the chosen theme, side colours and scale on the page, and follows the system's theme
 * where that is the choice.
 *
 * Imports   canvas, stores.
 */
import { colours } from '../canvas/colours.ts';
import { useView, type Theme, type ViewState } from '../stores/view-store.ts';

type Look = Pick<ViewState, 'theme' | 'palette' | 'scale'>;

export function startLook(root: HTMLElement, media: MediaQueryList): () => void {
  const apply = (): void => applyLook(root, useView.getState(), media.matches);
  apply();
  media.addEventListener('change', apply);
  const stop = useView.subscribe((state, previous) => {
    const isSame =
      state.theme === previous.theme &&
      state.palette === previous.palette &&
      state.scale === previous.scale;
    if (!isSame) apply();
  });
  return () => {
    stop();
    media.removeEventListener('change', apply);
  };
}

export function applyLook(
  root: HTMLElement,
  { theme, palette, scale }: Look,
  isLight: boolean,
): void {
  const shown = shownTheme(theme, isLight);
  root.dataset['theme'] = shown;
  root.dataset['palette'] = palette;
  root.style.setProperty('--user', String(scale / 100));
  document.querySelector('meta[name="color-scheme"]')?.setAttribute('content', shown);
  colours.reload();
}

function shownTheme(theme: Theme, isLight: boolean): 'dark' | 'light' {
  if (theme === 'system') return isLight ? 'light' : 'dark';
  return theme;
}
