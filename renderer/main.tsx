/**
 * main: entry of the window: theme, link, frame loop, keys, then the screen.
 *
 * Imports   everything it starts.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/theme/fonts.css';
import './app/theme/tokens.css';
import './app/theme/base.css';
import './app/theme/app.css';
import './app/theme/menu.css';
import './app/theme/gauge.css';
import './app/theme/popup.css';
import './app/theme/palette.css';
import { App, loadDock } from './app/App.tsx';
import { openDesk } from './app/desk.ts';
import { LocalDocuments } from './app/documents/local-documents.ts';
import { startHandMemory } from './app/hand-memory.ts';
import { startHotkeys } from './app/hotkeys.ts';
import { startLook } from './app/look.ts';
import { fetchPanels, lonePanel } from './app/panel-registry.tsx';
import { startSettings } from './app/settings-keeper.ts';
import { startViewMemory } from './app/view-memory.ts';
import { colours } from './canvas/colours.ts';
import { frameLoop } from './frame/frame-loop.ts';
import { desktopBridge, startDesktopLink } from './link/desktop-shell.ts';
import { startEngineLink, type EngineLink } from './link/engine-link.ts';
import { liveMarket } from './live/live-market.ts';

const FONTS = ['500 11px "JetBrains Mono Variable"', '600 11px "Inter Variable"'];

function start(root: HTMLElement): void {
  startHandMemory(localStorage);
  startViewMemory(localStorage);
  startLook(document.documentElement, matchMedia('(prefers-color-scheme: light)'));
  // Canvases do not wait for fonts: paint again when they are there.
  void Promise.all(FONTS.map((font) => document.fonts.load(font))).then(() => colours.reload());

  const isDesk = lonePanel(location.hash) === null;
  const link = startLink(isDesk);
  document.addEventListener('visibilitychange', () => {
    link.setVisible(document.visibilityState === 'visible');
  });
  frameLoop.start((nowMs) => liveMarket.refresh(nowMs));
  startHotkeys(window);
  startSettings(document.documentElement);
  void draw(root, isDesk);
}

/** Draws when everything that the first picture needs is there: nothing appears and then moves. */
async function draw(root: HTMLElement, isDesk: boolean): Promise<void> {
  const needs: readonly Promise<unknown>[] = [
    openDesk(new LocalDocuments(localStorage)),
    isDesk ? loadDock() : Promise.resolve(),
    fetchPanels(),
  ];
  await Promise.allSettled(needs);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

/** Over ports where a shell hands them over, else over a socket to where the page came from. */
function startLink(claimsLease: boolean): EngineLink {
  const bridge = desktopBridge();
  if (bridge !== null) return startDesktopLink(bridge, window, claimsLease);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return startEngineLink(`${scheme}://${location.host}/link`, 'browser', { claimsLease });
}

/** Without isolation there is no shared memory: say so instead of failing somewhere inside. */
function refuse(root: HTMLElement): void {
  root.className = 'fault';
  root.textContent =
    'Tickdeck needs a cross-origin isolated page (COOP and COEP headers). Open it through the ' +
    'address that the engine prints, in a current Chromium, Chrome, Edge or Firefox.';
}

const root = document.getElementById('root');
if (root !== null) {
  if (globalThis.crossOriginIsolated) start(root);
  else refuse(root);
}
