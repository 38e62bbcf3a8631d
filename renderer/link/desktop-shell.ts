/**
 * desktop-shell: the link in the desktop window: asks the shell for a port and hands it to the
 * worker, each time an engine is there anew.
 *
 * A message is taken only when this very window has sent it (the preload does) and it carries the
 * nonce made here.
 *
 * Imports   contract, ./engine-link.
 */
import {
  BRIDGE_NAME,
  type DesktopBridge,
  type NoticeMessage,
  type PortMessage,
} from '../../engine/contract/bridge.ts';
import { startEngineLink, type EngineLink, type LinkShell } from './engine-link.ts';

/** What the shell has put on the page, or null in a browser. */
export function desktopBridge(page: object = globalThis): DesktopBridge | null {
  const bridge: unknown = Reflect.get(page, BRIDGE_NAME);
  if (typeof bridge !== 'object' || bridge === null) return null;
  return Reflect.get(bridge, 'shell') === 'desktop' ? (bridge as DesktopBridge) : null;
}

/** The shell's side of the link, for this page. */
export function linkShell(bridge: DesktopBridge, nonce: string): LinkShell {
  return {
    // A shell that is going away answers nothing; the worker asks again.
    requestPort: () => void bridge.requestPort(nonce).catch(() => undefined),
    restartEngine: () => void bridge.restartEngine().catch(() => undefined),
  };
}

/** What a window message means for the link; false when it is none of ours. */
export function takeShellMessage(
  event: Pick<MessageEvent<unknown>, 'data' | 'ports'>,
  nonce: string,
  link: Pick<EngineLink, 'takePort' | 'shellSaid'>,
): boolean {
  const message = event.data as Partial<PortMessage | NoticeMessage> | null;
  if (typeof message !== 'object' || message === null || message.nonce !== nonce) return false;
  if (message.tickdeck === 'port') {
    const [port] = event.ports;
    if (port !== undefined) link.takePort(port);
    return port !== undefined;
  }
  if (message.tickdeck !== 'notice' || message.notice === undefined) return false;
  link.shellSaid(message.notice);
  return true;
}

export function startDesktopLink(bridge: DesktopBridge, page: Window): EngineLink {
  const nonce = crypto.randomUUID();
  const link = startEngineLink(null, 'desktop', linkShell(bridge, nonce));
  page.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source === page && event.origin === page.location.origin) {
      takeShellMessage(event, nonce, link);
    }
  });
  return link;
}
