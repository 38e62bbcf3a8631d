/**
 * gateway: the one way from an order in the table to a venue, shared by live, simulated and paper.
 *
 * A gateway reads the order's row in the OrderTable it was made with (sentNs, cancelNs, queriedNs
 * are stamped before the call) and answers at once whether the request left this process. The
 * outcome comes later, as rows of an OrderEventQueue.
 *
 *   true    handed to the transport: the outcome is unknown until an event says otherwise
 *   false   proven not sent: nothing can have reached the venue
 *
 * Implementations are hot paths: no allocation of their own.
 * Imports   nothing.
 */
export interface Gateway {
  place(slot: number): boolean;
  cancel(slot: number): boolean;
  /** Asks for the order by client id; answered by StatusFound or StatusNotFound, or not at all. */
  query(slot: number): boolean;
}

/** `code` of an order that its gateway could not send. */
export const CODE_NOT_SENT = -1;
/** `code` of an order that a status query proved absent. */
export const CODE_NOT_FOUND = -2013;
