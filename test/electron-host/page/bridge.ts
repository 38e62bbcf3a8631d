/**
 * bridge: one end of the line between the two worlds of a page; both run this class, whose source
 * is sent there.
 *
 * The worlds share the document and nothing else. They talk by events, whose `detail` Chromium
 * copies from one world to the other within the call: so a bridged function answers at once, as in
 * Electron.
 *
 * Imports   nothing.
 */

/** What stands for a value on its way between the worlds. */
export type Bridged =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'function'; readonly id: number }
  | { readonly kind: 'promise'; readonly id: number }
  | { readonly kind: 'list'; readonly items: readonly Bridged[] }
  | { readonly kind: 'object'; readonly parts: readonly (readonly [string, Bridged])[] };

interface BridgeCall {
  readonly id: number;
  readonly args: readonly Bridged[];
}

interface BridgeAnswer {
  readonly id: number;
  readonly value?: Bridged;
  readonly error?: string;
}

type AnyFunction = (...args: unknown[]) => unknown;

export class Bridge {
  readonly #mine: string;
  readonly #theirs: string;
  readonly #functions: AnyFunction[] = [];
  readonly #waiting = new Map<number, [(value: unknown) => void, (error: Error) => void]>();
  #promises = 0;
  #answer: BridgeAnswer = { id: 0 };

  constructor(mine: string, theirs: string) {
    this.#mine = mine;
    this.#theirs = theirs;
    this.hear('call', (detail) => this.#onCall(detail as BridgeCall));
    this.hear('answer', (detail) => {
      this.#answer = detail as BridgeAnswer;
    });
    this.hear('settled', (detail) => this.#onSettled(detail as BridgeAnswer));
  }

  say(name: string, detail: unknown): void {
    window.dispatchEvent(new CustomEvent(`${this.#theirs}:${name}`, { detail }));
  }

  hear(name: string, listener: (detail: unknown) => void): void {
    const onEvent = (event: Event): void => {
      event.stopImmediatePropagation();
      listener((event as CustomEvent<unknown>).detail);
    };
    window.addEventListener(`${this.#mine}:${name}`, onEvent, true);
  }

  /** Makes a value ready to cross: functions and promises stay here, the rest is copied. */
  wrap(value: unknown): Bridged {
    if (typeof value === 'function') {
      return { kind: 'function', id: this.#functions.push(value as AnyFunction) - 1 };
    }
    if (value instanceof Promise) return { kind: 'promise', id: this.#watch(value) };
    if (Array.isArray(value)) return { kind: 'list', items: value.map((each) => this.wrap(each)) };
    if (value === null || typeof value !== 'object') return { kind: 'value', value };
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return { kind: 'value', value };
    const entries = Object.entries(value);
    return { kind: 'object', parts: entries.map(([key, part]) => [key, this.wrap(part)]) };
  }

  unwrap(bridged: Bridged): unknown {
    switch (bridged.kind) {
      case 'value':
        return bridged.value;
      case 'list':
        return bridged.items.map((each) => this.unwrap(each));
      case 'object': {
        const entries = bridged.parts.map(([key, part]) => [key, this.unwrap(part)] as const);
        return Object.freeze(Object.fromEntries(entries));
      }
      case 'promise':
        return new Promise((resolve, reject) => this.#waiting.set(bridged.id, [resolve, reject]));
      case 'function':
        return (...args: unknown[]) => this.#call(bridged.id, args);
    }
    return undefined;
  }

  #call(id: number, args: unknown[]): unknown {
    this.#answer = { id, error: 'the other world did not answer' };
    this.say('call', { id, args: args.map((each) => this.wrap(each)) });
    const { value, error } = this.#answer;
    if (error !== undefined) throw new Error(error);
    return value === undefined ? undefined : this.unwrap(value);
  }

  #onCall({ id, args }: BridgeCall): void {
    try {
      const given = args.map((each) => this.unwrap(each));
      this.say('answer', { id, value: this.wrap(this.#functions[id]?.(...given)) });
    } catch (error) {
      this.say('answer', { id, error: Bridge.#wordsOf(error) });
    }
  }

  #watch(promise: Promise<unknown>): number {
    const id = ++this.#promises;
    promise.then(
      (value) => this.say('settled', { id, value: this.wrap(value) }),
      (error: unknown) => this.say('settled', { id, error: Bridge.#wordsOf(error) }),
    );
    return id;
  }

  #onSettled({ id, value, error }: BridgeAnswer): void {
    const [resolve, reject] = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    if (error === undefined) resolve?.(value === undefined ? undefined : this.unwrap(value));
    else reject?.(new Error(error));
  }

  static #wordsOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
  }
}
