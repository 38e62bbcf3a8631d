/**
 * gateway: Binance USD-M behind the Gateway interface, whatever carries the bytes.
 *
 * A placement is checked against the fence before every send: a raised fence (the host's watchdog
 * has taken over) means proven not sent. Cancels and queries pass it: they can only help.
 *
 * Writer    order-manager calls it; the session or the virtual exchange carries the bytes.
 * Hot path: place, cancel, query. No allocation of its own.
 * Imports   execution.
 */
import type { Gateway } from '../../gateway.ts';
import type { RequestEncoder } from './encode.ts';

/**
 * Hands bytes[0, length) to a transport; false when they cannot have left. Copies before returning.
 */
export type SendBytes = (bytes: Uint8Array, length: number) => boolean;

export interface UsdmGatewayParts {
  readonly encoder: RequestEncoder;
  readonly send: SendBytes;
  /** Shared word that is not 0 while the fence is up. */
  readonly fence?: Int32Array;
}

export class UsdmGateway implements Gateway {
  sentCount = 0;
  fencedCount = 0;
  readonly #encoder: RequestEncoder;
  readonly #send: SendBytes;
  readonly #fence: Int32Array;

  constructor(parts: UsdmGatewayParts) {
    this.#encoder = parts.encoder;
    this.#send = parts.send;
    this.#fence = parts.fence ?? new Int32Array(1);
  }

  place(slot: number): boolean {
    if (Atomics.load(this.#fence, 0) !== 0) {
      this.fencedCount = (this.fencedCount + 1) | 0;
      return false;
    }
    return this.#pass(this.#encoder.encodePlace(slot));
  }

  cancel(slot: number): boolean {
    return this.#pass(this.#encoder.encodeCancel(slot));
  }

  query(slot: number): boolean {
    return this.#pass(this.#encoder.encodeStatus(slot));
  }

  #pass(length: number): boolean {
    if (!this.#send(this.#encoder.bytes, length)) return false;
    this.sentCount = (this.sentCount + 1) | 0;
    return true;
  }
}
