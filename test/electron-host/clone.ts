/**
 * clone: what Electron's channels between processes take, and what they refuse.
 *
 * Values are copied by V8's serializer, buffers too. A SharedArrayBuffer, a function or anything
 * else that cannot be copied is refused with the words that Electron uses.
 *
 * Imports   node:v8.
 */
import { Deserializer, Serializer } from 'node:v8';

export const NOT_CLONEABLE = 'An object could not be cloned.';

const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

/** A view travels with its whole buffer, as structured clone has it. */
class CopySerializer extends Serializer {
  _writeHostObject(value: unknown): void {
    if (!ArrayBuffer.isView(value) || !(value.buffer instanceof ArrayBuffer)) {
      throw new Error(NOT_CLONEABLE);
    }
    const bytes = new Uint8Array(value.buffer);
    this.writeUint32(viewKind(value));
    this.writeUint32(value.byteOffset);
    this.writeUint32(value.byteLength);
    this.writeUint32(bytes.byteLength);
    this.writeRawBytes(bytes);
  }

  _getDataCloneError = Error;
}

class CopyDeserializer extends Deserializer {
  _readHostObject(): unknown {
    const kind = this.readUint32();
    const offset = this.readUint32();
    const length = this.readUint32();
    const whole = Uint8Array.from(this.readRawBytes(this.readUint32())).buffer;
    const View = VIEWS[kind];
    if (View === undefined) return new DataView(whole, offset, length);
    return new View(whole, offset, length / View.BYTES_PER_ELEMENT);
  }
}

/** The bytes of a value, or the refusal that Electron would give. */
export function toBytes(value: unknown): Uint8Array {
  try {
    const serializer = new CopySerializer();
    serializer.writeHeader();
    serializer.writeValue(value);
    return Uint8Array.from(serializer.releaseBuffer());
  } catch {
    throw new Error(NOT_CLONEABLE);
  }
}

export function fromBytes(bytes: Uint8Array): unknown {
  const deserializer = new CopyDeserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

function viewKind(view: ArrayBufferView): number {
  if (Buffer.isBuffer(view)) return 1;
  const kind = VIEWS.findIndex((View) => view instanceof View);
  return kind < 0 ? VIEWS.length : kind;
}
