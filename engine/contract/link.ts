/**
 * link: what stands between a terminal and its engine, whichever shell carries it.
 *
 * The browser shell speaks it over one WebSocket (text = messages, binary = frames), the desktop
 * shell over one MessagePort (strings and ArrayBuffers). Nothing above knows which.
 *
 * Imports   nothing.
 */
export interface LinkPort {
  /** Sends one message; false when the link is down (nothing is queued). */
  sendText(text: string): boolean;
  sendFrame(frame: ArrayBuffer): boolean;
  /** Bytes not yet taken by the carrier; frames are skipped while it is above a bound. */
  bufferedBytes(): number;
  close(reason: string): void;
}

export interface LinkEvents {
  onText(text: string): void;
  onClose(): void;
}
