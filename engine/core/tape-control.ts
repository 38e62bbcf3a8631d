/**
 * tape-control: how far a tape may play now, and when it stops by itself.
 *
 *   playing   the tape's clock runs `speed` times as fast as the wall's (0: as fast as it goes)
 *   paused    no turn of the tape runs; commands are obeyed in turns that take no tape time
 *   seeking   as fast as it goes, until the goal
 *   ended     no turn is left; time goes on without data
 *
 * It only says when: the turns and their order are the same however a tape is played.
 * Writer    the trading thread. Units: ns of the tape, wall ms. Imports base.
 */
import { NS_PER_MS } from '../base/clock.ts';

export type TapeState = 'playing' | 'paused' | 'seeking' | 'ended';
/** Ends a search: a time, the next message of the tape, the next decision, the next fill. */
export type TapeGoal = 'time' | 'message' | 'decision' | 'fill';

export class TapeControl {
  state: TapeState = 'playing';
  speed: number;
  /** Turns up to here may run. */
  targetNs = 0;
  goal: TapeGoal | null = null;
  /** What to do at the goal. */
  #after: 'playing' | 'paused' = 'paused';
  #wallMs = 0;

  constructor(speed: number) {
    this.speed = speed;
  }

  start(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** Takes the wall time that has passed. */
  advance(wallMs: number): void {
    const passedMs = wallMs - this.#wallMs;
    this.#wallMs = wallMs;
    if (this.state !== 'playing') return;
    if (this.speed === 0) this.targetNs = Infinity;
    else this.targetNs += passedMs * this.speed * NS_PER_MS;
  }

  play(nowNs: number): void {
    if (this.state === 'ended') return;
    this.state = 'playing';
    this.goal = null;
    if (!Number.isFinite(this.targetNs)) this.targetNs = nowNs;
  }

  pause(nowNs: number): void {
    if (this.state === 'ended') return;
    this.state = 'paused';
    this.goal = null;
    // What was due and had not run by then runs later.
    this.targetNs = nowNs;
  }

  setSpeed(speed: number, nowNs: number): void {
    this.speed = speed;
    if (this.state === 'playing') this.targetNs = nowNs;
  }

  /** Plays on to `targetNs`, and then as before. */
  seek(targetNs: number): void {
    this.#after = this.state === 'playing' ? 'playing' : 'paused';
    this.#search('time', targetNs);
  }

  /** Plays on to the next message, decision or fill, and pauses there. */
  searchNext(goal: Exclude<TapeGoal, 'time'>): void {
    if (this.state === 'ended') return;
    this.#after = 'paused';
    this.#search(goal, Infinity);
  }

  #search(goal: TapeGoal, targetNs: number): void {
    this.state = 'seeking';
    this.goal = goal;
    this.targetNs = targetNs;
  }

  /** The goal is reached. */
  arrived(nowNs: number): void {
    if (this.goal !== 'time') this.targetNs = nowNs;
    this.state = this.#after;
    this.goal = null;
  }

  ended(): void {
    this.state = 'ended';
    this.goal = null;
  }

  /** A fresh run that begins with a search: from the start to `targetNs`. */
  restart(targetNs: number, after: 'playing' | 'paused'): void {
    this.#after = after;
    this.#search('time', targetNs);
  }
}
