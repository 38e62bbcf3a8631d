/**
 * signed-encode: the same requests as encode, each with apiKey and signature, for keys that cannot
 * log on (HMAC). A signature costs tens of microseconds and allocates; that is the price of such a
 * key.
 *
 * Writer    gateway. Units as in encode.
 * Imports   base, domain, execution.
 */
import { NS_PER_MS } from '../../../base/clock.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { TIME_IN_FORCE_NAMES } from '../../../domain/order.ts';
import type { ClientIds } from '../../client-ids.ts';
import type { OrderTable } from '../../order-table.ts';
import type { OrderEncoderParts, RequestEncoder } from './encode.ts';
import { type Params, type Signer, signedParams } from './sign.ts';

const BYTES_MAX = 1024;
const SEQUENCE_DIGITS = 6;

export class SignedEncoder implements RequestEncoder {
  readonly bytes = new Uint8Array(BYTES_MAX);
  readonly offset = new Float64Array(1);
  readonly #table: OrderTable;
  readonly #instruments: readonly Instrument[];
  readonly #clientIds: ClientIds;
  readonly #anchorWallMs: number;
  readonly #receiveWindowMs: number;
  readonly #signer: Signer;
  readonly #text = new TextEncoder();

  constructor(parts: OrderEncoderParts, signer: Signer) {
    this.#table = parts.table;
    this.#instruments = parts.instruments;
    this.#clientIds = parts.clientIds;
    this.#anchorWallMs = parts.anchorWallMs;
    this.#receiveWindowMs = parts.receiveWindowMs;
    this.#signer = signer;
  }

  encodePlace(slot: number): number {
    const table = this.#table;
    const instrument = this.#instruments[table.instrument[slot]!]!;
    const reduceOnly = table.reduceOnly[slot] === 1 ? { reduceOnly: 'true' } : {};
    return this.#write('p', 'order.place', slot, {
      symbol: instrument.symbol,
      side: table.side[slot]! > 0 ? 'BUY' : 'SELL',
      type: 'LIMIT',
      timeInForce: TIME_IN_FORCE_NAMES[table.timeInForce[slot]!]!,
      ...reduceOnly,
      quantity: instrument.sizeText(table.lots[slot]!),
      price: instrument.priceText(table.priceTicks[slot]!),
      newClientOrderId: this.#clientId(slot),
      ...this.#time(table.sentNs[slot]!),
    });
  }

  encodeCancel(slot: number): number {
    return this.#write('c', 'order.cancel', slot, {
      ...this.#named(slot),
      ...this.#time(this.#table.cancelNs[slot]!),
    });
  }

  encodeStatus(slot: number): number {
    return this.#write('q', 'order.status', slot, {
      ...this.#named(slot),
      ...this.#time(this.#table.queriedNs[slot]!),
    });
  }

  #named(slot: number): Params {
    const instrument = this.#instruments[this.#table.instrument[slot]!]!;
    return { symbol: instrument.symbol, origClientOrderId: this.#clientId(slot) };
  }

  #clientId(slot: number): string {
    return this.#clientIds.text(this.#table.owner[slot]!, this.#table.clientSequence[slot]!);
  }

  #time(ns: number): Params {
    const ms = Math.floor(this.#anchorWallMs + ns / NS_PER_MS + this.offset[0]!);
    return { recvWindow: this.#receiveWindowMs, timestamp: ms };
  }

  #write(letter: string, method: string, slot: number, params: Params): number {
    const digits = this.#table.clientSequence[slot]!.toString(36).padStart(SEQUENCE_DIGITS, '0');
    const number = this.#table.queryNumber[slot]!.toString(36).padStart(2, '0');
    const id = letter === 'q' ? letter + digits + number : letter + digits;
    const request = { id, method, params: signedParams(this.#signer, params) };
    return this.#text.encodeInto(JSON.stringify(request), this.bytes).written;
  }
}
