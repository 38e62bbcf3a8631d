/**
 * browser-shell.test: who gets in, what is served, and how a terminal's socket behaves, over real
 * sockets on loopback.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { EngineError } from '../../../../engine/base/errors.ts';
import type { LinkPort } from '../../../../engine/contract/link.ts';
import { LINK_MESSAGE_BYTES_MAX } from '../../../../engine/contract/validate.ts';
import {
  startBrowserShell,
  TERMINALS_MAX,
  type BrowserShell,
} from '../../../../engine/shell/browser-shell.ts';
import { until as waitUntil } from '../../../support/until.ts';

interface Heard {
  readonly port: LinkPort;
  readonly number: number;
  readonly texts: string[];
  closes: number;
}

let folder = '';
let shell: BrowserShell;
const heard: Heard[] = [];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tickdeck-shell-'));
  const root = path.join(folder, 'window');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  writeFileSync(path.join(root, 'index.html'), '<!doctype html><title>window</title>');
  writeFileSync(path.join(root, 'assets', 'a-1.js'), 'export {};');
  writeFileSync(path.join(root, '.secret.html'), 'hidden');
  writeFileSync(path.join(root, 'strange.exe'), 'no type');
  writeFileSync(path.join(folder, 'outside.html'), 'outside');
  symlinkSync(path.join(folder, 'outside.html'), path.join(root, 'way-out.html'));
  shell = await startBrowserShell({
    root,
    port: 0,
    onTerminal: (port, { number }) => {
      const entry: Heard = { port, number, texts: [], closes: 0 };
      heard.push(entry);
      return {
        onText: (text) => void entry.texts.push(text),
        onClose: () => void entry.closes++,
      };
    },
  });
});

after(async () => {
  await shell.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request whose path is sent as it is, dots included. */
function ask(
  target: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: shell.port, path: target, headers, method };
    request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (body += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    })
      .on('error', reject)
      .end();
  });
}

function known(): Record<string, string> {
  return { cookie: `other=1; tickdeck_${shell.port}=${shell.token}` };
}

async function until(what: string, look: () => boolean): Promise<void> {
  await waitUntil(look, { what });
}

interface Dial {
  readonly headers?: Record<string, string>;
  readonly origin?: string;
  readonly path?: string;
}

function dial({ headers = known(), origin, path: target = '/link' }: Dial = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${shell.port}${target}`, {
    headers,
    origin: origin ?? `http://127.0.0.1:${shell.port}`,
  });
  socket.on('error', () => {});
  return socket;
}

/** 101 when the socket opened, else the status of the refusal. */
function outcome(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
  });
}

async function terminal(): Promise<{ readonly socket: WebSocket; readonly entry: Heard }> {
  const count = heard.length;
  const socket = dial();
  assert.equal(await outcome(socket), 101);
  await until('the terminal is announced', () => heard.length > count);
  const entry = heard.at(-1);
  assert.ok(entry !== undefined);
  return { socket, entry };
}

