/**
 * control-client: the command line's end of the control socket.
 *
 * Errors    EngineError 'runtime/not-running' when no engine answers on the data folder, and
 *           whatever the engine replied.
 * Imports   base, ./protocol and its neighbours.
 */
import fs from 'node:fs';
import net from 'node:net';
import { EngineError } from '../../base/errors.ts';
import { controlPaths } from './control-paths.ts';
import { LineReader } from './line-reader.ts';
import {
  CONTROL_VERSION,
  REPLY_BYTES_MAX,
  type ControlAsk,
  type ControlKind,
  type ControlReply,
  type ControlResults,
  type HelloResult,
} from './protocol.ts';

const CONNECT_MS = 2_000;
const REPLY_MS = 10_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: EngineError) => void;
  readonly timer: NodeJS.Timeout;
}

export class ControlClient {
  readonly hello: Promise<HelloResult>;
  readonly #socket: net.Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onClose: (() => void)[] = [];
  #nextId = 1;
  #isClosed = false;

  private constructor(socket: net.Socket, token: string, name: string) {
    this.#socket = socket;
    const lines = new LineReader(
      REPLY_BYTES_MAX,
      (line) => this.#receive(line),
      () => this.close(),
    );
    socket.on('data', (chunk: Buffer) => lines.take(chunk));
    socket.on('error', () => this.#closed());
    socket.on('close', () => this.#closed());
    this.hello = this.ask('hello', { version: CONTROL_VERSION, token, name });
    // Whoever connects waits for it; a refusal must not end the process before.
    this.hello.catch(() => undefined);
  }

  /** Connects to the engine that runs on `dataFolder` and says hello. */
  static async connect(dataFolder: string, name: string): Promise<ControlClient> {
    const paths = controlPaths(dataFolder);
    const token = readToken(paths.token, dataFolder);
    const socket = await open(paths.socket, dataFolder);
    const client = new ControlClient(socket, token, name);
    try {
      await client.hello;
    } catch (error) {
      client.close();
      throw error;
    }
    return client;
  }

  /** Called once when the engine is gone, or after `close`. */
  onClose(listener: () => void): void {
    this.#onClose.push(listener);
  }

  ask<Kind extends ControlKind>(
    kind: Kind,
    request: ControlAsk<Kind>,
    timeoutMs = REPLY_MS,
  ): Promise<ControlResults[Kind]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(lost());
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        const message = `the engine did not answer "${kind}" within ${timeoutMs} ms; look at it`;
        reject(new EngineError('runtime/not-available', message));
      }, timeoutMs);
      this.#waiting.set(id, {
        resolve: (result) => resolve(result as ControlResults[Kind]),
        reject,
        timer,
      });
      this.#socket.write(`${JSON.stringify({ ...request, kind, id })}\n`);
    });
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
    this.#closed();
  }

  #receive(line: string): void {
    let reply: ControlReply;
    try {
      reply = JSON.parse(line) as ControlReply;
    } catch {
      this.close();
      return;
    }
    // A refusal before the request was understood carries no number: it means the oldest one.
    const id = reply.id > 0 ? reply.id : [...this.#waiting.keys()][0];
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (reply.ok) waiting.resolve(reply.result);
    else waiting.reject(new EngineError(reply.error.code, reply.error.message, reply.error.facts));
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(lost());
    }
    this.#waiting.clear();
    for (const listener of this.#onClose) listener();
  }
}

function lost(): EngineError {
  return new EngineError('runtime/not-running', 'the engine closed the connection; is it running?');
}

function readToken(file: string, dataFolder: string): string {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw notRunning(dataFolder);
    throw new EngineError(
      'runtime/unauthorised',
      `${file} cannot be read (${code ?? 'unknown'}); run this as the user who runs the engine`,
      { file },
      error,
    );
  }
}

function open(socketPath: string, dataFolder: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(notRunning(dataFolder));
    }, CONNECT_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => {
      clearTimeout(timer);
      reject(notRunning(dataFolder));
    });
  });
}

function notRunning(folder: string): EngineError {
  return new EngineError(
    'runtime/not-running',
    `no engine runs on ${folder}; start one with "tickdeck headless", or give --mode or --data-dir`,
    { folder },
  );
}
