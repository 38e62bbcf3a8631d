/**
 * tape-loop: turns from a tape, with paper fills, at any speed. The engine behind it is the live
 * one.
 *
 * Engine time is the tape's time. Market turns come from the tape, timer turns every 10 ms of tape
 * time; what the paper gateway answers becomes order turns, in the order of their times. How far
 * it may go, and when it stops, is tape-control's.
 *
 * Seeking   forward: the same turns, as fast as they go. Backward: nothing can be undone, so the
 *           host is asked for a fresh session, and a new core runs from the start to that time. It
 *           costs the time of that run, and gives the state of that run exactly: nothing of the
 *           former session, no command and no position, is in it.
 * Writer    the trading thread. Units: engine ns = tape ns.
 * Imports   core, execution/paper, memory, tape, telemetry.
 */
import { NS_PER_MS } from '../base/clock.ts';
import { PaperGateway } from '../execution/paper/paper-gateway.ts';
import { instrumentOf, RECORD_WORDS } from '../memory/market-record.ts';
import { CommandBit } from '../memory/shared-words.ts';
import { TurnKind } from '../memory/slots.ts';
import { TapeReader } from '../tape/tape-reader.ts';
import { Counter } from '../telemetry/counters.ts';
import { LoopFrame } from './loop-frame.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import { TapeControl, type TapeState } from './tape-control.ts';
import type { HostMessage, ReplayOrder, TradingJob, TradingMessage } from './trading-job.ts';

const TIMER_NS = 10 * NS_PER_MS;
const SLICE_MS = 8;
const ROUND_MS = 10;
const EPOCH_NS = 10_000 * NS_PER_MS;
const REPORT_EVERY_MS = 100;
/** Paper orders are answered in tape time: at least this fast while they must end. */
const SETTLE_SPEED = 1;

interface Run {
  readonly frame: LoopFrame;
  readonly paper: PaperGateway;
}

export class TapeLoop {
  readonly #job: TradingJob;
  readonly #tape: TapeReader;
  readonly #control: TapeControl;
  readonly #tell: (message: TradingMessage) => void;
  readonly #startNs: number;
  readonly #endNs: number;
  /** [now, end of the turn under way]. */
  readonly #now = new Float64Array(1);
  #run: Run;
  #watched: readonly number[] = [];
  #timerAtNs = TIMER_NS;
  #hasTurn: boolean;
  #timer: NodeJS.Timeout | null = null;
  #rotateAtNs = EPOCH_NS;
  #reportedMs = 0;
  #reported: TapeState | '' = '';
  #hasEnded = false;
  /** Where a fresh session shall go; null while this one runs. */
  #rewindTo: number | null = null;
  #isClosedNow = false;

  constructor(job: TradingJob, tape: string, tell: (message: TradingMessage) => void) {
    this.#job = job;
    this.#tell = tell;
    this.#control = new TapeControl(job.speed);
    this.#tape = new TapeReader(tape);
    const { startNs, endNs } = this.#tape.span();
    this.#startNs = startNs;
    this.#endNs = endNs;
    this.#run = this.#open(job.options);
    this.#hasTurn = this.#tape.next();
  }

  /** For tests: the run as it stands. */
  get frame(): LoopFrame {
    return this.#run.frame;
  }

  get state(): TapeState {
    return this.#rewindTo === null ? this.#control.state : 'seeking';
  }

  get nowNs(): number {
    return this.#now[0]!;
  }

  start(): void {
    this.#tell({ kind: 'sockets', market: 'up', orders: 'up', user: 'up' });
    this.#tell({ kind: 'ready' });
    this.begin(performance.now());
    this.#timer = setInterval(() => this.round(performance.now()), ROUND_MS);
  }

  /** Wall time counts from here. */
  begin(wallMs: number): void {
    this.#control.start(wallMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#tape.close();
    this.#run.frame.close();
  }

