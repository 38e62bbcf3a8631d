/**
 * fake-engine: speaks the contract to a real window, over the real browser shell, from fake books.
 *
 * For tests it can be frozen, told to refuse, made stale, cut off and brought back; for design
 * work it runs on its own: `node test/support/fake-engine.ts --port N`, with the window built
 * before.
 *
 * Imports   engine base, contract, shell; ./fake-*.
 */
import path from 'node:path';
import type { Command, StrategyName } from '../../engine/contract/commands.ts';
import { isByHand, STRATEGY_NAMES } from '../../engine/contract/commands.ts';
import type { DocumentRequest } from '../../engine/contract/documents.ts';
import type { DecisionEvent, FillEvent, ServerMessage } from '../../engine/contract/events.ts';
import { CREDITS_MAX, PING_EVERY_MS } from '../../engine/contract/events.ts';
import type { LinkEvents, LinkPort } from '../../engine/contract/link.ts';
import type { Alert, EngineStatus } from '../../engine/contract/status.ts';
import { parseClientMessage } from '../../engine/contract/validate.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import { startBrowserShell, type BrowserShell } from '../../engine/shell/browser-shell.ts';
import { FakeCandles } from './fake-candles.ts';
import { fakeDecision } from './fake-decision.ts';
import { fakeConfiguration } from './fake-configuration.ts';
import { FakeDocuments } from './fake-documents.ts';
import { applyReplay } from './fake-replay.ts';
import { buildFrame } from './fake-frame.ts';
import { FakeHand } from './fake-hand.ts';
import { FakeHistory } from './fake-history.ts';
import { FakeMarket, type FakeTrade } from './fake-market.ts';
import { armedKey, buildStatus, type FakeState } from './fake-status.ts';

const FRAME_MS = 16;
const STATUS_MS = 250;
const ACK_MS = 50;
const DECISION_MS = 400;
const LEASE_MS = 3000;
const EQUITY_MS = 1000;

export interface FakeEngineOptions {
  readonly port?: number;
  readonly seed?: number;
  readonly root?: string;
  readonly token?: string;
  readonly contract?: number;
  /** No status is ever sent: the window stays in its loading state. */
  readonly isMute?: boolean;
}

interface Terminal {
  readonly port: LinkPort;
  readonly name: string;
  credits: number;
  watched: readonly number[];
  trades: FakeTrade[];
  skipped: number;
  lastPongMs: number;
}

export class FakeEngine {
  readonly market: FakeMarket;
  readonly history: FakeHistory;
  readonly state: FakeState;
  readonly candles: FakeCandles;
  readonly hand = new FakeHand();
  readonly commands: Command[] = [];
  readonly documents = new FakeDocuments();
  readonly terminals = new Set<Terminal>();
  readonly #options: FakeEngineOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  #shell: BrowserShell | null = null;
  #holder: Terminal | null = null;
  /** A lease held by somebody who is not connected here. */
  otherHolder: string | null = null;
  refusal: string | null = null;
  ackAfterMs = ACK_MS;
  /** Longer for a test that needs the lease while the machine is busy. */
  leaseMs = LEASE_MS;
  isFrozen = false;
  /** Sends no market frames although there is credit. */
  isSilent = false;
  pongs = 0;
  #sequence = 0;
  #decisions = 0;
  #messages = 0;

  constructor(options: FakeEngineOptions = {}) {
    this.#options = options;
    this.market = new FakeMarket(options.seed ?? 7);
    this.history = new FakeHistory(this.market);
    this.state = {
      session: 'fa1c0de5',
      mode: 'sim',
      state: 'DISARMED',
      stateReason: '',
      armed: new Set(),
      closed: new Set(),
      stale: new Set(),
      kill: null,
      alerts: [],
      isEmpty: false,
      startedAtMs: Date.now(),
      hand: this.hand,
    };
    for (let i = 0; i < 400; i++) this.market.step(0);
    this.market.trades = [];
    this.candles = new FakeCandles(this.market, this.state.startedAtMs, options.seed ?? 7);
  }

