/**
 * crash-desk: what the shell does when one of its processes dies or hangs, and what it says.
 *
 * window      loaded again within a budget, and told what happened after it is back; then a person
 *             is asked. The engine goes on meanwhile: exits run, entries stop with the lease.
 * graphics    the browser part starts it again by itself; windows are told.
 * exchange    SIM only; told, the engine's sockets break and it asks for nothing by itself.
 * engine      is the matter of ./engine-process; when no restart is left a person is asked.
 *
 * Imports   electron, contract, ./restart-budget.
 */
import type { App, BrowserWindow } from 'electron';
import type { ShellNotice } from '../../engine/contract/bridge.ts';
import { RestartBudget } from './restart-budget.ts';

export interface ProcessDeath {
  readonly reason: string;
  readonly exitCode: number;
}

export type Remedy =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reload'; readonly text: string }
  | { readonly kind: 'ask'; readonly text: string };

const MEANWHILE =
  'The engine goes on by itself: exits of open scalps run; entries and quotes stop when the ' +
  "window's lease runs out, three seconds later.";

/** What follows the death of a window's process. */
export function windowRemedy(death: ProcessDeath, budget: RestartBudget, nowMs: number): Remedy {
  if (death.reason === 'clean-exit') return { kind: 'nothing' };
  const what = `the window's process ended (${death.reason}, code ${death.exitCode})`;
  if (budget.take(nowMs)) {
    return { kind: 'reload', text: `${what}; it was loaded again. ${MEANWHILE}` };
  }
  return { kind: 'ask', text: `Again ${what}. ${MEANWHILE}` };
}

/** What windows are told of another process's death; null when it is another's matter. */
export function childNotice(details: {
  readonly type: string;
  readonly reason: string;
  readonly exitCode: number;
}): string | null {
  if (details.reason === 'clean-exit') return null;
  const how = `${details.reason}, code ${details.exitCode}`;
  if (details.type === 'GPU') {
    return `the graphics process ended (${how}) and is started again; drawing may be slower`;
  }
  // Utilities of ours are supervised where they are started.
  return details.type === 'Utility' ? null : `the ${details.type} process ended (${how})`;
}

/** A window as a person knows it. */
function shown(name: string): string {
  return name.startsWith('panel:') ? `window of the panel ${name.slice(6)}` : 'window';
}

export interface CrashSurroundings {
  readonly tellAll: (notice: ShellNotice) => void;
  readonly tellLater: (pageId: number, notice: ShellNotice) => void;
  readonly forget: (pageId: number) => void;
  /** Index of the chosen button; the first is the default. */
  readonly choose: (message: string, detail: string, buttons: readonly string[]) => Promise<number>;
  readonly startEngineAgain: () => void;
  readonly kill: () => void;
  readonly quit: () => void;
  readonly log: (line: string) => void;
  readonly nowMs: () => number;
}

export class CrashDesk {
  readonly #around: CrashSurroundings;
  readonly #budgets = new Map<string, RestartBudget>();
  readonly #asking = new Set<string>();

  constructor(around: CrashSurroundings) {
    this.#around = around;
  }

  watchApp(app: App): void {
    app.on('child-process-gone', (_event, details) => {
      this.#around.log(`${details.type} process gone: ${details.reason} (${details.name ?? ''})`);
      const text = childNotice(details);
      if (text !== null) this.#around.tellAll(this.#alert('PROCESS', text));
    });
  }

  watchWindow(window: BrowserWindow, name: string): void {
    const { webContents } = window;
    webContents.on('render-process-gone', (_event, details) => {
      void this.#windowGone(window, name, details);
    });
    webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
      // −3: a load that another one has replaced.
      if (isMainFrame && code !== -3) {
        void this.#windowGone(window, name, { reason: description, exitCode: code });
      }
    });
    window.on('unresponsive', () => void this.#hung(window, name));
    window.on('responsive', () => this.#around.log(`window ${name} responds again`));
  }

  async #windowGone(window: BrowserWindow, name: string, death: ProcessDeath): Promise<void> {
    if (window.isDestroyed()) return;
    const pageId = window.webContents.id;
    this.#around.forget(pageId);
    this.#around.log(`window ${name}: ${death.reason}, code ${death.exitCode}`);
    const budget = this.#budgetOf(name);
    const remedy = windowRemedy(death, budget, this.#around.nowMs());
    if (remedy.kind === 'nothing') return;
    this.#around.tellLater(pageId, this.#alert('WINDOW', remedy.text));
    if (remedy.kind === 'ask') {
      const buttons = ['Load it again', 'KILL', 'Quit'];
      const choice = await this.#ask(
        `gone ${name}`,
        `The ${shown(name)} has ended`,
        remedy.text,
        buttons,
      );
      if (choice === 1) this.#around.kill();
      if (choice === 2) return this.#around.quit();
      if (choice < 0) return;
      budget.refill();
    }
    if (!window.isDestroyed()) window.webContents.reload();
  }

  async #hung(window: BrowserWindow, name: string): Promise<void> {
    this.#around.log(`window ${name} does not respond`);
    const detail = `It has not answered for a while. ${MEANWHILE}`;
    const buttons = ['Wait', 'Load it again', 'KILL'];
    const choice = await this.#ask(`hung ${name}`, `The ${shown(name)} hangs`, detail, buttons);
    if (choice === 2) this.#around.kill();
    if (choice <= 0 || window.isDestroyed()) return;
    // Ends the hung process; what follows is the answer to a process that is gone.
    window.webContents.forcefullyCrashRenderer();
  }

  /** The engine's supervisor has no restart left. */
  async engineGivenUp(reason: string): Promise<void> {
    const detail =
      `${reason}\n\nNothing is traded and nothing is watched now. The venue's countdown cancels ` +
      'resting orders within 30 s; positions stay open without exits. A new start reconciles and ' +
      'comes back HALTED when something was armed or open.';
    const buttons = ['Start it again', 'Leave it', 'Quit'];
    const choice = await this.#ask('engine', 'The engine is not running', detail, buttons);
    if (choice === 0) this.#around.startEngineAgain();
    if (choice === 2) this.#around.quit();
  }

  exchangeGone(code: number): void {
    const text =
      `the simulated exchange ended unexpectedly (code ${code}): there is no market until the ` +
      'engine is started again';
    this.#around.log(text);
    this.#around.tellAll(this.#alert('EXCHANGE', text));
  }

  /** One question at a time of each kind; −1 when it is being asked already. */
  async #ask(
    what: string,
    message: string,
    detail: string,
    buttons: readonly string[],
  ): Promise<number> {
    if (this.#asking.has(what)) return -1;
    this.#asking.add(what);
    try {
      return await this.#around.choose(message, detail, buttons);
    } finally {
      this.#asking.delete(what);
    }
  }

  #budgetOf(name: string): RestartBudget {
    const known = this.#budgets.get(name) ?? new RestartBudget();
    this.#budgets.set(name, known);
    return known;
  }

  #alert(code: string, text: string): ShellNotice {
    return { kind: 'alert', atMs: Date.now(), level: 'danger', code, text };
  }
}
