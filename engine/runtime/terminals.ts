/**
 * terminals: everyone who watches or steers this engine over a link, whichever shell carries it.
 *
 * One terminal holds the supervision lease and may arm; the others read. Its main thread must
 * answer
 * pings: a pong renews the lease, silence lets it run out. Commands are idempotent by id. Disarm
 * and kill are never refused, whoever asks.
 *
 * Writer    host thread. Nothing here touches the trading thread but through `TerminalHost`.
 * Imports   base, contract.
 */
import { EngineError, messageOf } from '../base/errors.ts';
import type { CandleBatch, CandleRequest } from '../contract/candles.ts';
import { isRestricting } from '../contract/commands.ts';
import type { Ack, Command } from '../contract/commands.ts';
import type { ConfigurationField } from '../contract/configuration.ts';
import type { DocumentAnswer, DocumentRequest } from '../contract/documents.ts';
import { CREDITS_MAX } from '../contract/events.ts';
import type {
  ClientMessage,
  HistoryAnswer,
  HistoryRequest,
  ServerMessage,
} from '../contract/events.ts';
import { HISTORY_BURST, HISTORY_PER_SECOND } from '../contract/history.ts';
import type { LinkEvents, LinkPort } from '../contract/link.ts';
import type { EngineStatus } from '../contract/status.ts';
import { parseClientMessage } from '../contract/validate.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import type { FrameState } from './frame-publisher.ts';
import { RequestBudget } from './history/request-budget.ts';
import { OnceOrders } from './once-orders.ts';
import { PacedRequests } from './paced-requests.ts';

export interface TerminalHost {
  readonly session: string;
  readonly mode: string;
  readonly version: string;
  status(): EngineStatus;
  execute(command: Command, holdsLease: boolean): Promise<Ack>;
  /** Instrument index of a symbol, −1 unknown. */
  indexOf(symbol: string): number;
  /** Lease operations; `who` is the terminal's name. */
  acquireLease(who: string): { granted: boolean; reason: string };
  renewLease(who: string): void;
  releaseLease(who: string): void;
  leaseHolder(): string | null;
  /** Somebody watches other instruments now. */
  watchChanged(): void;
  history(request: HistoryRequest): HistoryAnswer;
  buildFrame(watched: readonly number[], state: FrameState): ArrayBuffer;
  candles(request: CandleRequest): CandleBatch;
  /** What the window keeps here: workspaces, settings. */
  document(request: DocumentRequest, holdsLease: boolean): DocumentAnswer;
  configuration(): readonly ConfigurationField[];
}

const ACKS_KEPT = 256;
const BUFFERED_MAX_BYTES = 1_000_000;
/** A terminal for which so much waits does not read: it is shown out. */
const BUFFERED_END_BYTES = 16_000_000;
/** Commands of one terminal that wait for their answer. */
const UNDER_WAY_MAX = 64;
const BUSY_RETRY_MS = 500;
/** Bad messages after which a terminal is shown out. */
const FAULTS_MAX = 20;

export class Terminal {
  readonly name: string;
  readonly #port: LinkPort;
  readonly #host: TerminalHost;
  readonly #onGone: (terminal: Terminal) => void;
  readonly #onSaved: (terminal: Terminal, answer: DocumentAnswer) => void;
  readonly #orders: OnceOrders;
  readonly #acks = new Map<string, Ack>();
  readonly #underWay = new Set<string>();
  readonly frame: FrameState = { sequence: 0, skipped: 0, tradesSeen: 0 };
  watched: number[] = [];
  isReady = false;
  readonly #paced = new PacedRequests(
    () => (this.#port.bufferedBytes() > BUFFERED_MAX_BYTES ? BUSY_RETRY_MS : 0),
    (error) => this.#fault(error),
  );
  readonly #historyBudget = new RequestBudget(HISTORY_BURST, HISTORY_PER_SECOND);
  #credit = 0;
  #faults = 0;
  #pingNumber = 0;
  #isGone = false;

  constructor(
    name: string,
    port: LinkPort,
    host: TerminalHost,
    onGone: (terminal: Terminal) => void,
    onSaved: (terminal: Terminal, answer: DocumentAnswer) => void,
    orders: OnceOrders,
  ) {
    this.name = name;
    this.#port = port;
    this.#host = host;
    this.#onGone = onGone;
    this.#onSaved = onSaved;
    this.#orders = orders;
  }

