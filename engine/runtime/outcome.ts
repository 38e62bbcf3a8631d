/**
 * outcome: what became of a command at the host, before it is an Ack; and the plain way through the
 * trading thread to one.
 *
 * Imports   runtime.
 */
import type { RelayAnswer, RelayedCommand } from './command-relay.ts';
import type { EngineHost } from './engine-host.ts';
import { verdictName } from './status-builder.ts';

export interface Outcome {
  readonly isRefused: boolean;
  readonly text: string;
}

export function refused(text: string): Outcome {
  return { isRefused: true, text };
}

export function applied(text: string): Outcome {
  return { isRefused: false, text };
}

export const NO_ANSWER_TEXT = 'the trading thread did not answer; look at the status';

/** Sends a command and says what came of it. */
export async function relayed(
  engine: EngineHost,
  command: RelayedCommand,
  silence = NO_ANSWER_TEXT,
): Promise<Outcome> {
  return outcomeOf(await engine.relay.send(command), silence);
}

export function outcomeOf(answer: RelayAnswer, silence = NO_ANSWER_TEXT): Outcome {
  if (!answer.answered) return refused(silence);
  return answer.refused ? refused(verdictName(answer.verdict)) : applied('');
}
