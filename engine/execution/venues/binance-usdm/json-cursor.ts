/**
 * json-cursor: walks the members of one JSON object in a byte buffer, without making anything.
 *
 *   cursor.open(bytes, start, end);
 *   while (cursor.next()) { … cursor.valueStart, cursor.valueEnd … }
 *   if (cursor.isBad) …
 *
 * A string value is given without its quotes and with its escapes as they are (names and numbers of
 * the venue have none); an object or array with its brackets. Malformed text ends the walk and sets
 * isBad; nothing is thrown, nothing outside [start, end) is read. Nested values are walked by
 * another cursor over [valueStart, valueEnd).
 *
 * Hot path: all of it. No allocation after construction.
 * Imports   nothing.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

const NOTHING = new Uint8Array(0);

export class JsonCursor {
  bytes: Uint8Array = NOTHING;
  /** Key without quotes. */
  keyStart = 0;
  keyEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  isString = false;
  isBad = false;
  /** Index after what has been read. */
  at = 0;
  #end = 0;
  #isArray = false;
  #isFirst = true;

  /**
   * Places the cursor before the first member of the object, or element of the array, at `start`.
   */
  open(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.#end = end <= bytes.length ? end : bytes.length;
    this.at = start;
    this.isBad = false;
    this.#isFirst = true;
    this.#skipSpace();
    const first = this.at < this.#end ? bytes[this.at]! : 0;
    this.#isArray = first === OPEN_BRACKET;
    if (first === OPEN_BRACE || this.#isArray) this.at += 1;
    else this.isBad = true;
  }

  /** Reads the next member or element; false at the end or when the text is malformed. */
  next(): boolean {
    if (this.isBad) return false;
    const bytes = this.bytes;
    this.#skipSpace();
    if (this.at >= this.#end) return this.#fail();
    const closing = this.#isArray ? CLOSE_BRACKET : CLOSE_BRACE;
    if (bytes[this.at] === closing) {
      this.at += 1;
      return false;
    }
    if (!this.#isFirst) {
      if (bytes[this.at] !== COMMA) return this.#fail();
      this.at += 1;
      this.#skipSpace();
    }
    this.#isFirst = false;
    if (!this.#isArray && !this.#readKey()) return this.#fail();
    this.#skipSpace();
    return this.#readValue();
  }

  /** Key of one or two bytes as a number: first | second << 8; 0 for longer ones. */
  shortKey(): number {
    const length = this.keyEnd - this.keyStart;
    if (length === 1) return this.bytes[this.keyStart]!;
    if (length === 2) return this.bytes[this.keyStart]! | (this.bytes[this.keyStart + 1]! << 8);
    return 0;
  }

  keyIs(name: Uint8Array): boolean {
    return sameBytes(this.bytes, this.keyStart, this.keyEnd, name);
  }

  valueIs(text: Uint8Array): boolean {
    return sameBytes(this.bytes, this.valueStart, this.valueEnd, text);
  }

  #readKey(): boolean {
    const bytes = this.bytes;
    if (this.at >= this.#end || bytes[this.at] !== QUOTE) return false;
    this.keyStart = this.at + 1;
    if (!this.#skipString()) return false;
    this.keyEnd = this.at - 1;
    this.#skipSpace();
    if (this.at >= this.#end || bytes[this.at] !== COLON) return false;
    this.at += 1;
    return true;
  }

  #readValue(): boolean {
    if (this.at >= this.#end) return this.#fail();
    const bytes = this.bytes;
    const first = bytes[this.at]!;
    this.isString = first === QUOTE;
    this.valueStart = this.at;
    if (this.isString) {
      this.valueStart = this.at + 1;
      if (!this.#skipString()) return this.#fail();
      this.valueEnd = this.at - 1;
      return true;
    }
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      if (!this.#skipNested()) return this.#fail();
      this.valueEnd = this.at;
      return true;
    }
    let at = this.at;
    while (at < this.#end && !endsLiteral(bytes[at]!)) at += 1;
    if (at === this.valueStart) return this.#fail();
    this.at = at;
    this.valueEnd = at;
    return true;
  }

  #skipString(): boolean {
    const at = afterString(this.bytes, this.at + 1, this.#end);
    if (at < 0) return false;
    this.at = at;
    return true;
  }

  #skipNested(): boolean {
    const bytes = this.bytes;
    const end = this.#end;
    let depth = 0;
    let at = this.at;
    while (at < end) {
      const byte = bytes[at]!;
      at += 1;
      if (byte === QUOTE) {
        at = afterString(bytes, at, end);
        if (at < 0) return false;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (depth === 0) {
          this.at = at;
          return true;
        }
      }
    }
    return false;
  }

  #skipSpace(): void {
    const bytes = this.bytes;
    const end = this.#end;
    let at = this.at;
    while (at < end && bytes[at]! <= SPACE) at += 1;
    this.at = at;
  }

  #fail(): boolean {
    this.isBad = true;
    return false;
  }
}

/**
 * Index after the closing quote of a string whose text begins at `start`; −1 when there is none.
 */
function afterString(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

function endsLiteral(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= SPACE;
}

function sameBytes(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  const length = text.length;
  if (end - start !== length) return false;
  for (let i = 0; i < length; i++) {
    if (bytes[start + i] !== text[i]) return false;
  }
  return true;
}
