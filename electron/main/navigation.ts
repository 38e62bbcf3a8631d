/**
 * navigation: where a window may go. To its own page, and nowhere else: every other address, every
 * sub-frame and every new window is refused. A window of its own for one panel is opened by the
 * main process, hardened like the first.
 *
 * Imports   contract.
 */
import { APP_HOST, APP_SCHEME, panelOfAddress } from '../../engine/contract/bridge.ts';

export const PAGE_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

export function panelUrl(panel: string): string {
  return `${PAGE_URL}#panel=${panel}`;
}

/** True for an address of our own scheme and host; parsed, never compared by its beginning. */
export function isOwnAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}

/** True for the window's page itself, whatever follows `#`. */
export function isOwnPage(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || !isOwnAddress(address)) return false;
  return (url.pathname === '/' || url.pathname === '/index.html') && url.search === '';
}

export function mayNavigate(address: string, isMainFrame: boolean): boolean {
  return isMainFrame && isOwnPage(address);
}

/** The panel that a request for a new window means, or null: nothing else is opened. */
export function popOutOf(address: string): string | null {
  return isOwnPage(address) ? panelOfAddress(address) : null;
}
