/**
 * bridge: what the desktop shell adds to a window, and how a window's port to the engine is made.
 *
 * In the desktop window `window.tickdeck` is a DesktopBridge; in a browser it is missing. The port
 * itself cannot pass the bridge: the page asks for one under a nonce of its own and gets it as a
 * window message of that nonce. A new one comes unasked when the engine was started again.
 *
 * On the port: text = messages (JSON), ArrayBuffer = frames, one PortClosing before it is closed.
 * Venue keys go in and never come out: a window sees labels.
 *
 * Imports   nothing.
 */

/** Name of the bridge on the page's global object. */
export const BRIDGE_NAME = 'tickdeck';

/** Address parts of the desktop window. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'main';

export interface DesktopBridge {
  readonly shell: 'desktop';
  /** Asks for a port to the engine; it comes as a PortMessage with this nonce. */
  requestPort(nonce: string): Promise<void>;
  /** The desktop's own settings, whole. */
  settings(): Promise<DesktopSettings>;
  /** Changes some of them; the settings as they then are, or one line that says what is wrong. */
  changeSettings(change: DesktopSettingsChange): Promise<SettingsAnswer>;
  /** Both ask the person for a file. */
  exportSettings(): Promise<SettingsAnswer>;
  importSettings(): Promise<SettingsAnswer>;
  venueKeys(): Promise<VenueKeyList>;
  storeVenueKey(key: VenueKeyInput): Promise<KeyAnswer>;
  forgetVenueKey(label: string): Promise<KeyAnswer>;
  /** Starts an engine again after the shell has given up on it. */
  restartEngine(): Promise<void>;
}

export interface DesktopSettings {
  readonly version: number;
  readonly killKey: { readonly enabled: boolean; readonly accelerator: string };
  readonly tray: { readonly enabled: boolean };
  readonly power: { readonly disarmOnLock: boolean; readonly stayAwakeWhileArmed: boolean };
  readonly updates: { readonly enabled: boolean; readonly feedUrl: string };
  readonly engine: {
    /** Configuration file of the engine; '' means the usual one. */
    readonly configFile: string;
    /** Label of the venue key that LIVE would use; '' means none. */
    readonly venueKey: string;
  };
}

/** Sections as they are, each with some of its settings. */
export type DesktopSettingsChange = {
  readonly [Section in Exclude<keyof DesktopSettings, 'version'>]?: Partial<
    DesktopSettings[Section]
  >;
};

export type SettingsAnswer =
  | { readonly outcome: 'done'; readonly settings: DesktopSettings }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'refused'; readonly reason: string };

export interface VenueKeyInput {
  readonly label: string;
  readonly venue: string;
  readonly apiKey: string;
  readonly secret: string;
}

export interface VenueKeyLabel {
  readonly label: string;
  readonly venue: string;
  readonly storedAtMs: number;
}

export interface VenueKeyList {
  /** False when this machine cannot keep a secret; `reason` says why. */
  readonly canStore: boolean;
  readonly reason: string;
  readonly keys: readonly VenueKeyLabel[];
}

export type KeyAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly reason: string };

/** How the engine's process is, as the shell that supervises it knows. */
export const ENGINE_PHASES = ['starting', 'running', 'restarting', 'stopping', 'failed'] as const;
export type EnginePhase = (typeof ENGINE_PHASES)[number];

/** What the shell has to say to a window. */
export type ShellNotice =
  | { readonly kind: 'engine'; readonly phase: EnginePhase; readonly text: string }
  | {
      readonly kind: 'alert';
      readonly atMs: number;
      readonly level: 'info' | 'warn' | 'danger';
      readonly code: string;
      readonly text: string;
    };

/** Preload → page, by window.postMessage; the port is the first of the event's ports. */
export interface PortMessage {
  readonly tickdeck: 'port';
  readonly nonce: string;
}

export interface NoticeMessage {
  readonly tickdeck: 'notice';
  readonly nonce: string;
  readonly notice: ShellNotice;
}

/** Last message on a port: why the engine's side closes it. */
export interface PortClosing {
  readonly closing: string;
}

/** The reason in the last message of a port, or null for anything else. */
export function closingReason(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('closing' in value)) return null;
  return typeof value.closing === 'string' ? value.closing : null;
}

/** The panel that an address of the window asks for alone, or null. */
export function panelOfAddress(address: string): string | null {
  const hash = address.split('#', 2)[1] ?? '';
  return /(?:^|&)panel=([a-z0-9-]{1,64})(?:&|$)/.exec(hash)?.[1] ?? null;
}
