/**
 * encode: order requests of the Binance USD-M WebSocket API as JSON bytes.
 *
 *   order.place    {"id":"p<sequence>","method":"order.place","params":{…}}
 *   order.cancel   {"id":"c<sequence>", …}   order.status   {"id":"q<sequence><query number>", …}
 *
 * Each form of request (instrument × side × time in force × reduce-only, and so on) has a buffer of
 * its own in which everything constant already stands; id, time stamp and client id have fixed
 * widths and places, quantity and price come last. So a request costs some forty byte writes.
 *
 * After session.logon requests carry a timestamp and no signature; that is the form written here.
 * Accounts that cannot log on (HMAC) sign each request: sign.ts. All prices are limits: a
 * marketable order is an IOC at a price. `newOrderRespType` is left at ACK: fills come by the
 * private stream.
 *
 * Units     ticks and lots in, decimals of the instrument out, digit by digit and exact.
 * Time      timestamp = anchorWallMs + engine ms of the request + offset[0] (venue's clock − ours).
 * Hot path: encodePlace, encodeCancel, encodeStatus. No allocation after construction.
 * Imports   base, domain, execution.
 */
import { assert } from '../../../base/assert.ts';
import { NS_PER_MS } from '../../../base/clock.ts';
import type { Instrument } from '../../../domain/instrument.ts';
import { TIME_IN_FORCE_NAMES } from '../../../domain/order.ts';
import {
  asciiBytes,
  type ClientIds,
  SEQUENCE_DIGITS,
  writeBase36,
  writeBase36Pair,
} from '../../client-ids.ts';
import type { OrderTable } from '../../order-table.ts';
import { writeDecimal, writePadded } from './write-number.ts';

export const REQUEST_BYTES_MAX = 384;
/** Placements per instrument: 2 sides × 3 times in force × 2 reduce-only. */
const PLACE_FORMS = 2 * TIME_IN_FORCE_NAMES.length * 2;
/** Two decimals of at most 20 bytes, their names and the closing braces. */
const TAIL_BYTES_MAX = 80;
const TIME_DIGITS = 13;
const TIME_PART = 1e9;
const TIME_HIGH_DIGITS = TIME_DIGITS - 9;
const QUOTE = 0x22;
const BRACE = 0x7d;

export const RequestLetter = { Place: 0x70, Cancel: 0x63, Query: 0x71 } as const;

/** `{"id":"p` and then the digits. */
const ID_AT = 8;

export interface OrderEncoderParts {
  readonly table: OrderTable;
  readonly instruments: readonly Instrument[];
  readonly clientIds: ClientIds;
  readonly receiveWindowMs: number;
  /** Epoch ms at engine time 0. */
  readonly anchorWallMs: number;
}

/** What a gateway needs of an encoder; signed-encode fits it as well. */
export interface RequestEncoder {
  readonly bytes: Uint8Array;
  readonly offset: Float64Array;
  encodePlace(slot: number): number;
  encodeCancel(slot: number): number;
  encodeStatus(slot: number): number;
}

/** One request with everything constant in place. */
interface Form {
  readonly bytes: Uint8Array;
  readonly timeAt: number;
  readonly ownerAt: number;
  /** Where the variable tail begins, or the whole length when there is none. */
  readonly end: number;
}

export class OrderEncoder implements RequestEncoder {
  /** Buffer of the request encoded last. */
  bytes: Uint8Array;
  /** Venue's clock minus ours, ms; set by the time sync. */
  readonly offset = new Float64Array(1);
  readonly #table: OrderTable;
  readonly #clientIds: ClientIds;
  readonly #anchor = new Float64Array(1);
  readonly #priceDecimals: Int32Array;
  readonly #sizeDecimals: Int32Array;
  readonly #tickUnits: Float64Array;
  readonly #lotUnits: Float64Array;
  readonly #place: Form[] = [];
  readonly #cancel: Form[] = [];
  readonly #status: Form[] = [];
  readonly #beforePrice = asciiBytes('","price":"');
  readonly #number = new Float64Array(1);

  constructor(parts: OrderEncoderParts) {
    const { instruments } = parts;
    this.#table = parts.table;
    this.#clientIds = parts.clientIds;
    this.#anchor[0] = parts.anchorWallMs;
    this.#priceDecimals = Int32Array.from(instruments, (i) => i.priceDecimals);
    this.#sizeDecimals = Int32Array.from(instruments, (i) => i.sizeDecimals);
    this.#tickUnits = Float64Array.from(instruments, (i) => i.tickUnits);
    this.#lotUnits = Float64Array.from(instruments, (i) => i.lotUnits);
    for (const instrument of instruments) this.#prepare(instrument.symbol, parts.receiveWindowMs);
    this.bytes = this.#place[0]!.bytes;
  }

