/**
 * key-store: the keys that a person changed, on top of the table's own, and their keeping as a
 * document.
 *
 * Keys that are fixed stay what they are. A key belongs to one action: a second one is refused by
 * name. What is read and does not fit (an unknown key name, a taken key) is left out.
 *
 * Version   of the format, in the document.
 * Imports   commands, stores, ./action, ./keys; zustand.
 */
import { create } from 'zustand';
import { NO_REVISION, type DocumentStore } from '../../commands/document-store.ts';
import { deskSays } from '../../stores/desk-store.ts';
import type { Action } from './action.ts';
import { isKeptBack, keyWords } from './keys.ts';

export const KEYS_DOCUMENT = 'keys';
const KEYS_VERSION = 1;

/** By action: its keys instead of the table's. An empty list: none. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

interface KeyState {
  readonly own: OwnKeys;
}

export const useKeys = create<KeyState>(() => ({ own: {} }));

export function keysOf(action: Action, own: OwnKeys): readonly string[] {
  return action.isFixed === true ? action.keys : (own[action.id] ?? action.keys);
}

export function actionOfKey(actions: readonly Action[], own: OwnKeys, name: string): Action | null {
  return actions.find((action) => keysOf(action, own).includes(name)) ?? null;
}

/** Why `action` may not have this key, or null. */
export function keyFault(
  actions: readonly Action[],
  own: OwnKeys,
  action: Action,
  name: string,
): string | null {
  if (action.isFixed === true) return 'this key is fixed';
  if (isKeptBack(name)) return `${keyWords(name)} is kept for the page itself`;
  const holder = actionOfKey(actions, own, name);
  if (holder === null || holder.id === action.id) return null;
  return `${keyWords(name)} is already: ${holder.title}`;
}

export class KeyKeeper {
  readonly #documents: DocumentStore;
  #revision = NO_REVISION;
  #writing: Promise<void> = Promise.resolve();

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  async open(actions: readonly Action[]): Promise<void> {
    const stored = await this.#documents.read(KEYS_DOCUMENT);
    if (stored === null) return;
    this.#revision = stored.revision;
    const own = readKeys(stored.body, actions);
    if (own === null) deskSays('KEYS', 'The saved keys cannot be read: the usual ones apply.');
    else useKeys.setState({ own });
  }

  /** Null gives an action its usual keys back. */
  set(id: string, keys: readonly string[] | null): void {
    const { [id]: _former, ...others } = useKeys.getState().own;
    this.setAll(keys === null ? others : { ...others, [id]: keys });
  }

  setAll(own: OwnKeys): void {
    useKeys.setState({ own });
    this.#writing = this.#writing.then(() => this.#write(own));
  }

  settled(): Promise<void> {
    return this.#writing;
  }

  async #write(own: OwnKeys): Promise<void> {
    const body = JSON.stringify({ version: KEYS_VERSION, keys: own });
    const result = await this.#documents.write(KEYS_DOCUMENT, this.#revision, body);
    if (result.ok) {
      this.#revision = result.revision;
    } else if (result.why === 'failed') {
      deskSays('KEYS', `The keys could not be kept: ${result.reason}.`);
    } else {
      this.#revision = result.newest.revision;
      deskSays(
        'KEYS',
        'Another window changed keys first. Its keys were taken over; set it again.',
      );
      useKeys.setState({ own: readKeys(result.newest.body, []) ?? {} });
    }
  }
}

/** Null when the text is no document of keys. What clashes with `actions` is left out. */
export function readKeys(body: string, actions: readonly Action[]): OwnKeys | null {
  const keys = parsedKeys(body);
  if (keys === null) return null;
  let own: OwnKeys = {};
  for (const [id, names] of Object.entries(keys)) {
    if (!Array.isArray(names)) continue;
    const action = actions.find((each) => each.id === id);
    const fits = names.filter((name): name is string => {
      if (typeof name !== 'string' || name === '') return false;
      return action === undefined || keyFault(actions, own, action, name) === null;
    });
    if (fits.length === names.length) own = { ...own, [id]: fits };
  }
  return own;
}

function parsedKeys(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return null;
    const { version, keys } = value as Readonly<Record<string, unknown>>;
    if (version !== KEYS_VERSION || typeof keys !== 'object' || keys === null) return null;
    return keys as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}
