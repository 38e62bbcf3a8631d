/**
 * preload: the only code that a window shares with the shell. Built to one CommonJS file: a
 * sandboxed preload has `electron` and nothing of Node.
 *
 * It offers a handful of narrow functions, and hands the port to the page that asked for it under
 * that page's own nonce. No event, no sender, no channel name reaches the page.
 *
 * Imports   electron, contract, protocol.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { BRIDGE_NAME } from '../../engine/contract/bridge.ts';
import type {
  DesktopBridge,
  NoticeMessage,
  PortMessage,
  ShellNotice,
} from '../../engine/contract/bridge.ts';
import { Channel } from '../protocol/channels.ts';

/** What this page calls itself; '' until it has asked for a port. */
let pageNonce = '';

const bridge: DesktopBridge = {
  shell: 'desktop',
  requestPort: async (nonce) => {
    pageNonce = nonce;
    ipcRenderer.send(Channel.PortRequest, { nonce: pageNonce });
  },
  settings: () => ipcRenderer.invoke(Channel.Settings),
  changeSettings: (change) => ipcRenderer.invoke(Channel.SettingsChange, change),
  exportSettings: () => ipcRenderer.invoke(Channel.SettingsExport),
  importSettings: () => ipcRenderer.invoke(Channel.SettingsImport),
  venueKeys: () => ipcRenderer.invoke(Channel.VenueKeys),
  storeVenueKey: (key) => ipcRenderer.invoke(Channel.VenueKeyStore, key),
  forgetVenueKey: (label) => ipcRenderer.invoke(Channel.VenueKeyForget, label),
  restartEngine: () => ipcRenderer.invoke(Channel.EngineRestart),
};

ipcRenderer.on(Channel.Port, (event, message: { readonly nonce: string }) => {
  if (message.nonce !== pageNonce || pageNonce === '') return;
  const forward: PortMessage = { tickdeck: 'port', nonce: message.nonce };
  window.postMessage(forward, window.location.origin, event.ports);
});

ipcRenderer.on(Channel.Notice, (_event, notice: ShellNotice) => {
  if (pageNonce === '') return;
  const forward: NoticeMessage = { tickdeck: 'notice', nonce: pageNonce, notice };
  window.postMessage(forward, window.location.origin);
});

contextBridge.exposeInMainWorld(BRIDGE_NAME, bridge);