  handle(message: HostMessage): void {
    switch (message.kind) {
      case 'watch':
        this.#watched = message.instruments;
        this.#run.frame.watch(message.instruments);
        this.#show();
        break;
      case 'replay':
        if (this.#rewindTo === null) this.#obey(message.order);
        break;
      case 'fresh':
        this.#restart(message.options, message.firstCommand);
        break;
      case 'clockOffset':
      case 'snapshotFailed':
      case 'stop':
        return;
    }
    this.#report(performance.now(), true);
  }

  /** One slice of wall time: everything on the tape up to where its clock should be. */
  round(wallMs: number): void {
    const { frame } = this.#run;
    frame.beat(0);
    this.#control.advance(wallMs);
    if (this.#rewindTo !== null) {
      // Nothing rests and nothing is sent: KILL finds what it asks for. The next run obeys it too.
      frame.words.acknowledgeKill(frame.words.killRequest());
      return;
    }
    if ((frame.words.bits() & CommandBit.Kill) !== 0) this.#settle();
    if (this.#control.state === 'paused') this.#listen();
    else if (this.#hasTurn) this.#slice();
    // After the end time goes on without data: commands are obeyed, cancels are answered.
    else this.#timerTurn(this.#now[0]! + TIMER_NS);
    frame.copyCounters();
    this.#report(wallMs, false);
  }

  #obey(order: ReplayOrder): void {
    const control = this.#control;
    const nowNs = this.#now[0]!;
    switch (order.action) {
      case 'play':
        return control.play(nowNs);
      case 'pause':
        return control.pause(nowNs);
      case 'settle':
        return this.#settle();
      case 'speed':
        return control.setSpeed(order.value, nowNs);
      case 'message':
      case 'decision':
      case 'fill':
        return control.searchNext(order.action);
      case 'seek':
        return this.#seek(order.value);
    }
  }

  #seek(atNs: number): void {
    const toNs = Math.min(Math.max(atNs, this.#startNs), this.#endNs);
    if (toNs >= this.#now[0]!) {
      if (this.#hasTurn) this.#control.seek(toNs);
      return;
    }
    this.#rewindTo = toNs;
    this.#isClosedNow = true;
    this.#run.frame.close();
  }

  /** The host has opened another journal: the run begins anew. */
  #restart(options: PipelineOptions, firstCommand: number): void {
    if (this.#rewindTo === null) return;
    const after = this.#control.state === 'playing' ? 'playing' : 'paused';
    this.#control.restart(this.#rewindTo, after);
    this.#rewindTo = null;
    this.#now[0] = 0;
    this.#timerAtNs = TIMER_NS;
    this.#rotateAtNs = EPOCH_NS;
    this.#tape.rewind();
    this.#run = this.#open(options);
    this.#run.frame.skipCommands(firstCommand);
    this.#run.frame.watch(this.#watched);
    this.#hasTurn = this.#tape.next();
  }

  /** What is under way must come to its end: paper orders are answered in tape time. */
  #settle(): void {
    const control = this.#control;
    if (control.speed !== 0 && control.speed < SETTLE_SPEED) control.speed = SETTLE_SPEED;
    if (control.state === 'paused') control.play(this.#now[0]!);
  }

  #open(options: PipelineOptions): Run {
    const made: { paper?: PaperGateway } = {};
    const frame = new LoopFrame({
      job: { ...this.#job, options },
      stamp: (into, index) => {
        into[index] = this.#now[0]!;
      },
      gateway: ({ table, instruments, markets, events }) => {
        made.paper = new PaperGateway({ table, instruments, markets, events });
        return made.paper;
      },
    });
    return { frame, paper: made.paper! };
  }

  /** While the tape stands, whoever asks is answered at once, at the same tape time. */
  #listen(): void {
    if (this.#run.frame.isAsked()) this.#timerTurn(this.#now[0]!);
  }

  #slice(): void {
    const { frame } = this.#run;
    const control = this.#control;
    const untilMs = performance.now() + SLICE_MS;
    while (this.#hasTurn && performance.now() < untilMs && frame.hasRoom()) {
      const before = this.#counted();
      if (!this.#step()) {
        if (control.goal === 'time') control.arrived(this.#now[0]!);
        return;
      }
      if (control.goal !== null && this.#counted() !== before)
        return control.arrived(this.#now[0]!);
    }
  }

  /** What a search looks for, counted. */
  #counted(): number {
    const { pipeline } = this.#run.frame.core;
    switch (this.#control.goal) {
      case 'message':
        return this.#hasTurn ? this.#tape.turnCount : -1;
      case 'decision':
        return pipeline.decisionCount;
      case 'fill':
        return pipeline.desk.counts.fills;
      case 'time':
      case null:
        return 0;
    }
  }

  /** The next turn, tape or timer, whichever comes first; false when its time has not come. */
  #step(): boolean {
    const tapeNs = this.#tape.nowNs;
    const nextNs = Math.min(tapeNs, this.#timerAtNs);
    if (nextNs > this.#control.targetNs) return false;
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
    const { frame, paper } = this.#run;
    this.#now[0] = nowNs;
    paper.onTimer(this.#now);
    frame.begin(TurnKind.Timer, 0);
    frame.finish();
    if (nowNs < this.#rotateAtNs) return;
    this.#rotateAtNs += EPOCH_NS;
    frame.probe.rotate();
  }

  #tapeTurn(nowNs: number): void {
    const { batch } = this.#tape;
    const { frame, paper } = this.#run;
    this.#now[0] = nowNs;
    paper.onTimer(this.#now);
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
    if (last >= 0) paper.onMarket(instrumentOf(batch.words[last * RECORD_WORDS]!));
  }

  #ended(): void {
    this.#control.ended();
    this.#report(performance.now(), true);
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#tape.warning !== null) {
      const text = this.#tape.warning;
      this.#tell({ kind: 'notice', level: 'warn', code: 'tape/truncated', text });
    }
    this.#tell({ kind: 'tapeEnded' });
  }

  /** A tape that stands still shows where it stands: no turn will do it. */
  #show(): void {
    const isStill = this.#rewindTo === null && this.#control.state === 'paused';
    if (isStill && this.#now[0]! > 0) this.#run.frame.publisher.flush();
  }

  #report(nowMs: number, isUrgent: boolean): void {
    const { state } = this;
    const isDue = nowMs - this.#reportedMs >= REPORT_EVERY_MS && state !== 'ended';
    if (!isUrgent && !isDue && state === this.#reported) return;
    if (state !== this.#reported) this.#show();
    this.#reportedMs = nowMs;
    this.#reported = state;
    const [startNs, endNs] = [this.#startNs, this.#endNs];
    const nowNs = Math.min(Math.max(this.#now[0]!, startNs), endNs);
    const { goal, targetNs } = this.#control;
    const toNs = this.#rewindTo ?? (goal === 'time' ? targetNs : null);
    const { speed } = this.#control;
    const report = { state, speed, nowNs, startNs, endNs, toNs };
    this.#tell({ kind: 'replay', report, isClosed: this.#isClosedNow });
    this.#isClosedNow = false;
  }
}
