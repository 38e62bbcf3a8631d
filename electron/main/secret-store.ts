/**
 * secret-store: venue keys, sealed by the system's own keeper of secrets.
 *
 * Where the system has none (on Linux the fallback `basic_text` seals with a password that
 * everybody knows) nothing is stored and nothing opened: refused with the reason. The file holds
 * labels and sealed bytes; what is open lives in the call that hands it to the engine. Windows get
 * labels. No error and no log line carries a value.
 *
 * Imports   contract, protocol, journal (atomic files); valibot.
 */
import * as v from 'valibot';
import type { KeyAnswer, VenueKeyInput, VenueKeyList } from '../../engine/contract/bridge.ts';
import { Mode } from '../../engine/domain/modes.ts';
import { readFileIfAny, writeFileAtomic } from '../../engine/journal/atomic-file.ts';
import type { RevealedKey } from '../protocol/engine-messages.ts';

/** The part of Electron's safeStorage that is used; its older synchronous calls are not. */
export interface Keeper {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(
    sealed: Buffer,
  ): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
}

const sealedKeySchema = v.strictObject({
  label: v.string(),
  venue: v.string(),
  storedAtMs: v.number(),
  sealed: v.string(),
});
type SealedKey = Readonly<v.InferOutput<typeof sealedKeySchema>>;
const fileSchema = v.strictObject({ version: v.literal(1), keys: v.array(sealedKeySchema) });
const openSchema = v.strictObject({ apiKey: v.string(), secret: v.string() });

export const KEYS_MAX = 32;

/** Why this machine cannot keep a secret, or null when it can. */
export function keeperRefusal(
  platform: string,
  isAvailable: boolean,
  backend: string,
): string | null {
  if (!isAvailable) return 'the system offers no encryption for stored secrets';
  if (platform !== 'linux') return null;
  if (backend === 'basic_text') {
    return (
      'this desktop has no keyring: a key would be sealed with a password that everybody ' +
      'knows (basic_text); start a keyring such as GNOME Keyring or KWallet'
    );
  }
  return backend === 'unknown' ? 'the keyring of this desktop is not known yet' : null;
}

/** The key that an engine of this mode is given. Only LIVE signs with a person's key. */
export function keyForMode(mode: string, label: string): string | null {
  return mode === Mode.Live && label !== '' ? label : null;
}

export interface SecretStoreOptions {
  readonly file: string;
  readonly keeper: Keeper;
  readonly platform: string;
  readonly nowMs: () => number;
  readonly onLog: (level: 'info' | 'warn', line: string) => void;
}

export class SecretStore {
  readonly #options: SecretStoreOptions;

  constructor(options: SecretStoreOptions) {
    this.#options = options;
  }

  /** What a window may know. */
  async list(): Promise<VenueKeyList> {
    const reason = await this.#refusal();
    const keys = this.#read().map(({ label, venue, storedAtMs }) => ({ label, venue, storedAtMs }));
    return { canStore: reason === null, reason: reason ?? '', keys };
  }

  /** Seals and keeps a key; one of the same label is replaced. */
  async store(key: VenueKeyInput): Promise<KeyAnswer> {
    const refusal = await this.#refusal();
    if (refusal !== null) return { outcome: 'refused', reason: refusal };
    const others = this.#read().filter(({ label }) => label !== key.label);
    if (others.length >= KEYS_MAX)
      return { outcome: 'refused', reason: `${KEYS_MAX} keys are kept` };
    try {
      const { label, venue } = key;
      const sealed = await this.#seal({ apiKey: key.apiKey, secret: key.secret });
      this.#write([...others, { label, venue, storedAtMs: this.#options.nowMs(), sealed }]);
      this.#options.onLog('info', `a key "${label}" of ${venue} is stored`);
      return { outcome: 'done' };
    } catch {
      // What went wrong may quote what was to be sealed: say only that it did.
      return { outcome: 'refused', reason: 'the key could not be sealed and was not stored' };
    }
  }

  forget(label: string): KeyAnswer {
    const keys = this.#read();
    const others = keys.filter((key) => key.label !== label);
    if (others.length === keys.length) {
      return { outcome: 'refused', reason: `there is no key "${label}"` };
    }
    this.#write(others);
    this.#options.onLog('info', `the key "${label}" is forgotten`);
    return { outcome: 'done' };
  }

  /** For the engine's process only. Null when it cannot be opened; the log says why. */
  async reveal(label: string): Promise<RevealedKey | null> {
    const refusal = await this.#refusal();
    const kept = this.#read().find((key) => key.label === label);
    if (refusal !== null || kept === undefined) {
      this.#options.onLog('warn', `key "${label}": ${refusal ?? 'there is none of this label'}`);
      return null;
    }
    try {
      const open = await this.#options.keeper.decryptStringAsync(
        Buffer.from(kept.sealed, 'base64'),
      );
      const { apiKey, secret } = v.parse(openSchema, JSON.parse(open.result));
      // The system has changed its own key: what was sealed with the old one is sealed again.
      if (open.shouldReEncrypt) await this.#sealAgain(kept, { apiKey, secret });
      return { label, venue: kept.venue, apiKey, secret };
    } catch {
      this.#options.onLog('warn', `key "${label}" could not be opened; store it again`);
      return null;
    }
  }

  async #sealAgain(kept: SealedKey, open: v.InferOutput<typeof openSchema>): Promise<void> {
    const sealed = await this.#seal(open);
    this.#write(this.#read().map((key) => (key.label === kept.label ? { ...key, sealed } : key)));
  }

  async #seal(open: v.InferOutput<typeof openSchema>): Promise<string> {
    const sealed = await this.#options.keeper.encryptStringAsync(JSON.stringify(open));
    return sealed.toString('base64');
  }

  async #refusal(): Promise<string | null> {
    const { keeper, platform } = this.#options;
    const isAvailable = await keeper.isAsyncEncryptionAvailable().catch(() => false);
    const backend = platform === 'linux' ? (keeper.getSelectedStorageBackend?.() ?? 'unknown') : '';
    const refusal = keeperRefusal(platform, isAvailable, backend);
    if (refusal !== null || this.#readOrRefuse() !== null) return refusal;
    return `${this.#options.file} is damaged: move it away, then store the keys again`;
  }

  #read(): readonly SealedKey[] {
    return this.#readOrRefuse() ?? [];
  }

  /** Null when there is a file that cannot be understood: nothing may replace it. */
  #readOrRefuse(): readonly SealedKey[] | null {
    try {
      const text = readFileIfAny(this.#options.file);
      return text === null ? [] : v.parse(fileSchema, JSON.parse(text)).keys;
    } catch {
      return null;
    }
  }

  #write(keys: readonly SealedKey[]): void {
    const text = JSON.stringify({ version: 1, keys }, null, 2);
    writeFileAtomic(this.#options.file, `${text}\n`);
  }
}