describe('the door', () => {
  it('trades the token for a strict cookie and goes on to a clean address', async () => {
    const url = new URL(shell.url);
    assert.equal(url.hostname, '127.0.0.1');
    const { status, headers } = await ask(url.pathname + url.search);
    assert.equal(status, 303);
    assert.equal(headers.location, '/');
    assert.match(headers['set-cookie']?.[0] ?? '', /; HttpOnly; SameSite=Strict$/);
    assert.ok(Buffer.from(shell.token, 'base64url').length === 32, '32 random bytes');
  });

  it('starts afresh after a click on another site: a strict cookie would be lost', async () => {
    const url = new URL(shell.url);
    const headers = { 'sec-fetch-site': 'cross-site' };
    const answer = await ask(url.pathname + url.search, headers);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['refresh'], '0; url=/');
    assert.ok(!answer.body.includes(shell.token));
  });

  const refused: readonly (readonly [string, string, Record<string, string>])[] = [
    ['no cookie', '/', {}],
    ['a wrong token', '/?token=wrong', {}],
    ['an empty token', '/?token=', {}],
    ['a wrong token beside a right cookie', '/?token=wrong', { cookie: 'right' }],
    ['a cookie with another value', '/', { cookie: 'wrong' }],
    ['a foreign host name', '/', { cookie: 'right', host: 'evil.example:80' }],
    ['a host that only begins like ours', '/', { cookie: 'right', host: '127.0.0.1.evil.example' }],
    ['no file without a cookie', '/assets/a-1.js', {}],
  ];
  for (const [name, target, { cookie, host }] of refused) {
    it(`refuses ${name} with one clear page`, async () => {
      const headers: Record<string, string> = host === undefined ? {} : { host };
      if (cookie === 'right') Object.assign(headers, known());
      if (cookie === 'wrong') headers['cookie'] = `tickdeck_${shell.port}=x`;
      const { status, body } = await ask(target, headers);
      assert.equal(status, 403);
      assert.match(body, /Access refused/);
      assert.ok(!body.includes(shell.token));
    });
  }

  it('accepts other names of this machine and other ports: a tunnel changes both', async () => {
    for (const host of ['localhost:9000', '127.0.0.1:1234', '[::1]:80', `127.0.0.1`]) {
      assert.equal((await ask('/', { ...known(), host })).status, 200, host);
    }
  });

  it('answers no other method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      assert.equal((await ask('/', known(), method)).status, 405, method);
    }
  });
});

describe('files', () => {
  it('serves the window isolated and under a strict policy', async () => {
    const { status, headers, body } = await ask('/', known());
    assert.equal(status, 200);
    assert.match(body, /window/);
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    assert.match(policy, /style-src 'self';/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!policy.includes("'unsafe-inline'"));
    assert.ok(policy.includes(`connect-src 'self' ws://127.0.0.1:${shell.port}`));
  });

  it('lets hashed files be kept and gives every answer its type', async () => {
    const { status, headers } = await ask('/assets/a-1.js', known());
    assert.equal(status, 200);
    assert.match(String(headers['content-type']), /^text\/javascript/);
    assert.match(String(headers['cache-control']), /immutable/);
    assert.equal((await ask('/assets/a-1.js', known(), 'HEAD')).body, '');
  });

  const missing = [
    '/../outside.html',
    '/%2e%2e/outside.html',
    '/assets/..%2f..%2foutside.html',
    '/..%5coutside.html',
    '/way-out.html',
    '/.secret.html',
    '/strange.exe',
    '/nothing.html',
    '/assets/',
    '/%ff',
    '/index.html%00.js',
  ];
  for (const target of missing) {
    it(`has no ${target}`, async () => {
      const { status, body } = await ask(target, known());
      assert.ok(status === 404 || status === 403, `status ${status}`);
      assert.ok(!body.includes('outside') && !body.includes('hidden'));
    });
  }
});

