/**
 * gate-rules: small decisions of the gate that need none of its state.
 *
 * Imports   domain.
 */
import type { IntentBatch } from '../domain/intent.ts';
import { Purpose } from '../domain/order.ts';
import { Verdict } from '../domain/verdict.ts';

/** Instrument, side, purpose and owner in one word. */
export function duplicateKey(intents: IntentBatch, row: number): number {
  const side = intents.side[row]! > 0 ? 1 : 0;
  return (
    (intents.instrument[row]! << 10) |
    (intents.purpose[row]! << 5) |
    (intents.owner[row]! << 1) |
    side
  );
}

/**
 * What our own resting orders on the other side make of an order. Strategies hear first of orders
 * that could give way; a person hears first that his order would meet our own.
 */
export function conflictOf(crosses: boolean, blockers: number, purpose: number): number {
  if (crosses && (blockers === 0 || purpose === Purpose.Manual)) return Verdict.SELF_MATCH;
  return blockers > 0 ? Verdict.OTHER_OWNER : Verdict.PASS;
}
