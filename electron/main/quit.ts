/**
 * quit: the end of the application. While anything is armed, rests or is held it asks first, with
 * the figures. Then the engine disarms, cancels and verifies with the venue, for a bounded time;
 * what is left open is said before the last window goes.
 *
 * Imports   protocol, ./engine-process (types).
 */
import type { EnginePhase } from '../../engine/contract/bridge.ts';
import type { EngineSummary } from '../protocol/engine-messages.ts';
import type { StopReport } from './engine-process.ts';

export interface Question {
  readonly message: string;
  readonly detail: string;
  /** The first is the safe one and the default. */
  readonly buttons: readonly [stay: string, leave: string];
}

/**
 * What must be asked before quitting, or null when nothing is at stake. `last` is what was last
 * heard of any engine: where none speaks now, it may still be true.
 */
export function quitQuestion(
  phase: EnginePhase,
  summary: EngineSummary | null,
  last: EngineSummary | null,
): Question | null {
  if (summary === null) {
    const facts = last === null || phase === 'stopping' ? [] : stakes(last);
    return facts.length === 0 ? null : unheardQuestion(facts);
  }
  const facts = stakes(summary);
  if (facts.length === 0) return null;
  return {
    message: `Quit Tickdeck with ${facts[0]}?`,
    detail: [
      `${summary.mode.toUpperCase()}, ${summary.state}: ${facts.join(', ')}.`,
      'Quitting disarms, cancels what rests and asks the venue whether it is gone. Positions are ' +
        'not closed: nobody watches their exits while Tickdeck is not running. To close them, ' +
        'stay, and flatten first.',
    ].join('\n\n'),
    buttons: ['Stay', 'Disarm, cancel and quit'],
  };
}

/** The same before one engine takes the place of another. */
export function replaceQuestion(summary: EngineSummary | null): Question | null {
  const facts = summary === null ? [] : stakes(summary);
  if (facts.length === 0) return null;
  return {
    message: `Start the engine again with ${facts[0]}?`,
    detail:
      `It has ${facts.join(', ')}. The engine disarms, cancels and verifies, ends, and the next ` +
      'one reconciles what is open; until then, some seconds, no exit is watched.',
    buttons: ['Leave it', 'Start it again'],
  };
}

function unheardQuestion(facts: readonly string[]): Question {
  return {
    message: 'Quit while the engine is not heard?',
    detail:
      `Its process ended unexpectedly. Last heard: ${facts.join(', ')}. An engine that is back ` +
      'reconciles this with the venue; after quitting nobody does.',
    buttons: ['Stay', 'Quit'],
  };
}

/** What is at stake, in words, most important first. */
export function stakes(summary: EngineSummary): readonly string[] {
  const facts: string[] = [];
  if (summary.unprotected > 0) facts.push(`${counted(summary.unprotected, 'scalp')} unprotected`);
  if (summary.positions > 0) facts.push(`${counted(summary.positions, 'position')} open`);
  if (summary.openOrders > 0) facts.push(`${counted(summary.openOrders, 'order')} resting`);
  if (summary.armed > 0) facts.push(`${counted(summary.armed, 'strategy', 'strategies')} armed`);
  return facts;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What to say after the engine has ended; null when nothing is left. */
export function leftOpen(report: StopReport): Question | null {
  if (report.left.length === 0) return null;
  return {
    message: report.isOrderly
      ? 'Something is left open'
      : 'The engine did not confirm that everything is cancelled',
    detail: [
      report.left.join('\n'),
      'The next start finds this in its marker on disk, comes back HALTED and reconciles. The ' +
        "venue's countdown cancels resting orders within 30 s.",
    ].join('\n\n'),
    buttons: ['Close', 'Close'],
  };
}

export interface QuitSurroundings {
  readonly phase: () => EnginePhase;
  readonly summary: () => EngineSummary | null;
  readonly lastSummary: () => EngineSummary | null;
  /** True when the person wants to leave. */
  readonly ask: (question: Question) => Promise<boolean>;
  readonly say: (question: Question) => Promise<void>;
  readonly stopEngine: () => Promise<StopReport>;
  /** Everything else that must end; then the application goes. */
  readonly finish: (isClean: boolean) => void;
}

export class QuitDesk {
  readonly #around: QuitSurroundings;
  #underWay: Promise<boolean> | null = null;
  #isDone = false;

  constructor(around: QuitSurroundings) {
    this.#around = around;
  }

  /** True once nothing is in the way any more. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Asks where it must, ends the engine, says what is left. False when the person stays. */
  request(): Promise<boolean> {
    this.#underWay ??= this.#run(true).finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  /** The machine goes down: no question, the same orderly end. */
  withoutAsking(): Promise<boolean> {
    this.#underWay ??= this.#run(false).finally(() => {
      this.#underWay = null;
    });
    return this.#underWay;
  }

  async #run(mayAsk: boolean): Promise<boolean> {
    const { phase, summary, lastSummary } = this.#around;
    const question = mayAsk ? quitQuestion(phase(), summary(), lastSummary()) : null;
    if (question !== null && !(await this.#around.ask(question))) return false;
    const left = leftOpen(await this.#around.stopEngine());
    if (left !== null && mayAsk) await this.#around.say(left);
    this.#isDone = true;
    this.#around.finish(left === null);
    return true;
  }
}