describe('a terminal', () => {
  it('carries text both ways and frames outwards, in order', async () => {
    const { socket, entry } = await terminal();
    const inbox: (string | Buffer)[] = [];
    socket.on('message', (message: Buffer, isBinary) => {
      inbox.push(isBinary ? message : message.toString());
    });
    const frame = new Float64Array([1, 2, 3]);
    assert.equal(entry.port.sendText('one'), true);
    assert.equal(entry.port.sendFrame(frame.buffer), true);
    frame.fill(9);
    assert.equal(entry.port.sendText('two'), true);
    socket.send('hello');
    await until('all arrived', () => inbox.length === 3 && entry.texts.length === 1);
    assert.deepEqual(entry.texts, ['hello']);
    assert.equal(inbox[0], 'one');
    assert.equal(inbox[2], 'two');
    const sent = Buffer.from(new Float64Array([1, 2, 3]).buffer);
    assert.deepEqual(inbox[1], sent, 'the frame is what it was when it was given');
    socket.close();
  });

  it('is told once that it has gone, and sends nothing afterwards', async () => {
    const { socket, entry } = await terminal();
    socket.terminate();
    await until('closed', () => entry.closes === 1);
    assert.equal(entry.port.sendText('late'), false);
    assert.equal(entry.port.sendFrame(new ArrayBuffer(8)), false);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(entry.closes, 1);
  });

  it('is shown out with a reason', async () => {
    const { socket, entry } = await terminal();
    const closed = new Promise<string>((resolve) => {
      socket.on('close', (_code, reason) => resolve(reason.toString()));
    });
    entry.port.close(`contract mismatch ${'ü'.repeat(200)}`);
    assert.match(await closed, /^contract mismatch ü+$/);
  });

  it('ends a connection that sends too much, or bytes', async () => {
    for (const message of ['x'.repeat(LINK_MESSAGE_BYTES_MAX + 1), Buffer.from([1, 2])]) {
      const { socket, entry } = await terminal();
      socket.send(message);
      await until('closed', () => entry.closes === 1);
      assert.deepEqual(entry.texts, []);
    }
  });

  it('counts what the carrier has not taken', async () => {
    const { socket, entry } = await terminal();
    socket.pause();
    const frame = new ArrayBuffer(1 << 20);
    for (let i = 0; i < 24; i++) entry.port.sendFrame(frame);
    await until('bytes wait', () => entry.port.bufferedBytes() > 1 << 20);
    socket.terminate();
    await until('closed', () => entry.closes === 1);
  });

  const refused: readonly (readonly [string, () => Dial, number])[] = [
    ['no cookie', () => ({ headers: {} }), 403],
    ['a wrong cookie', () => ({ headers: { cookie: `tickdeck_${shell.port}=x` } }), 403],
    ['another origin', () => ({ origin: 'http://evil.example' }), 403],
    ['our origin on another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
    ['no origin', () => ({ origin: '' }), 403],
    ['another host', () => ({ headers: { ...known(), host: 'evil.example' } }), 403],
    ['another path', () => ({ path: '/other' }), 404],
  ];
  for (const [name, options, status] of refused) {
    it(`is refused with ${name}`, async () => {
      assert.equal(await outcome(dial(options())), status);
    });
  }

  it('is refused beyond the bound, and let in when another has left', async () => {
    const open: WebSocket[] = [];
    await until('the others are gone', () => heard.every((entry) => entry.closes === 1));
    for (let i = 0; i < TERMINALS_MAX; i++) open.push((await terminal()).socket);
    assert.equal(await outcome(dial()), 503);
    for (const socket of open) socket.terminate();
    await until('all have left', () => heard.every((entry) => entry.closes === 1));
    const { socket } = await terminal();
    socket.terminate();
  });

  it('survives a handshake that breaks off', async () => {
    const raw = connect(shell.port, '127.0.0.1');
    raw.write('GET /link HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n');
    raw.write('Connection: Upgrade\r\n\r\n');
    raw.resetAndDestroy();
    assert.equal((await ask('/', known())).status, 200);
  });
});

describe('starting', () => {
  it('names the port that is in use and what to do', async () => {
    const options = { root: path.join(folder, 'window'), port: shell.port };
    await assert.rejects(
      startBrowserShell({ ...options, onTerminal: () => assert.fail('nobody comes') }),
      (error: unknown) => {
        assert.ok(error instanceof EngineError);
        assert.equal(error.code, 'runtime/port-in-use');
        assert.equal(error.facts['port'], shell.port);
        assert.match(error.message, new RegExp(`port ${shell.port} .* --port 0`));
        return true;
      },
    );
  });

  it('names what is missing when the window is not built', async () => {
    const options = { root: folder, port: 0 };
    await assert.rejects(
      startBrowserShell({ ...options, onTerminal: () => assert.fail('nobody comes') }),
      {
        code: 'runtime/not-available',
        message: /index\.html is missing; run: npm run build/,
      },
    );
  });

  it('keeps a token that it is given, and forgets nobody when it closes', async () => {
    let closes = 0;
    const other = await startBrowserShell({
      root: path.join(folder, 'window'),
      port: 0,
      token: 'kept-token',
      onTerminal: () => ({ onText: () => {}, onClose: () => void closes++ }),
    });
    assert.match(other.url, /token=kept-token$/);
    const socket = new WebSocket(`ws://127.0.0.1:${other.port}/link`, {
      headers: { cookie: `tickdeck_${other.port}=kept-token` },
      origin: `http://127.0.0.1:${other.port}`,
    });
    assert.equal(await outcome(socket), 101);
    await other.close();
    await until('the terminal was told', () => closes === 1);
  });
});
