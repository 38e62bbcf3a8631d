/**
 * scalp-work: what the exits remember of a scalp beyond its public row: its three order roles, the
 * reason it is being closed for, and the distances it was opened with.
 *
 * A scalp has at most one order in each role at a time: the entry, the resting target (the half
 * target first, then the final one), the marketable exit. The exit is sent only when the other two
 * roles are empty, so the sum of working exit orders never exceeds the open lots.
 *
 * Writer    exits only. Units as the names say. Row of slot s starts at s × WORK_SIZE.
 * Imports   domain.
 */
import { Purpose } from '../domain/order.ts';

export const Role = { Entry: 0, Target: 1, Exit: 2 } as const;
export type Role = (typeof Role)[keyof typeof Role];
export const ROLE_COUNT = 3;
export const ROLE_STRIDE = 8;

export const RoleField = {
  /** OrderState number of the working order, ASKED, or 0 when the role is empty. */
  State: 0,
  LeavesLots: 1,
  /** When a cancel was last asked for; 0 never. */
  CancelNs: 2,
  /** When the order was asked for. */
  SentNs: 3,
  /** Nothing is sent in this role before this time. */
  RetryNs: 4,
  /** Refusals in a row, by our gate or the venue. */
  Refusals: 5,
  Purpose: 6,
  /** Lots filled of the working order. */
  FilledLots: 7,
} as const;

/** An intent was handed over and the answer (order or refusal) has not come yet. */
export const ASKED = 10;

const BASE = ROLE_COUNT * ROLE_STRIDE;

export const Work = {
  /** Purpose the scalp is being closed for; −1 while it is not. Never taken back. */
  Reason: BASE,
  ReasonNs: BASE + 1,
  /** Since when prices are not trusted, the spread is extreme; −1 while neither. */
  UntrustedSinceNs: BASE + 2,
  WideSinceNs: BASE + 3,
  Emergency: BASE + 4,
  CloseAsked: BASE + 5,
  /** 1 when the entry is to be cancelled whatever its age. */
  Withdraw: BASE + 6,
  EntryFeesE8: BASE + 7,
  StopDistanceTicks: BASE + 8,
  HalfDistanceTicks: BASE + 9,
  TargetDistanceTicks: BASE + 10,
  /** Lots still to be taken out at the first target; −1 before that is known. */
  HalfLeftLots: BASE + 11,
  /** Marketable exits sent so far: each reaches further through the touch. */
  Attempts: BASE + 12,
  /** 1 when an exit is due and not allowed. */
  Blocked: BASE + 13,
} as const;
export const WORK_SIZE = 40;

/** First field of a role in the row that starts at `w`. */
export function roleAt(w: number, role: number): number {
  return w + role * ROLE_STRIDE;
}

export function roleOf(purpose: number): Role {
  if (purpose === Purpose.Entry) return Role.Entry;
  return purpose === Purpose.HalfTarget || purpose === Purpose.Target ? Role.Target : Role.Exit;
}