  get url(): string {
    return this.#shell?.url ?? '';
  }

  get token(): string {
    return this.#shell?.token ?? '';
  }

  get port(): number {
    return this.#shell?.port ?? 0;
  }

  async start(): Promise<this> {
    const root = path.resolve(import.meta.dirname, '../..');
    const { port = 0, token } = this.#options;
    this.#shell = await startBrowserShell({
      root: this.#options.root ?? path.join(root, 'out', 'renderer'),
      port,
      ...(token === undefined ? {} : { token }),
      onTerminal: (link, info) => this.#onTerminal(link, info.number),
    });
    this.#every(FRAME_MS, () => this.#frames());
    this.#every(STATUS_MS, () => this.#expireLease());
    if (this.#options.isMute !== true) this.#every(STATUS_MS, () => this.sendStatus());
    this.#every(DECISION_MS, () => this.#decide());
    this.#every(EQUITY_MS, () => this.#equity());
    this.#every(PING_EVERY_MS, () => this.#broadcast({ type: 'ping', number: ++this.#sequence }));
    return this;
  }

  #every(ms: number, run: () => void): void {
    this.#timers.push(setInterval(run, ms));
  }

  async close(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    await this.#shell?.close();
    this.terminals.clear();
    this.#shell = null;
  }

  #onTerminal(port: LinkPort, number: number): LinkEvents {
    const terminal: Terminal = {
      port,
      name: `terminal ${number}`,
      credits: 0,
      watched: [],
      trades: [],
      skipped: 0,
      lastPongMs: Date.now(),
    };
    return {
      onText: (text) => this.#onText(terminal, text),
      onClose: () => {
        this.terminals.delete(terminal);
        if (this.#holder === terminal) this.#holder = null;
      },
    };
  }

  #onText(terminal: Terminal, text: string): void {
    const message = parseClientMessage(text);
    switch (message.type) {
      case 'hello':
        this.terminals.add(terminal);
        this.#send(terminal, {
          type: 'hello',
          contract: this.#options.contract ?? CONTRACT_VERSION,
          terminal: terminal.name,
          session: this.state.session,
          mode: this.state.mode,
          product: 'Tickdeck',
          version: '0.1.0',
        });
        if (this.#options.isMute !== true) this.#sendStatusTo(terminal);
        break;
      case 'credit':
        terminal.credits = Math.min(CREDITS_MAX, terminal.credits + message.frames);
        break;
      case 'pong':
        terminal.lastPongMs = Date.now();
        this.pongs += 1;
        break;
      case 'lease':
        this.#lease(terminal, message.want);
        break;
      case 'command':
        this.#onCommand(terminal, message.command);
        break;
      case 'candles':
        this.#send(terminal, { type: 'candles', candles: this.candles.answer(message.request) });
        break;
      case 'history':
        this.#send(terminal, this.history.answer(message));
        break;
      case 'document':
        this.#document(terminal, message);
        break;
      case 'configuration':
        this.#send(terminal, { ...message, fields: fakeConfiguration().fields() });
        break;
    }
  }

  #document(terminal: Terminal, request: DocumentRequest): void {
    const answer = this.documents.answer(request);
    this.#send(terminal, answer);
    if (request.op !== 'write' || answer.error !== null) return;
    for (const other of this.terminals) {
      const { name, revision } = answer;
      if (other !== terminal) this.#send(other, { type: 'documentChanged', name, revision });
    }
  }

  #lease(terminal: Terminal, want: boolean): void {
    if (want) {
      this.otherHolder = null;
      this.#holder = terminal;
    } else if (this.#holder === terminal) this.#holder = null;
    this.sendStatus();
  }

  #expireLease(): void {
    const holder = this.#holder;
    if (holder !== null && Date.now() - holder.lastPongMs > this.leaseMs) this.#holder = null;
  }

  #onCommand(terminal: Terminal, command: Command): void {
    this.commands.push(command);
    if (command.kind === 'watch') {
      terminal.watched = command.symbols.map((s) => this.market.book(s).instrument.index);
    }
    setTimeout(() => this.#answer(terminal, command), this.ackAfterMs);
  }

  #answer(terminal: Terminal, command: Command): void {
    const reason = this.#refusalOf(terminal, command);
    if (reason === null) this.#apply(command);
    const outcome = reason === null ? 'applied' : 'refused';
    const { id, kind } = command;
    this.#send(terminal, { type: 'ack', ack: { id, kind, outcome, reason: reason ?? 'done' } });
    this.sendStatus();
  }

  #refusalOf(terminal: Terminal, command: Command): string | null {
    if (command.kind === 'kill' || command.kind === 'disarm') return null;
    if (this.refusal !== null && command.kind !== 'watch') return this.refusal;
    if (command.kind === 'arm' && this.state.state === 'HALTED') {
      return 'the engine is HALTED: resume first';
    }
    if (command.kind === 'arm' && this.#holder !== terminal) {
      return `only the terminal in control may arm (${this.#holderName() ?? 'nobody is'})`;
    }
    const byHand = this.hand.refusalOf(command, this.state.state);
    if (byHand !== null) return byHand;
    if (command.kind === 'resume' && command.typed !== 'RESUME') return 'the word is RESUME';
    return null;
  }

  #holderName(): string | null {
    return this.otherHolder ?? this.#holder?.name ?? null;
  }

  #apply(command: Command): void {
    const { state } = this;
    this.hand.apply(command, this.market.books);
    if (isByHand(command)) return;
    switch (command.kind) {
      case 'arm':
      case 'disarm':
        this.#switch(command);
        break;
      case 'kill':
        this.#kill();
        break;
      case 'closeScalp':
        state.closed.add(command.scalpId);
        break;
      case 'resume':
        Object.assign(state, { state: 'DISARMED', stateReason: '', kill: null });
        break;
      case 'flatten':
        for (const id of [17, 18, 19]) state.closed.add(id);
        break;
      case 'replay':
        state.replay = applyReplay(state.replay ?? null, command);
        break;
      case 'watch':
        break;
    }
  }

  #switch({ kind, strategy, symbol }: Extract<Command, { kind: 'arm' | 'disarm' }>): void {
    const { state } = this;
    this.#forScope(strategy, symbol, (key) => {
      if (kind === 'arm') state.armed.add(key);
      else state.armed.delete(key);
    });
    if (state.state !== 'HALTED') state.state = state.armed.size > 0 ? 'ARMED' : 'DISARMED';
  }

  #forScope(
    strategy: StrategyName | null,
    symbol: string | null,
    visit: (key: string) => void,
  ): void {
    for (const name of STRATEGY_NAMES) {
      if (strategy !== null && strategy !== name) continue;
      for (const book of this.market.books) {
        if (symbol !== null && symbol !== book.instrument.symbol) continue;
        visit(armedKey(name, book.instrument.symbol));
      }
    }
  }

  /** Reports one after the other, as the real one does: blocked, cancelled, verified. */
  #kill(): void {
    const { state } = this;
    state.armed.clear();
    state.state = 'HALTED';
    state.stateReason = 'KILL was pressed';
    const report = (cancelled: boolean, verified: boolean, residualOrders: number): void => {
      state.kill = {
        atMs: Date.now(),
        blocked: true,
        cancelled,
        verified,
        residualOrders,
        by: 'trading-thread',
        detail: verified ? 'no order is left at the venue' : 'waiting for the venue',
      };
      this.sendStatus();
    };
    report(false, false, 3);
    setTimeout(() => report(true, false, 0), 300);
    setTimeout(() => report(true, true, 0), 700);
  }

  raise(alert: Omit<Alert, 'atMs'>): void {
    const full: Alert = { ...alert, atMs: Date.now() };
    this.state.alerts = [full, ...this.state.alerts].slice(0, 20);
    this.#broadcast({ type: 'alert', alert: full });
    this.#broadcast({ type: 'event', event: this.history.event(full) });
  }

  decide(decision: DecisionEvent): void {
    this.history.decision(decision);
    this.#broadcast({ type: 'decision', decision });
  }

  #decide(): void {
    if (this.isFrozen || this.state.isEmpty || this.state.state === 'HALTED') return;
    this.decide(fakeDecision(this.market, ++this.#decisions));
  }

  /** A scalp that opens and closes at once, told as it would be. */
  closeOne(): void {
    for (const message of this.history.scalp(Date.now())) this.#broadcast(message);
  }

  /** Another engine in the place of this one: a new session without a past. */
  restart(session: string): void {
    this.state.session = session;
    this.history.clear();
    this.dropTerminals();
  }

  #equity(): void {
    if (this.isFrozen || this.state.isEmpty) return;
    const point = this.history.equity(Date.now());
    this.#broadcast({ type: 'equity', point });
  }

  #frames(): void {
    const nowMs = Date.now();
    const nowNs = (nowMs - this.state.startedAtMs) * 1e6;
    if (!this.isFrozen) {
      this.market.step(nowNs);
      this.#messages += 17;
      this.candles.take(this.market.trades);
      this.history.trades(this.market.trades, this.state.startedAtMs);
    }
    for (const terminal of this.terminals) this.#frameTo(terminal, nowNs, nowMs);
    this.market.trades = [];
  }

  #frameTo(terminal: Terminal, nowNs: number, wallMs: number): void {
    terminal.trades.push(...this.market.trades);
    if (terminal.credits === 0 || this.isSilent) {
      terminal.skipped += 1;
      return;
    }
    terminal.credits -= 1;
    const frame = buildFrame({
      books: this.market.books,
      watched: terminal.watched,
      trades: terminal.trades,
      nowNs,
      wallMs,
      sequence: ++this.#sequence,
      skipped: terminal.skipped,
      messages: this.#messages,
      tradesTotal: this.history.tradesTotal,
      tradeHoles: this.candles.holes,
      stale: this.state.stale,
    });
    terminal.trades = [];
    terminal.port.sendFrame(frame);
  }

  fill(fill: FillEvent): void {
    this.#broadcast({ type: 'fill', fill });
  }

  /** Bytes that are no frame. */
  sendBadFrame(): void {
    for (const { port } of this.terminals) port.sendFrame(new ArrayBuffer(24));
  }

  sendText(text: string): void {
    for (const { port } of this.terminals) port.sendText(text);
  }

  sendStatus(): void {
    for (const terminal of this.terminals) this.#sendStatusTo(terminal);
  }

  #sendStatusTo(terminal: Terminal): void {
    this.#send(terminal, { type: 'status', status: this.status(terminal) });
  }

  status(terminal: Terminal | null = null): EngineStatus {
    const holder = this.#holderName();
    const mine = this.otherHolder === null && terminal !== null && this.#holder === terminal;
    const lease = { held: holder !== null, holder, leftMs: holder === null ? 0 : 2600, mine };
    return buildStatus(this.state, this.market.books, lease, Date.now());
  }

  /** Cuts every terminal off; they come back by themselves. */
  dropTerminals(): void {
    for (const { port } of this.terminals) port.close('the engine is going away');
  }

  #broadcast(message: ServerMessage): void {
    for (const terminal of this.terminals) this.#send(terminal, message);
  }

  #send({ port }: Terminal, message: ServerMessage): void {
    port.sendText(JSON.stringify(message));
  }
}

export async function startFakeEngine(options: FakeEngineOptions = {}): Promise<FakeEngine> {
  return new FakeEngine(options).start();
}

if (import.meta.main) {
  const at = process.argv.indexOf('--port');
  const port = at < 0 ? 0 : Number(process.argv[at + 1]);
  const engine = await startFakeEngine({ port });
  engine.history.before(Date.now(), 140);
  setInterval(() => engine.closeOne(), 3000);
  console.log(engine.url);
}
