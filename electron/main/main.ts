/**
 * main: entry of the desktop application: what must happen before it is ready, then the shell.
 *
 * Imports   electron, ./desktop and what it needs before it.
 */
import { app, dialog } from 'electron';
import { registerAppScheme } from './app-protocol.ts';
import { Desktop } from './desktop.ts';
import { refusedSwitch } from './hardening.ts';
import { lockApp } from './permissions.ts';
import { takeInstance } from './single-instance.ts';

let desktop: Desktop | null = null;

function run(): void {
  // Every renderer in the sandbox, whatever options it is made with.
  app.enableSandbox();
  registerAppScheme();
  lockApp(app);
  app.on('web-contents-created', (_event, contents) => desktop?.lock(contents));
  app.on('activate', () => desktop?.showMain());
  app.on('before-quit', (event) => {
    if (desktop !== null && !desktop.mayQuit()) event.preventDefault();
  });
  // The last window closes only after the question at quitting; then the application ends.
  app.on('window-all-closed', () => app.quit());
  process.on('unhandledRejection', (error) =>
    desktop?.log(`unhandled rejection: ${String(error)}`),
  );
  // Supervision goes on: a shell that ends takes the engine with it.
  process.on('uncaughtException', (error) => desktop?.fault(error));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => desktop?.endNow());
  }
  app.whenReady().then(start, fail);
}

function start(): void {
  try {
    desktop = new Desktop();
    desktop.start();
  } catch (error) {
    fail(error);
  }
}

/** Without its shell nothing can be shown; nothing was armed yet. */
function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`tickdeck: ${text}\n`);
  dialog.showErrorBox('Tickdeck could not start', text);
  app.exit(1);
}

const refused = refusedSwitch(app.isPackaged, (name) => app.commandLine.hasSwitch(name));
if (refused !== null) fail(new Error(refused));
else if (takeInstance(app, () => desktop?.showMain())) run();
else app.quit();
