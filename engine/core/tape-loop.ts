/**
 * tape-loop: turns from a tape, with paper fills, at any speed. The engine behind it is the live
 * one.
 *
 * Engine time is the tape's time: it runs `speed` times as fast as the wall clock, or as fast as it
 * can (speed 0). Market turns come from the tape, timer turns every 10 ms of tape time; what the
 * paper gateway answers becomes order turns, in the order of their times.
 *
 * Writer    the trading thread. Units: engine ns = tape ns.
 * Imports   core, execution/paper, memory, tape, telemetry.
 */
import { NS_PER_MS } from '../base/clock.ts';
import { PaperGateway } from '../execution/paper/paper-gateway.ts';
import { instrumentOf, RECORD_WORDS } from '../memory/market-record.ts';
import { TurnKind } from '../memory/slots.ts';
import { TapeReader } from '../tape/tape-reader.ts';
import { Counter } from '../telemetry/counters.ts';
import { LoopFrame } from './loop-frame.ts';
import type { HostMessage, TradingJob, TradingMessage } from './trading-job.ts';

const TIMER_NS = 10 * NS_PER_MS;
const SLICE_MS = 8;
const ROUND_MS = 10;
const EPOCH_NS = 10_000 * NS_PER_MS;
const PROGRESS_EVERY_MS = 200;

export class TapeLoop {
  readonly #frame: LoopFrame;
  readonly #tape: TapeReader;
  readonly #paper: PaperGateway;
  readonly #tell: (message: TradingMessage) => void;
  /** [now, end of the turn under way]. */
  readonly #now = new Float64Array(1);
  #speed: number;
  #timerAtNs = TIMER_NS;
  #hasTurn: boolean;
  #timer: NodeJS.Timeout | null = null;
  #wallMs = 0;
  #targetNs = 0;
  #rotateAtNs = EPOCH_NS;
  #toldMs = 0;

  constructor(job: TradingJob, tape: string, tell: (message: TradingMessage) => void) {
    this.#tell = tell;
    this.#speed = job.speed;
    this.#tape = new TapeReader(tape);
    const made: { paper?: PaperGateway } = {};
    this.#frame = new LoopFrame({
      job,
      stamp: (into, index) => {
        into[index] = this.#now[0]!;
      },
      gateway: ({ table, instruments, markets, events }) => {
        made.paper = new PaperGateway({ table, instruments, markets, events });
        return made.paper;
      },
    });
    this.#paper = made.paper!;
    this.#hasTurn = this.#tape.next();
  }

  start(): void {
    this.#tell({ kind: 'sockets', market: 'up', orders: 'up', user: 'up' });
    this.#tell({ kind: 'ready' });
    this.#wallMs = performance.now();
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#tape.close();
    this.#frame.close();
  }

  handle(message: HostMessage): void {
    if (message.kind === 'watch') this.#frame.watch(message.instruments);
    else if (message.kind === 'speed') this.#speed = message.speed;
  }

  /** One slice of wall time: everything on the tape up to where its clock should be. */
  #round(): void {
    const startMs = performance.now();
    this.#frame.beat(0);
    if (this.#speed > 0) {
      this.#targetNs += (startMs - this.#wallMs) * this.#speed * NS_PER_MS;
    } else this.#targetNs = Infinity;
    this.#wallMs = startMs;
    // After the end time goes on without data: commands are obeyed, cancels are answered.
    if (!this.#hasTurn) this.#timerTurn(this.#now[0]! + TIMER_NS);
    while (this.#hasTurn && performance.now() - startMs < SLICE_MS) {
      if (!this.#step()) break;
    }
    this.#frame.copyCounters();
    this.#progress(startMs);
  }

  /** The next turn, tape or timer, whichever comes first; false when its time has not come. */
  #step(): boolean {
    const tapeNs = this.#tape.nowNs;
    const nextNs = Math.min(tapeNs, this.#timerAtNs);
    if (nextNs > this.#targetNs) return false;
    if (this.#timerAtNs <= tapeNs) {
      this.#timerTurn(this.#timerAtNs);
      this.#timerAtNs += TIMER_NS;
      return true;
    }
    this.#tapeTurn(tapeNs);
    this.#hasTurn = this.#tape.next();
    if (!this.#hasTurn) this.#ended();
    return true;
  }

  #timerTurn(nowNs: number): void {
    this.#now[0] = nowNs;
    this.#paper.onTimer(this.#now);
    this.#frame.begin(TurnKind.Timer, 0);
    this.#frame.finish();
    if (nowNs < this.#rotateAtNs) return;
    this.#rotateAtNs += EPOCH_NS;
    this.#frame.probe.rotate();
  }

  #tapeTurn(nowNs: number): void {
    const { batch } = this.#tape;
    const frame = this.#frame;
    this.#now[0] = nowNs;
    this.#paper.onTimer(this.#now);
    if (frame.events.count > 0) {
      frame.begin(TurnKind.Order, 0);
      frame.finish();
    }
    frame.counters.bump(Counter.Messages);
    frame.begin(this.#tape.turnKind, 0);
    frame.core.market(batch);
    frame.noteTrades(batch);
    frame.finish();
    const last = batch.count - 1;
    if (last >= 0) this.#paper.onMarket(instrumentOf(batch.words[last * RECORD_WORDS]!));
  }

  #ended(): void {
    if (this.#tape.warning !== null) {
      const text = this.#tape.warning;
      this.#tell({ kind: 'notice', level: 'warn', code: 'tape/truncated', text });
    }
    this.#tell({ kind: 'progress', share: 1 });
    this.#tell({ kind: 'tapeEnded' });
  }

  #progress(nowMs: number): void {
    if (nowMs - this.#toldMs < PROGRESS_EVERY_MS || !this.#hasTurn) return;
    this.#toldMs = nowMs;
    this.#tell({ kind: 'progress', share: this.#tape.progress });
  }
}
