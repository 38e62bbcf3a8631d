/**
 * params: request parameters from either transport as texts, in the order they came.
 *
 * Numbers of a WebSocket request keep their digits (an order id may exceed 2^53), so JSON is read
 * with the source text of every number.
 *
 * Imports   server/venue-error.
 */
import { missing, VenueError } from './venue-error.ts';

/** A JSON number by its digits. */
export class RawNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Params = ReadonlyMap<string, string>;

/** JSON with numbers kept as RawNumber; throws SyntaxError as JSON.parse does. */
export function parseJsonRaw(text: string): unknown {
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}

function keepDigits(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new RawNumber(context.source ?? String(value)) : value;
}

/** The params object of a WebSocket request; null values are left out, as if not sent. */
export function paramsOfObject(value: unknown): Map<string, string> {
  const params = new Map<string, string>();
  if (value === undefined || value === null) return params;
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new VenueError(-1102, "Parameter 'params' must be an object.");
  }
  for (const [name, item] of Object.entries(value)) {
    if (item === null) continue;
    if (item instanceof RawNumber) params.set(name, item.text);
    else if (typeof item === 'string' || typeof item === 'boolean') params.set(name, String(item));
    else if (typeof item === 'object') params.set(name, JSON.stringify(item));
  }
  return params;
}

/** Query string and form body, decoded. */
export function paramsOfQuery(query: string, body: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of [query, body]) {
    if (part === '') continue;
    for (const [name, value] of new URLSearchParams(part)) params.set(name, value);
  }
  return params;
}

/** Percent-decoding that leaves malformed text as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function required(params: Params, name: string): string {
  const value = params.get(name);
  if (value === undefined || value === '') throw missing(name);
  return value;
}

/** A whole number within the safe range; throws -1102 for anything else. */
export function wholeNumber(text: string, name: string): number {
  if (!/^-?\d{1,16}$/.test(text)) throw missing(name);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw missing(name);
  return value;
}
