/**
 * encoding-gateway: another gateway, reached through the bytes of real requests.
 *
 * Every request is encoded as the Binance USD-M gateway encodes it before the inner one sees it,
 * so a run against paper fills costs what a live one costs up to the send.
 *
 * Writer    whoever drives a pipeline without sockets. Hot path: all of it. No allocation.
 * Imports   execution.
 */
import type { Gateway } from '../execution/gateway.ts';
import type { RequestEncoder } from '../execution/venues/binance-usdm/encode.ts';

export class EncodingGateway implements Gateway {
  /** Requests encoded so far, and their bytes modulo 2^30. */
  requests = 0;
  encodedBytes = 0;
  readonly #encoder: RequestEncoder;
  readonly #inner: Gateway;

  constructor(encoder: RequestEncoder, inner: Gateway) {
    this.#encoder = encoder;
    this.#inner = inner;
  }

  place(slot: number): boolean {
    this.#count(this.#encoder.encodePlace(slot));
    return this.#inner.place(slot);
  }

  cancel(slot: number): boolean {
    this.#count(this.#encoder.encodeCancel(slot));
    return this.#inner.cancel(slot);
  }

  query(slot: number): boolean {
    this.#count(this.#encoder.encodeStatus(slot));
    return this.#inner.query(slot);
  }

  #count(length: number): void {
    this.requests = (this.requests + 1) | 0;
    this.encodedBytes = (this.encodedBytes + length) & 0x3fff_ffff;
  }
}