  /** Length of the placement of `slot` in `bytes`, stamped with the order's sentNs. */
  encodePlace(slot: number): number {
    const table = this.#table;
    const instrument = table.instrument[slot]!;
    const form =
      this.#place[
        instrument * PLACE_FORMS +
          formIndex(table.side[slot]!, table.timeInForce[slot]!, table.reduceOnly[slot]!)
      ]!;
    const number = this.#number;
    number[0] = table.sentNs[slot]!;
    this.#fill(form, slot);
    const bytes = form.bytes;
    number[0] = table.lots[slot]! * this.#lotUnits[instrument]!;
    let at = writeDecimal(bytes, form.end, number, 0, this.#sizeDecimals[instrument]!);
    const before = this.#beforePrice;
    for (let i = 0; i < before.length; i++) bytes[at + i] = before[i]!;
    at += before.length;
    number[0] = table.priceTicks[slot]! * this.#tickUnits[instrument]!;
    at = writeDecimal(bytes, at, number, 0, this.#priceDecimals[instrument]!);
    bytes[at] = QUOTE;
    bytes[at + 1] = BRACE;
    bytes[at + 2] = BRACE;
    return at + 3;
  }

  /** Length of the cancel of `slot` in `bytes`, stamped with its cancelNs. */
  encodeCancel(slot: number): number {
    const form = this.#cancel[this.#table.instrument[slot]!]!;
    this.#number[0] = this.#table.cancelNs[slot]!;
    this.#fill(form, slot);
    return form.end;
  }

  /** Length of the status query of `slot` in `bytes`, stamped with its queriedNs. */
  encodeStatus(slot: number): number {
    const form = this.#status[this.#table.instrument[slot]!]!;
    this.#number[0] = this.#table.queriedNs[slot]!;
    this.#fill(form, slot);
    writeBase36Pair(form.bytes, ID_AT + SEQUENCE_DIGITS, this.#table.queryNumber[slot]!);
    return form.end;
  }

  /** Writes id, time (of the engine ns in #number) and client id into their places. */
  #fill(form: Form, slot: number): void {
    const bytes = form.bytes;
    const sequence = this.#table.clientSequence[slot]!;
    this.bytes = bytes;
    writeBase36(bytes, ID_AT, sequence);
    this.#clientIds.writeTail(bytes, form.ownerAt, this.#table.owner[slot]!, sequence);
    const ms = Math.floor(this.#anchor[0]! + this.#number[0]! / NS_PER_MS + this.offset[0]!);
    const high = Math.floor(ms / TIME_PART);
    writePadded(bytes, form.timeAt, high | 0, TIME_HIGH_DIGITS);
    const low = (ms - high * TIME_PART) | 0;
    writePadded(bytes, form.timeAt + TIME_HIGH_DIGITS, low, TIME_DIGITS - TIME_HIGH_DIGITS);
  }

  #prepare(symbol: string, receiveWindowMs: number): void {
    const common = `"symbol":"${symbol}","recvWindow":${receiveWindowMs},"timestamp":`;
    for (let form = 0; form < PLACE_FORMS; form++) {
      const side = form % 2 === 0 ? 'BUY' : 'SELL';
      const timeInForce = TIME_IN_FORCE_NAMES[(form >> 1) % 3]!;
      const reduceOnly = form >= PLACE_FORMS / 2 ? ',"reduceOnly":"true"' : '';
      this.#place.push(
        this.#form(
          `{"id":"p------","method":"order.place","params":{"side":"${side}","type":"LIMIT",` +
            `"timeInForce":"${timeInForce}"${reduceOnly},${common}`,
          ',"newClientOrderId":"',
          '","quantity":"',
        ),
      );
    }
    const name = ',"origClientOrderId":"';
    const cancel = `{"id":"c------","method":"order.cancel","params":{${common}`;
    const status = `{"id":"q--------","method":"order.status","params":{${common}`;
    this.#cancel.push(this.#form(cancel, name, '"}}'));
    this.#status.push(this.#form(status, name, '"}}'));
  }

  /** head, time stamp, name, client id, tail: constants written, gaps of fixed width left. */
  #form(head: string, name: string, tail: string): Form {
    const bytes = new Uint8Array(REQUEST_BYTES_MAX);
    const beforeId = asciiBytes(`${name}${this.#clientIds.prefix}-`);
    const timeAt = head.length;
    const ownerAt = timeAt + TIME_DIGITS + beforeId.length;
    const tailAt = ownerAt + 1 + SEQUENCE_DIGITS;
    const end = tailAt + tail.length;
    assert(end + TAIL_BYTES_MAX <= REQUEST_BYTES_MAX, 'a request fits its buffer');
    bytes.set(asciiBytes(head), 0);
    bytes.set(beforeId, timeAt + TIME_DIGITS);
    bytes.set(asciiBytes(tail), tailAt);
    return { bytes, timeAt, ownerAt, end };
  }
}

function formIndex(side: number, timeInForce: number, reduceOnly: number): number {
  return (side > 0 ? 0 : 1) + timeInForce * 2 + (reduceOnly === 1 ? PLACE_FORMS / 2 : 0);
}
