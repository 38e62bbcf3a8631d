/**
 * desktop: puts the shell together: every part is made here once and knows only what it is given.
 *
 * Who talks to whom: windows ask (ipc-main) → broker, stores; the engine's process tells its
 * supervisor → tray, power, windows; KILL and disarm go from tray, menu, key and power straight to
 * the engine.
 *
 * Imports   electron, every part.
 */
import path from 'node:path';
import {
  app,
  dialog,
  globalShortcut,
  Menu,
  MessageChannelMain,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import type { BrowserWindow, MessagePortMain } from 'electron';
import type {
  DesktopSettings,
  EnginePhase,
  SettingsAnswer,
  ShellNotice,
} from '../../engine/contract/bridge.ts';
import type { EngineFlagTexts, EngineSummary } from '../protocol/engine-messages.ts';
import { serveApp } from './app-protocol.ts';
import { childEnvironment } from './child-environment.ts';
import { CrashDesk } from './crash-desk.ts';
import { EngineProcess } from './engine-process.ts';
import { ExchangeProcess } from './exchange-process.ts';
import { lockContents } from './hardening.ts';
import { listenToWindows } from './ipc-main.ts';
import { KillKey } from './kill-key.ts';
import { launchFlags } from './launch-flags.ts';
import { Log } from './log.ts';
import { menuTemplate } from './menu.ts';
import { ENGINE_ENTRY, EXCHANGE_ENTRY, RENDERER_ROOT } from './paths.ts';
import { lockSession } from './permissions.ts';
import { PortBroker } from './port-broker.ts';
import { PowerDesk } from './power.ts';
import { leftOpen, QuitDesk, replaceQuestion, type Question } from './quit.ts';
import { keyForMode, SecretStore } from './secret-store.ts';
import { SettingsStore } from './settings-store.ts';
import { TrayDesk } from './tray.ts';
import { trayFace } from './tray-face.ts';
import { loadUpdater, UpdateDesk } from './updates.ts';
import { Windows } from './window.ts';
import { WindowState } from './window-state.ts';

/** Names in the system's list of processes, and in what it says about their end. */
export const ENGINE_SERVICE = 'Tickdeck engine';
export const EXCHANGE_SERVICE = 'Tickdeck exchange';
const SETTINGS_FILTER = [{ name: 'Settings', extensions: ['json'] }];

export class Desktop {
  readonly #log: Log;
  readonly #settings: SettingsStore;
  readonly #secrets: SecretStore;
  readonly #windows: Windows;
  readonly #engine: EngineProcess<MessagePortMain>;
  readonly #exchange: ExchangeProcess;
  readonly #broker: PortBroker<MessagePortMain>;
  readonly #crashes: CrashDesk;
  readonly #power: PowerDesk;
  readonly #tray: TrayDesk;
  readonly #killKey: KillKey;
  readonly #updates: UpdateDesk;
  readonly #quit: QuitDesk;
  /** The engine that runs has been given its key, or has been refused it. */
  #keyGiven = false;
  readonly #actions = {
    show: () => this.#windows.showMain(),
    disarm: () => this.#disarm('asked for from the desktop'),
    kill: () => this.#kill(),
    startEngineAgain: () => void this.#replaceEngine(),
    quit: () => void this.#quit.request(),
    checkForUpdate: () => void this.#updates.check(),
  };

  constructor() {
    const folder = app.getPath('userData');
    const echo = app.isPackaged ? null : (line: string) => void process.stderr.write(line);
    this.#log = new Log(path.join(folder, 'logs', 'desktop.log'), echo);
    this.#settings = new SettingsStore({
      file: path.join(folder, 'desktop-settings.json'),
      onChange: (settings) => this.#apply(settings),
    });
    this.#secrets = new SecretStore({
      file: path.join(folder, 'venue-keys.json'),
      keeper: safeStorage,
      platform: process.platform,
      nowMs: Date.now,
      onLog: (level, line) => this.#log.write(level, line),
    });
    const places = path.join(folder, 'window-places.json');
    const state = new WindowState(places, (line) => this.#log.write('warn', line));
    this.#windows = new Windows(state, {
      onCreated: (window, name) => this.#watch(window, name),
      mayClose: () => this.#mayCloseMain(),
    });
    this.#engine = this.#engineProcess();
    this.#exchange = this.#exchangeProcess();
    this.#broker = new PortBroker({
      channel: () => new MessageChannelMain(),
      toEngine: (name, port) => this.#engine.addTerminal(name, port),
      isReady: () => this.#engine.isRunning,
      greeting: () => this.#greeting(),
    });
    this.#crashes = this.#crashDesk();
    this.#power = new PowerDesk({
      blocker: powerSaveBlocker,
      power: () => this.#settings.settings.power,
      disarm: (reason) => this.#disarm(reason),
      say: (level, text) => this.#say(level, 'POWER', text),
      endNow: () => void this.#quit.withoutAsking(),
      nowMs: Date.now,
    });
    this.#tray = new TrayDesk(this.#actions, (line) => this.#log.write('warn', line));
    const keyRefused = (line: string): void => this.#say('warn', 'KEY', line);
    this.#killKey = new KillKey(globalShortcut, this.#actions.kill, keyRefused);
    this.#updates = new UpdateDesk({
      facts: () => ({
        updates: this.#settings.settings.updates,
        isPackaged: app.isPackaged,
        summary: this.#engine.summary,
        isEngineSettled: this.#engine.phase === 'stopping',
      }),
      load: () => loadUpdater(),
      say: (level, text) => this.#say(level, 'UPDATE', text),
    });
    this.#quit = this.#quitDesk();
  }

  /** Once, when the application is ready. */
  start(): void {
    lockSession(session.defaultSession);
    serveApp(session.defaultSession, RENDERER_ROOT);
    const { platform } = process;
    const facts = { platform, isPackaged: app.isPackaged, productName: 'Tickdeck' };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(facts, this.#actions)));
    this.#listen();
    this.#crashes.watchApp(app);
    this.#power.listen(powerMonitor);
    if (this.#settings.trouble !== '') this.#log.write('warn', this.#settings.trouble);
    this.#apply(this.#settings.settings);
    this.#windows.showMain();
    this.#engine.start();
  }

  showMain(): void {
    this.#windows.showMain();
  }

  openPanel(panel: string): void {
    this.#windows.openPanel(panel);
  }

  /** Every page of the application, whoever made it. */
  lock(contents: Electron.WebContents): void {
    lockContents(contents, (panel) => this.openPanel(panel));
  }

  /** The application is about to end: false while something must come first. */
  mayQuit(): boolean {
    if (this.#quit.isDone) return true;
    void this.#quit.request();
    return false;
  }

  endNow(): void {
    void this.#quit.withoutAsking();
  }

  log(line: string): void {
    this.#log.write('error', line);
  }

  /** Something of the shell itself has failed: kept, and told to whoever looks. */
  fault(error: Error): void {
    this.#log.write('error', error.stack ?? error.message);
    const text = `the desktop shell met an error and goes on: ${error.message}`;
    this.#broker.tellAll({ kind: 'alert', atMs: Date.now(), level: 'warn', code: 'SHELL', text });
  }

  #engineProcess(): EngineProcess<MessagePortMain> {
    return new EngineProcess({
      fork: () =>
        utilityProcess.fork(ENGINE_ENTRY, [], {
          serviceName: ENGINE_SERVICE,
          env: childEnvironment(process.env),
          stdio: ['ignore', 'inherit', 'inherit'],
        }),
      flags: () => this.#flags(),
      mainPid: process.pid,
      nowMs: () => performance.now(),
      endByForce,
      events: {
        onPhase: (phase, text) => this.#enginePhase(phase, text),
        onSummary: (summary) => this.#engineSummary(summary),
        onExchangeWanted: (args) => void this.#exchange.start(args),
        onLog: (level, line) => this.#log.write(level, `engine: ${line}`),
        onKillNotTaken: (why) => this.#say('danger', 'KILL', `KILL: ${why}`),
        onGivenUp: (reason) => void this.#crashes.engineGivenUp(reason),
      },
    });
  }

  /** The command line of the application wins over its settings. */
  #flags(): EngineFlagTexts {
    const { configFile } = this.#settings.settings.engine;
    const said = launchFlags(process.argv.slice(1));
    return configFile === '' ? said : { config: configFile, ...said };
  }

  async #replaceEngine(): Promise<void> {
    const question = replaceQuestion(this.#engine.summary);
    if (question !== null && (await this.#ask(question)) !== 1) return;
    const left = leftOpen(await this.#engine.replace());
    if (left !== null) this.#say('danger', 'ENGINE', `left open: ${left.detail}`);
  }

  #exchangeProcess(): ExchangeProcess {
    return new ExchangeProcess({
      fork: (args) =>
        utilityProcess.fork(EXCHANGE_ENTRY, args, {
          serviceName: EXCHANGE_SERVICE,
          env: childEnvironment(process.env),
          stdio: 'ignore',
        }),
      onLog: (level, line) => this.#log.write(level, line),
      onGone: (code) => this.#crashes.exchangeGone(code),
    });
  }

  #crashDesk(): CrashDesk {
    return new CrashDesk({
      tellAll: (notice) => this.#broker.tellAll(notice),
      tellLater: (pageId, notice) => this.#broker.tellLater(pageId, notice),
      forget: (pageId) => this.#broker.forget(pageId),
      choose: (message, detail, buttons) => this.#choose(message, detail, buttons),
      startEngineAgain: () => this.#engine.startAgain(),
      kill: this.#actions.kill,
      quit: this.#actions.quit,
      log: (line) => this.#log.write('error', line),
      nowMs: () => performance.now(),
    });
  }

  #quitDesk(): QuitDesk {
    return new QuitDesk({
      phase: () => this.#engine.phase,
      summary: () => this.#engine.summary,
      lastSummary: () => this.#engine.lastSummary,
      ask: async (question) => (await this.#ask(question)) === 1,
      say: async (question) => void (await this.#ask(question)),
      stopEngine: () => this.#engine.stop(),
      finish: (isClean) => {
        this.#updates.atQuit(isClean);
        this.#exchange.end();
        this.#killKey.release();
        this.#tray.remove();
        app.quit();
      },
    });
  }

  #watch(window: BrowserWindow, name: string): void {
    const { webContents } = window;
    const { id } = webContents;
    this.#crashes.watchWindow(window, name);
    // Another document: the page that had asked for a port is gone, and its port with it.
    webContents.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) this.#broker.forget(id);
    });
    window.on('closed', () => this.#broker.forget(id));
    window.on('query-session-end', () => this.endNow());
  }

  /** Closing the main window ends the application, by the same way and with the same question. */
  #mayCloseMain(): boolean {
    if (this.#quit.isDone) return true;
    void this.#quit.request();
    return false;
  }

  #greeting(): readonly ShellNotice[] {
    const { phase, phaseText } = this.#engine;
    const engine: ShellNotice = { kind: 'engine', phase, text: phaseText };
    const { trouble } = this.#settings;
    if (trouble === '') return [engine];
    return [
      engine,
      { kind: 'alert', atMs: Date.now(), level: 'warn', code: 'SETUP', text: trouble },
    ];
  }

  #enginePhase(phase: EnginePhase, text: string): void {
    this.#log.write('info', `engine ${phase} ${text}`);
    this.#broker.tellAll({ kind: 'engine', phase, text });
    if (phase === 'running') {
      if (text !== '') this.#say('danger', 'ENGINE', `${text}; this one was started in its place`);
      this.#broker.engineReady();
    }
    this.#tray.show(trayFace(phase, this.#engine.summary));
  }

  #engineSummary(summary: EngineSummary | null): void {
    this.#tray.show(trayFace(this.#engine.phase, summary));
    this.#power.summaryChanged(summary);
    if (summary === null) this.#keyGiven = false;
    else void this.#giveKey(summary.mode);
  }

  async #giveKey(mode: string): Promise<void> {
    const label = keyForMode(mode, this.#settings.settings.engine.venueKey);
    if (label === null || this.#keyGiven) return;
    this.#keyGiven = true;
    const key = await this.#secrets.reveal(label);
    if (key !== null) this.#engine.giveKey(key);
  }

  #apply(settings: DesktopSettings): void {
    this.#killKey.apply(settings.killKey);
    this.#tray.apply(settings.tray.enabled, trayFace(this.#engine.phase, this.#engine.summary));
    this.#power.summaryChanged(this.#engine.summary);
  }

  #listen(): void {
    listenToWindows({
      port: (page, nonce) => this.#broker.request(page, nonce),
      settings: () => this.#settings.settings,
      changeSettings: (change) => this.#settings.change(change),
      exportSettings: () => this.#exportSettings(),
      importSettings: () => this.#importSettings(),
      venueKeys: () => this.#secrets.list(),
      storeVenueKey: (key) => this.#secrets.store(key),
      forgetVenueKey: async (label) => this.#secrets.forget(label),
      restartEngine: () => this.#engine.startAgain(),
      onRefused: (line) => this.#log.write('warn', line),
    });
  }

  async #exportSettings(): Promise<SettingsAnswer> {
    const options = { defaultPath: 'tickdeck-settings.json', filters: SETTINGS_FILTER };
    const { canceled, filePath } = await dialog.showSaveDialog(options);
    return canceled ? { outcome: 'cancelled' } : this.#settings.exportTo(filePath);
  }

  async #importSettings(): Promise<SettingsAnswer> {
    const { canceled, filePaths } = await dialog.showOpenDialog({
      filters: SETTINGS_FILTER,
      properties: ['openFile'],
    });
    const [file] = filePaths;
    if (canceled || file === undefined) return { outcome: 'cancelled' };
    return this.#settings.importFrom(file);
  }

  #kill(): void {
    const isSent = this.#engine.kill();
    this.#log.write('warn', isSent ? 'KILL' : 'KILL: no engine to tell');
    if (!isSent) this.#say('danger', 'KILL', 'KILL: there is no engine to tell; it is not running');
  }

  #disarm(reason: string): void {
    const isSent = this.#engine.disarm(reason);
    this.#log.write('info', `disarm (${reason})${isSent ? '' : ': no engine to tell'}`);
  }

  #say(level: 'info' | 'warn' | 'danger', code: string, text: string): void {
    this.#log.write(level === 'info' ? 'info' : 'warn', text);
    this.#broker.tellAll({ kind: 'alert', atMs: Date.now(), level, code, text });
  }

  #ask({ message, detail, buttons }: Question): Promise<number> {
    return this.#choose(message, detail, buttons[0] === buttons[1] ? [buttons[0]] : buttons);
  }

  async #choose(message: string, detail: string, buttons: readonly string[]): Promise<number> {
    const options = {
      type: 'warning' as const,
      message,
      detail,
      buttons: [...buttons],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    };
    const window = this.#windows.main;
    const { response } =
      window === null
        ? await dialog.showMessageBox(options)
        : await dialog.showMessageBox(window, options);
    return response;
  }
}

/** SIGKILL: also good where the process's own loop stands still. */
function endByForce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