  readonly events: LinkEvents = {
    onText: (text) => {
      void this.#receive(text);
    },
    onClose: () => this.gone(),
  };

  send(message: ServerMessage): void {
    if (this.#isGone) return;
    if (this.#port.bufferedBytes() > BUFFERED_END_BYTES) return this.close('it does not read');
    this.#port.sendText(JSON.stringify(message));
  }

  /** Who we are, and of which session: said again when a replay starts anew. */
  greet(): void {
    const { session, mode, version } = this.#host;
    this.send({
      type: 'hello',
      contract: CONTRACT_VERSION,
      terminal: this.name,
      session,
      mode,
      product: 'Tickdeck',
      version,
    });
  }

  sendStatus(status: EngineStatus): void {
    if (!this.isReady || this.#port.bufferedBytes() > BUFFERED_MAX_BYTES) return;
    const mine = this.#host.leaseHolder() === this.name;
    const own = mine ? { ...status, lease: { ...status.lease, mine } } : status;
    this.send({ type: 'status', status: own });
  }

  /** One display refresh: a frame if there is credit and the carrier keeps up. */
  offerFrame(): void {
    if (!this.isReady) return;
    if (this.#credit <= 0 || this.#port.bufferedBytes() > BUFFERED_MAX_BYTES) {
      this.frame.skipped++;
      return;
    }
    const frame = this.#host.buildFrame(this.watched, this.frame);
    if (this.#port.sendFrame(frame)) this.#credit--;
  }

  ping(): void {
    if (this.isReady) this.send({ type: 'ping', number: ++this.#pingNumber });
  }

  gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.isReady = false;
    this.#paced.stop();
    this.#onGone(this);
  }

  close(reason: string): void {
    this.#port.close(reason);
    this.gone();
  }

  async #receive(text: string): Promise<void> {
    // What still comes over a line that is being closed has no terminal any more.
    if (this.#isGone) return;
    try {
      const message = parseClientMessage(text);
      if (!this.isReady && message.type !== 'hello') {
        throw new EngineError('input/malformed', 'say hello first');
      }
      await this.#handle(message);
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    const code = error instanceof EngineError ? error.code : 'input/malformed';
    this.send({ type: 'error', code, message: messageOf(error) });
    this.#faults++;
    if (this.#faults >= FAULTS_MAX) this.close(`${this.#faults} bad messages`);
  }

  async #handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case 'hello':
        return this.#hello(message.contract, message.watchesOnly === true);
      case 'credit':
        this.#credit = Math.min(CREDITS_MAX, this.#credit + message.frames);
        return;
      case 'pong':
        if (message.number === this.#pingNumber) this.#host.renewLease(this.name);
        return;
      case 'lease':
        return this.#lease(message.want);
      case 'command':
        return this.#command(message.command);
      case 'candles':
        return this.#paced.add(() => {
          this.send({ type: 'candles', candles: this.#host.candles(message.request) });
        });
      case 'history':
        return this.#history(message);
      case 'document':
        return this.#paced.add(() => this.#document(message));
      case 'configuration':
        return this.#paced.add(() => {
          this.send({ ...message, fields: this.#host.configuration() });
        });
    }
  }

  /** Whoever is connected may: documents are the window's, not the engine's state. */
  #document(request: DocumentRequest): void {
    const answer = this.#host.document(request, this.#host.leaseHolder() === this.name);
    this.send(answer);
    if (request.op === 'write' && answer.error === null) this.#onSaved(this, answer);
  }

  /** Too many at once, or a carrier that does not keep up: asked to come again, never silence. */
  #history(request: HistoryRequest): void {
    const { id, what } = request;
    const isBusy = this.#port.bufferedBytes() > BUFFERED_MAX_BYTES;
    const waitMs = isBusy ? BUSY_RETRY_MS : this.#historyBudget.take(performance.now());
    if (waitMs === 0) return this.send(this.#host.history(request));
    const counts = { rows: [], more: true, missed: 0, dropped: 0 };
    this.send({ type: 'history', id, what, ...counts, retryInMs: waitMs });
  }

  #hello(contract: number, watchesOnly: boolean): void {
    if (contract !== CONTRACT_VERSION) {
      const text =
        `this engine speaks contract ${CONTRACT_VERSION}, the terminal ${contract}; ` +
        'reload the terminal or update the older of the two';
      this.send({ type: 'error', code: 'runtime/not-available', message: text });
      this.close('contract mismatch');
      return;
    }
    this.isReady = true;
    this.greet();
    if (!watchesOnly && this.#host.leaseHolder() === null) this.#host.acquireLease(this.name);
    this.sendStatus(this.#host.status());
    this.ping();
  }

  #lease(want: boolean): void {
    if (!want) return this.#host.releaseLease(this.name);
    const { granted, reason } = this.#host.acquireLease(this.name);
    if (!granted) this.send({ type: 'error', code: 'runtime/lease-held', message: reason });
    this.sendStatus(this.#host.status());
  }

  async #command(command: Command): Promise<void> {
    const known = this.#acks.get(command.id);
    if (known !== undefined) {
      this.send({ type: 'ack', ack: known });
      return;
    }
    // Asked again while the first is under way: one answer serves both.
    if (this.#underWay.has(command.id)) return;
    if (this.#underWay.size >= UNDER_WAY_MAX && !isRestricting(command)) {
      throw new EngineError('input/malformed', 'too many commands wait for their answer');
    }
    this.#underWay.add(command.id);
    try {
      const ack =
        command.kind === 'watch'
          ? this.#watch(command.id, command.symbols)
          : await this.#execute(command);
      this.#acks.set(command.id, ack);
      if (this.#acks.size > ACKS_KEPT) this.#acks.delete(this.#acks.keys().next().value!);
      this.send({ type: 'ack', ack });
    } finally {
      this.#underWay.delete(command.id);
    }
    this.sendStatus(this.#host.status());
  }

  #execute(command: Command): Promise<Ack> {
    const run = (): Promise<Ack> =>
      this.#host.execute(command, this.#host.leaseHolder() === this.name);
    return command.kind === 'placeOrder' ? this.#orders.once(command.id, run) : run();
  }

  #watch(id: string, symbols: readonly string[]): Ack {
    const unknown = symbols.find((symbol) => this.#host.indexOf(symbol) < 0);
    if (unknown !== undefined) {
      return { id, kind: 'watch', outcome: 'refused', reason: `unknown instrument ${unknown}` };
    }
    this.watched = [...new Set(symbols)].map((symbol) => this.#host.indexOf(symbol));
    this.#host.watchChanged();
    return { id, kind: 'watch', outcome: 'applied', reason: '' };
  }
}

export class Terminals {
  readonly #host: TerminalHost;
  readonly #all = new Set<Terminal>();
  readonly #orders = new OnceOrders();
  #made = 0;

  constructor(host: TerminalHost) {
    this.#host = host;
  }

  get count(): number {
    return this.#all.size;
  }

  /** Instruments that anybody watches. */
  watched(): Set<number> {
    const out = new Set<number>();
    for (const terminal of this.#all) for (const index of terminal.watched) out.add(index);
    return out;
  }

  add(port: LinkPort): LinkEvents {
    const onGone = (gone: Terminal): void => {
      this.#all.delete(gone);
      // Whoever comes back has another name: waiting for the lease to run out helps nobody.
      this.#host.releaseLease(gone.name);
      this.#host.watchChanged();
    };
    const onSaved = (by: Terminal, answer: DocumentAnswer): void => this.#tellSaved(by, answer);
    const name = `terminal ${++this.#made}`;
    const orders = this.#orders;
    const terminal = new Terminal(name, port, this.#host, onGone, onSaved, orders);
    this.#all.add(terminal);
    return terminal.events;
  }

  #tellSaved(by: Terminal, { name, revision }: DocumentAnswer): void {
    for (const terminal of this.#all) {
      if (terminal === by || !terminal.isReady) continue;
      terminal.send({ type: 'documentChanged', name, revision });
    }
  }

  broadcast(message: ServerMessage): void {
    for (const terminal of this.#all) if (terminal.isReady) terminal.send(message);
  }

  sendStatus(): void {
    if (this.#all.size === 0) return;
    const status = this.#host.status();
    for (const terminal of this.#all) terminal.sendStatus(status);
  }

  greetAll(): void {
    for (const terminal of this.#all) if (terminal.isReady) terminal.greet();
  }

  offerFrames(): void {
    for (const terminal of this.#all) terminal.offerFrame();
  }

  ping(): void {
    for (const terminal of this.#all) terminal.ping();
  }

  skippedFrames(): number {
    let skipped = 0;
    for (const terminal of this.#all) skipped += terminal.frame.skipped;
    return skipped;
  }

  closeAll(reason: string): void {
    for (const terminal of this.#all) terminal.close(reason);
  }
}
