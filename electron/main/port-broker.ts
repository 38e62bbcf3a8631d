/**
 * port-broker: one channel for each window load and each engine start. One end goes to the engine,
 * the other to the window that asked, under its nonce; then the main process is off the path.
 *
 * A window that asks while no engine runs is remembered and gets its port when one does. A load
 * that is over (navigation, crash, close) is forgotten; its port closes with it.
 *
 * Imports   contract, protocol.
 */
import type { ShellNotice } from '../../engine/contract/bridge.ts';
import { Channel } from '../protocol/channels.ts';

/** The part of WebContents that is used. */
export interface PageLike<Port> {
  readonly id: number;
  isDestroyed(): boolean;
  postMessage(channel: string, message: unknown, transfer?: Port[]): void;
  send(channel: string, ...args: unknown[]): void;
}

export interface PortBrokerOptions<Port> {
  readonly channel: () => { readonly port1: Port; readonly port2: Port };
  /** Gives an end to the engine; false when there is none. */
  readonly toEngine: (name: string, port: Port) => boolean;
  /** True when an engine is up and may be given ports. */
  readonly isReady: () => boolean;
  /** What a window that has just loaded must be told. */
  readonly greeting: () => readonly ShellNotice[];
}

interface Asked<Port> {
  readonly page: PageLike<Port>;
  readonly nonce: string;
}

export class PortBroker<Port> {
  readonly #options: PortBrokerOptions<Port>;
  readonly #asked = new Map<number, Asked<Port>>();
  /** What happened to a window while it could not be told: said after its next load. */
  readonly #kept = new Map<number, ShellNotice[]>();

  constructor(options: PortBrokerOptions<Port>) {
    this.#options = options;
  }

  /** A window asks, for the first time or because its port is gone. */
  request(page: PageLike<Port>, nonce: string): void {
    const isNew = this.#asked.get(page.id)?.nonce !== nonce;
    this.#asked.set(page.id, { page, nonce });
    if (isNew) {
      for (const notice of this.#options.greeting()) this.#send(page, notice);
      for (const notice of this.#kept.get(page.id) ?? []) this.#send(page, notice);
      this.#kept.delete(page.id);
    }
    if (this.#options.isReady()) this.#connect({ page, nonce });
  }

  /** An engine is up: everyone who asked gets a port to it. */
  engineReady(): void {
    for (const asked of this.#asked.values()) this.#connect(asked);
  }

  /** The page that asked is no longer there. */
  forget(pageId: number): void {
    this.#asked.delete(pageId);
  }

  /** Says something to every window that listens. */
  tellAll(notice: ShellNotice): void {
    for (const { page } of this.#asked.values()) this.#send(page, notice);
  }

  /** Says something to a window after its next load. */
  tellLater(pageId: number, notice: ShellNotice): void {
    this.#kept.set(pageId, [...(this.#kept.get(pageId) ?? []), notice]);
  }

  #connect({ page, nonce }: Asked<Port>): void {
    if (page.isDestroyed()) {
      this.forget(page.id);
      return;
    }
    const { port1, port2 } = this.#options.channel();
    if (!this.#options.toEngine(`window ${page.id}`, port1)) return;
    page.postMessage(Channel.Port, { nonce }, [port2]);
  }

  #send(page: PageLike<Port>, notice: ShellNotice): void {
    if (page.isDestroyed()) this.forget(page.id);
    else page.send(Channel.Notice, notice);
  }
}
