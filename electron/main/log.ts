/**
 * log: what the shell has to remember, one line each, in a file that is kept small. Venue keys are
 * never handed to it; what windows send is named by channel and place, never by value.
 *
 * Imports   node.
 */
import fs from 'node:fs';
import path from 'node:path';

const BYTES_MAX = 1_000_000;
const LINE_MAX = 4000;

export type LogLevel = 'info' | 'warn' | 'error';

export class Log {
  readonly #file: string;
  readonly #echo: ((line: string) => void) | null;
  #bytes: number;

  constructor(file: string, echo: ((line: string) => void) | null = null) {
    this.#file = file;
    this.#echo = echo;
    this.#bytes = sizeOf(file);
  }

  write(level: LogLevel, text: string): void {
    const line = `${new Date().toISOString()} ${level} ${oneLine(text)}\n`;
    this.#echo?.(line);
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o700 });
      if (this.#bytes > BYTES_MAX) this.#turn();
      fs.appendFileSync(this.#file, line, { mode: 0o600 });
      this.#bytes += line.length;
    } catch {
      // A full disk must not end the shell; the engine says so for itself.
    }
  }

  /** The former file is kept once. */
  #turn(): void {
    fs.renameSync(this.#file, `${this.#file}.old`);
    this.#bytes = 0;
  }
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' | ').slice(0, LINE_MAX);
}
