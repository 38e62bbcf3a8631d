/**
 * permissions: what a page may ask the machine for: to write sanitised text to the clipboard, from
 * our own page's main frame. All else, on every session, is refused; so is a bad certificate.
 *
 * Imports   electron, ./navigation.
 */
import type { App, Session } from 'electron';
import { isOwnPage } from './navigation.ts';

/** Copying a figure is all that the screens do. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

export function mayHave(permission: string, address: string, isMainFrame: boolean): boolean {
  return GRANTED.has(permission) && isMainFrame && isOwnPage(address);
}

/** For each session, those that come later too. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(mayHave(permission, details.requestingUrl, details.isMainFrame));
  });
  session.setPermissionCheckHandler((_contents, permission, _origin, details) =>
    mayHave(permission, details.requestingUrl ?? '', details.isMainFrame),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  // macOS pairs by itself and has no such handler.
  if (process.platform !== 'darwin') {
    session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  }
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

export function lockApp(app: App): void {
  app.on('session-created', lockSession);
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event, _contents, _details, _info, callback) => {
    event.preventDefault();
    callback();
  });
}
