/**
 * order-transitions: domain/order's table of legal transitions as something to look up.
 *
 * Hot path: one array read. No allocation after the module has loaded.
 * Imports   domain/order.
 */
import { LEGAL_TRANSITIONS } from '../domain/order.ts';

const STATES = LEGAL_TRANSITIONS.length;
const LEGAL = new Uint8Array(STATES * STATES);
for (let from = 0; from < STATES; from++) {
  for (const to of LEGAL_TRANSITIONS[from]!) LEGAL[from * STATES + to] = 1;
}

export function isLegalTransition(from: number, to: number): boolean {
  return LEGAL[from * STATES + to] === 1;
}
