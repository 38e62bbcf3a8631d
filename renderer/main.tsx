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
import { App } from './app/App.tsx';
import { startHotkeys } from './app/hotkeys.ts';
import { startViewMemory } from './app/view-memory.ts';
import { colours } from './canvas/colours.ts';
import { frameLoop } from './frame/frame-loop.ts';
import { desktopBridge, startDesktopLink } from './link/desktop-shell.ts';
import { startEngineLink, type EngineLink } from './link/engine-link.ts';
import { liveMarket } from './live/live-market.ts';
import { useView } from './stores/view-store.ts';

const FONTS = ['500 11px "JetBrains Mono Variable"', '600 11px "Inter Variable"'];

function start(root: HTMLElement): void {
  startViewMemory(localStorage, document.documentElement);
  colours.reload();
  useView.subscribe((state, previous) => {
    if (state.palette !== previous.palette) colours.reload();
  });
  // Canvases do not wait for fonts: paint again when they are there.
  void Promise.all(FONTS.map((font) => document.fonts.load(font))).then(() => colours.reload());

  const link = startLink();
  document.addEventListener('visibilitychange', () => {
    link.setVisible(document.visibilityState === 'visible');
  });
  frameLoop.start((nowMs) => liveMarket.refresh(nowMs));
  startHotkeys(window);
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

/** Over ports where a shell hands them over, else over a socket to where the page came from. */
function startLink(): EngineLink {
  const bridge = desktopBridge();
  if (bridge !== null) return startDesktopLink(bridge, window);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return startEngineLink(`${scheme}://${location.host}/link`, 'browser');
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
