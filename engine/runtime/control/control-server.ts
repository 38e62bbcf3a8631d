/**
 * control-server: the engine's end of the control socket.
 *
 * Only this user can reach it (folder and token are private), and only who read the token file is
 * heard. A wrong token gets one clear error and is shown out. Sizes, clients and the time to say
 * hello are bounded; a client that vanishes loses its lease at once.
 *
 * Writer    host thread. Nothing here touches the trading thread but through the handler.
 * Imports   base, contract, ./protocol and its neighbours.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { EngineError, messageOf, type WireError } from '../../base/errors.ts';
import { isByHand } from '../../contract/commands.ts';
import type { Ack, Command, HandKind } from '../../contract/commands.ts';
import { controlPaths, prepareSocketFolder } from './control-paths.ts';
import { LineReader } from './line-reader.ts';
import {
  CONTROL_VERSION,
  parseRequest,
  REQUEST_BYTES_MAX,
  requestIdOf,
  type ControlHandler,
  type ControlReply,
  type ControlRequest,
  type HelloResult,
  type LeaseResult,
} from './protocol.ts';

export interface ControlServerOptions {
  readonly dataFolder: string;
  readonly handler: ControlHandler;
  /** Milliseconds in which a client must have said hello. */
  readonly helloMs?: number;
}

const HELLO_MS = 3_000;
const CLIENTS_MAX = 32;
const TOKEN_BYTES = 32;
/** Requests of one client that wait for their turn. */
const WAITING_MAX = 64;

