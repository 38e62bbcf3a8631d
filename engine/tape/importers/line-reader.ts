/**
 * line-reader: the lines of a file, plain or gzip, as byte ranges, without making strings.
 *
 * Errors    EngineError 'input/truncated' for a gzip file that was cut off, 'input/malformed' for
 *           one that is damaged or cannot be read; both name the last line seen.
 * Imports   node:fs, node:zlib, base.
 */
import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { EngineError, messageOf } from '../../base/errors.ts';

export interface LineHandler {
  /** bytes[start, end) is a line without its newline; lines count from 1. */
  (bytes: Buffer, start: number, end: number, line: number): void;
}

export interface LineReaderOptions {
  /** Part of the file read, 0 to 1. */
  readonly onProgress?: ((part: number) => void) | undefined;
  /** Reading ends with its reason once it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** A longer line is no capture's. */
const LINE_BYTES_MAX = 256 * 1024 * 1024;
const NEWLINE = 10;

/** Calls `handle` for every line that is not empty; how many lines there were. */
export async function readLines(
  path: string,
  handle: LineHandler,
  { onProgress, signal }: LineReaderOptions = {},
): Promise<number> {
  let line = 0;
  try {
    let rest = Buffer.alloc(0);
    for await (const chunk of openCapture(path, onProgress)) {
      signal?.throwIfAborted();
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        line++;
        if (end > from) handle(bytes, from, end, line);
        from = end + 1;
      }
      rest = Buffer.from(bytes.subarray(from));
      if (rest.length > LINE_BYTES_MAX) throw new Error('a line is too long');
    }
    if (rest.length > 0) {
      line++;
      handle(rest, 0, rest.length, line);
    }
    return line;
  } catch (error) {
    throw captureError(error, path, line);
  }
}

function openCapture(
  path: string,
  onProgress: LineReaderOptions['onProgress'],
): AsyncIterable<Buffer> {
  const size = statSync(path).size;
  const isCompressed = isGzip(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (onProgress !== undefined) {
    file.on('data', () => onProgress(size === 0 ? 1 : file.bytesRead / size));
  }
  if (!isCompressed) return file as AsyncIterable<Buffer>;
  const plain = createGunzip({ chunkSize: 256 * 1024 });
  file.on('error', (error) => plain.destroy(error));
  return file.pipe(plain) as AsyncIterable<Buffer>;
}

function isGzip(path: string): boolean {
  const head = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 2, 0);
  } finally {
    closeSync(file);
  }
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Errors of ours pass; others get the file and the line. */
function captureError(error: unknown, path: string, line: number): EngineError {
  if (error instanceof EngineError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  const where = line === 0 ? path : `${path}, after line ${line}`;
  if (code === 'Z_BUF_ERROR') {
    const message = `${where}: the gzip file was cut off; get the whole file`;
    return new EngineError('input/truncated', message, { path, line }, error);
  }
  const message = `${where}: cannot be read (${messageOf(error)})`;
  return new EngineError('input/malformed', message, { path, line }, error);
}
