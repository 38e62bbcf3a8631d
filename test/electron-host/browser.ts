/**
 * browser: the Chromium behind the windows. A test starts it and says where it is; each host gets
 * a context of its own in it, gone when the host ends.
 *
 * Imports   ./cdp, ./settings.
 */
import { CdpConnection } from './cdp.ts';
import { hostSettings } from './settings.ts';

let connection: CdpConnection | null = null;
let context: Promise<string> | null = null;

export async function connectChromium(): Promise<void> {
  connection = await CdpConnection.open(hostSettings.chromium);
  await connection.send('Target.setDiscoverTargets', { discover: true });
}

export function chromium(): CdpConnection {
  if (connection === null) throw new Error('the app is not ready');
  return connection;
}

export function browserContext(): Promise<string> {
  context ??= chromium()
    .send('Target.createBrowserContext', { disposeOnDetach: true })
    .then(({ browserContextId }) => String(browserContextId));
  return context;
}
