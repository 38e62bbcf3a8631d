/**
 * worker-protocol: what the window and its frame worker say to each other.
 *
 * The worker owns the connection. Market frames go into shared memory and are not mentioned here;
 * text messages pass through unread, because the window's main thread must answer pings itself (a
 * hung page loses the supervision lease).
 *
 * Imports   nothing.
 */

/** Window → worker. */
export type ToWorker =
  | {
      readonly kind: 'open';
      /** Of the socket; null in the desktop window, where ports are handed over. */
      readonly url: string | null;
      /** The first text message on every connection. */
      readonly hello: string;
      readonly memory: SharedArrayBuffer;
      readonly creditsMax: number;
    }
  | { readonly kind: 'send'; readonly text: string }
  /** A hidden window takes a few frames a second, so that its trades stay whole. */
  | { readonly kind: 'visible'; readonly visible: boolean }
  /** A port to the engine; it is the first of the event's ports. */
  | { readonly kind: 'port' }
  /** Try to connect now instead of after the pause. */
  | { readonly kind: 'retry' }
  /** Never connect again (the contract does not match). */
  | { readonly kind: 'stop' };

/** Worker → window. */
export type FromWorker =
  | { readonly kind: 'connecting'; readonly attempt: number }
  /** Without a socket there is nothing to try but to ask the shell for a port. */
  | { readonly kind: 'wantPort' }
  | { readonly kind: 'open' }
  | {
      readonly kind: 'closed';
      readonly reason: string;
      readonly retryInMs: number;
      readonly attempt: number;
      /** True when the engine answers but does not know this window's token. */
      readonly unauthorised: boolean;
    }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'badFrame'; readonly message: string };
