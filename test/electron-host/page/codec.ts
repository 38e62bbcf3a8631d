/**
 * codec: values as text on the way between the host and a page. The same function runs in both, so
 * it uses nothing from outside itself.
 *
 * Imports   nothing.
 */

export interface Codec {
  readonly encode: (value: unknown) => string;
  readonly decode: (text: string) => unknown;
}

export interface Base64 {
  readonly encode: (bytes: Uint8Array) => string;
  readonly decode: (text: string) => Uint8Array;
}

/** Runs in the page: its source is put there as text. */
export function makeCodec(base64: Base64): Codec {
  type Packed = Record<string, unknown>;
  const refusal = 'An object could not be cloned.';
  const packView = (view: ArrayBufferView): Packed => {
    if (!(view.buffer instanceof ArrayBuffer)) throw new Error(refusal);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const name = view.constructor.name === 'Buffer' ? 'Uint8Array' : view.constructor.name;
    return { $view: name, bytes: base64.encode(bytes) };
  };
  const packObject = (value: object): unknown => {
    if (Array.isArray(value)) return value.map(pack);
    if (value instanceof ArrayBuffer) return { $buffer: base64.encode(new Uint8Array(value)) };
    if (ArrayBuffer.isView(value)) return packView(value);
    if (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer) {
      throw new Error(refusal);
    }
    if (value instanceof Date) return { $date: value.getTime() };
    if (value instanceof Map) return { $map: [...value].map(pack) };
    if (value instanceof Set) return { $set: [...value].map(pack) };
    if (value instanceof Error) return { $error: value.message };
    return { $object: Object.entries(value).map(([key, part]) => [key, pack(part)]) };
  };
  function pack(value: unknown): unknown {
    switch (typeof value) {
      case 'undefined':
        return { $undefined: 1 };
      case 'bigint':
        return { $bigint: String(value) };
      case 'number':
        return Number.isFinite(value) ? value : { $number: String(value) };
      case 'function':
      case 'symbol':
        throw new Error(refusal);
      case 'object':
        return value === null ? null : packObject(value);
      case 'string':
      case 'boolean':
        return value;
    }
    return value;
  }
  const readers: Record<string, (part: never, whole: Packed) => unknown> = {
    $undefined: () => undefined,
    $bigint: (part: string) => BigInt(part),
    $number: (part: string) => Number(part),
    $date: (part: number) => new Date(part),
    $error: (part: string) => new Error(part),
    $buffer: (part: string) => base64.decode(part).slice().buffer,
    $map: (part: unknown[]) => new Map(part.map(unpack) as [unknown, unknown][]),
    $set: (part: unknown[]) => new Set(part.map(unpack)),
    $object: (part: [string, unknown][]) =>
      Object.fromEntries(part.map(([key, inner]) => [key, unpack(inner)])),
    $view: (part: string, whole) => {
      const bytes = base64.decode(String(whole['bytes'])).slice();
      const View = Reflect.get(globalThis, part) as new (buffer: ArrayBuffer) => unknown;
      return new View(bytes.buffer);
    },
  };
  function unpack(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(unpack);
    if (value === null || typeof value !== 'object') return value;
    const whole = value as Packed;
    const [key = ''] = Object.keys(whole);
    return readers[key]?.(whole[key] as never, whole);
  }
  return {
    encode: (value) => JSON.stringify(pack(value)),
    decode: (text) => unpack(JSON.parse(text)),
  };
}

export const nodeBase64: Base64 = {
  encode: (bytes) =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  decode: (text) => Uint8Array.from(Buffer.from(text, 'base64')),
};
