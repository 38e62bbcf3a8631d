/**
 * app-protocol: the scheme app:// of the desktop window, answered by ./app-files.
 *
 * Imports   electron, contract, ./app-files.
 */
import { protocol, type Session } from 'electron';
import { APP_SCHEME } from '../../engine/contract/bridge.ts';
import { answer } from './app-files.ts';

/** Once, before the application is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** On the session of the windows: another session knows no app:// at all. */
export function serveApp(session: Session, root: string): void {
  session.protocol.handle(APP_SCHEME, (request) => answer(root, request));
}