export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #server: net.Server;
  readonly #clients = new Set<ControlSession>();
  readonly #paths: { socket: string; token: string };
  #token = Buffer.alloc(0);
  #clientNumber = 0;

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.#paths = controlPaths(options.dataFolder);
    this.#server = net.createServer((socket) => this.#accept(socket));
  }

  get socketPath(): string {
    return this.#paths.socket;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /**
   * Writes the token, then listens. The caller holds the engine lock, so a socket file that is
   * still there was left by a dead engine.
   */
  async start(): Promise<void> {
    const { socket, token } = this.#paths;
    prepareSocketFolder(socket);
    if (!socket.startsWith('\\\\')) fs.rmSync(socket, { force: true });
    this.#token = Buffer.from(randomBytes(TOKEN_BYTES).toString('hex'));
    fs.rmSync(token, { force: true });
    fs.writeFileSync(token, this.#token, { flag: 'wx', mode: 0o600 });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    if (!socket.startsWith('\\\\')) fs.chmodSync(socket, 0o600);
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const client of this.#clients) client.end();
    fs.rmSync(this.#paths.token, { force: true });
    await closed;
  }

  #accept(socket: net.Socket): void {
    if (this.#clients.size >= CLIENTS_MAX) {
      socket.destroy();
      return;
    }
    const client = new ControlSession(`command line ${++this.#clientNumber}`, socket, {
      token: this.#token,
      handler: this.#options.handler,
      helloMs: this.#options.helloMs ?? HELLO_MS,
      onGone: (gone) => this.#clients.delete(gone),
    });
    this.#clients.add(client);
  }
}

type CommandRequest = Extract<
  ControlRequest,
  { kind: 'arm' | 'disarm' | 'flatten' | 'kill' | 'resetHalt' | HandKind }
>;

interface SessionOptions {
  readonly token: Buffer;
  readonly handler: ControlHandler;
  readonly helloMs: number;
  readonly onGone: (session: ControlSession) => void;
}

/** One client, from its first byte to its last. */
class ControlSession {
  readonly #name: string;
  readonly #socket: net.Socket;
  readonly #options: SessionOptions;
  readonly #hello: NodeJS.Timeout;
  #isKnown = false;
  #isGone = false;
  #commandNumber = 0;
  #waiting = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(name: string, socket: net.Socket, options: SessionOptions) {
    this.#name = name;
    this.#socket = socket;
    this.#options = options;
    this.#hello = setTimeout(() => {
      this.#refuse(0, 'runtime/unauthorised', 'no hello came; say hello with the token first');
    }, options.helloMs);
    const lines = new LineReader(
      REQUEST_BYTES_MAX,
      (line) => this.#queue(line),
      () => this.#refuse(0, 'input/malformed', `a request is over ${REQUEST_BYTES_MAX} bytes`),
    );
    socket.on('data', (chunk: Buffer) => lines.take(chunk));
    socket.on('error', () => this.#gone());
    socket.on('close', () => this.#gone());
  }

  end(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  /** Requests are answered one after the other, so that disarm after arm means what it says. */
  #queue(line: string): void {
    if (this.#isGone) return;
    if (++this.#waiting > WAITING_MAX) {
      this.#refuse(requestIdOf(line), 'input/malformed', 'too many requests at once');
      return;
    }
    this.#turn = this.#turn.then(async () => {
      await this.#answer(line);
      this.#waiting--;
    });
  }

  async #answer(line: string): Promise<void> {
    if (this.#isGone) return;
    try {
      const request = parseRequest(line);
      if (!this.#isKnown && request.kind !== 'hello') {
        throw new EngineError('runtime/unauthorised', 'say hello with the token first');
      }
      this.#send({ id: request.id, ok: true, result: await this.#handle(request) });
    } catch (error) {
      const id = requestIdOf(line);
      if (this.#isKnown) this.#send({ id, ok: false, error: wireError(error) });
      else this.#refuse(id, wireError(error).code, messageOf(error));
    }
  }

  async #handle(request: ControlRequest): Promise<unknown> {
    const { handler } = this.#options;
    if (isByHand(request)) return this.#execute(request);
    switch (request.kind) {
      case 'hello':
        return this.#sayHello(request.version, request.token);
      case 'status':
        return handler.status();
      case 'leaseAcquire':
        return handler.acquireLease(this.#name);
      case 'leaseRenew':
        return this.#renew();
      case 'leaseRelease':
        handler.releaseLease(this.#name);
        return { granted: false, reason: 'released' } satisfies LeaseResult;
      case 'arm':
      case 'disarm':
      case 'flatten':
      case 'kill':
      case 'resetHalt':
        return this.#execute(request);
    }
  }

  #execute(request: CommandRequest): Promise<Ack> {
    const { handler } = this.#options;
    return handler.execute(this.#commandOf(request), handler.leaseHolder() === this.#name);
  }

  #renew(): LeaseResult {
    const granted = this.#options.handler.renewLease(this.#name);
    return { granted, reason: granted ? '' : 'the lease ran out; ask for it again' };
  }

  #commandOf(request: CommandRequest): Command {
    const id = `control-${this.#name.replaceAll(' ', '-')}-${++this.#commandNumber}`;
    if (isByHand(request)) return { ...request, id };
    switch (request.kind) {
      case 'arm':
      case 'disarm':
        return { kind: request.kind, id, strategy: request.strategy, symbol: request.symbol };
      case 'flatten':
        return { kind: 'flatten', id, symbol: request.symbol };
      case 'kill':
        return { kind: 'kill', id };
      case 'resetHalt':
        return { kind: 'resume', id, typed: request.typed };
    }
  }

  #sayHello(version: number, token: string): HelloResult {
    if (version !== CONTROL_VERSION) {
      throw new EngineError(
        'input/malformed',
        `control version ${version} is not ${CONTROL_VERSION}; use the engine's own tickdeck`,
      );
    }
    const given = Buffer.from(token);
    const expected = this.#options.token;
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new EngineError(
        'runtime/unauthorised',
        'wrong token; read control.token of the data folder the engine runs on',
      );
    }
    clearTimeout(this.#hello);
    this.#isKnown = true;
    const { session, mode, version: product, leaseMs } = this.#options.handler;
    return { version: CONTROL_VERSION, session, mode, product, client: this.#name, leaseMs };
  }

  #send(reply: ControlReply): void {
    if (!this.#isGone) this.#socket.write(`${JSON.stringify(reply)}\n`);
  }

  /** One clear error, then the door. */
  #refuse(id: number, code: WireError['code'], message: string): void {
    this.#send({ id, ok: false, error: { code, message, facts: {} } });
    this.#isGone = true;
    this.end();
    this.#leave();
  }

  #gone(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#leave();
  }

  #leave(): void {
    clearTimeout(this.#hello);
    const { handler, onGone } = this.#options;
    onGone(this);
    if (this.#isKnown && handler.leaseHolder() === this.#name) handler.releaseLease(this.#name);
  }
}

function wireError(error: unknown): WireError {
  if (error instanceof EngineError) return error.toWire();
  return { code: 'runtime/not-available', message: messageOf(error), facts: {} };
}
