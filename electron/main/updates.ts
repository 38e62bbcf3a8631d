/**
 * updates: a seam for updating by a generic provider. Off unless switched on with an address; never
 * looks, fetches or installs while anything is armed, rests or is held.
 *
 * The updater is a package of its own and not part of this application's: where it is missing the
 * answer says so.
 *
 * Imports   contract, protocol, ./quit.
 */
import type { DesktopSettings } from '../../engine/contract/bridge.ts';
import type { EngineSummary } from '../protocol/engine-messages.ts';
import { stakes } from './quit.ts';

/** What an updater must be able to do; electron-updater's is wrapped into it. */
export interface Updater {
  /** Version of what is offered, or null when this one is the newest. */
  check(feedUrl: string): Promise<string | null>;
  download(): Promise<void>;
  /** Installs when the application has ended in good order. */
  installAtQuit(wanted: boolean): void;
}

export interface UpdateFacts {
  readonly updates: DesktopSettings['updates'];
  readonly isPackaged: boolean;
  readonly summary: EngineSummary | null;
  readonly isEngineSettled: boolean;
}

/** Why no update may be looked for now, or null. */
export function updateRefusal(facts: UpdateFacts): string | null {
  if (!facts.updates.enabled) return 'updates are switched off in the settings';
  if (URL.parse(facts.updates.feedUrl)?.protocol !== 'https:') {
    return 'no address for updates is set; it must be https';
  }
  if (!facts.isPackaged) return 'this is a checkout: update it with git';
  if (facts.summary === null) {
    return facts.isEngineSettled ? null : 'the engine is not heard: what is open is not known';
  }
  const [first] = stakes(facts.summary);
  return first === undefined ? null : `not while ${first}`;
}

export interface UpdateSurroundings {
  readonly facts: () => UpdateFacts;
  readonly load: () => Promise<Updater | null>;
  readonly say: (level: 'info' | 'warn', text: string) => void;
}

export class UpdateDesk {
  readonly #around: UpdateSurroundings;
  #updater: Updater | null = null;

  constructor(around: UpdateSurroundings) {
    this.#around = around;
  }

  /** At the very end: what is fetched is installed only when nothing was left open. */
  atQuit(isClean: boolean): void {
    if (!isClean) this.#updater?.installAtQuit(false);
  }

  /** Looks once; every step asks again whether it may. */
  async check(): Promise<string> {
    const answer = await this.#check().catch((error: unknown) => `no update: ${String(error)}`);
    this.#around.say('info', answer);
    return answer;
  }

  async #check(): Promise<string> {
    const refusal = updateRefusal(this.#around.facts());
    if (refusal !== null) return `no look for an update: ${refusal}`;
    const updater = await this.#around.load();
    if (updater === null) return 'no look for an update: the updater is not part of this build';
    const version = await updater.check(this.#around.facts().updates.feedUrl);
    if (version === null) return 'this is the newest version';
    const late = updateRefusal(this.#around.facts());
    if (late !== null) return `version ${version} is offered; not fetched: ${late}`;
    await updater.download();
    const later = updateRefusal(this.#around.facts());
    if (later !== null) return `version ${version} is fetched; not installed: ${later}`;
    this.#updater = updater;
    updater.installAtQuit(true);
    return `version ${version} is fetched and is installed when you quit`;
  }
}

/** The shape of the package, as far as it is used. */
interface UpdaterPackage {
  readonly autoUpdater: {
    autoDownload: boolean;
    autoInstallOnAppQuit: boolean;
    setFeedURL(options: { readonly provider: 'generic'; readonly url: string }): void;
    checkForUpdates(): Promise<{
      readonly isUpdateAvailable?: boolean;
      readonly updateInfo: { readonly version: string };
    } | null>;
    downloadUpdate(): Promise<unknown>;
  };
}

/** The optional package, or null where it is not installed. */
export async function loadUpdater(name = 'electron-updater'): Promise<Updater | null> {
  let loaded: UpdaterPackage;
  try {
    loaded = (await import(/* @vite-ignore */ name)) as UpdaterPackage;
  } catch {
    return null;
  }
  const { autoUpdater } = loaded;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  return {
    check: async (url) => {
      autoUpdater.setFeedURL({ provider: 'generic', url });
      const found = await autoUpdater.checkForUpdates();
      return found?.isUpdateAvailable === true ? found.updateInfo.version : null;
    },
    download: async () => {
      await autoUpdater.downloadUpdate();
    },
    installAtQuit: (wanted) => {
      autoUpdater.autoInstallOnAppQuit = wanted;
    },
  };
}
