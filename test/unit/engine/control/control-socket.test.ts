/** The control socket: hello, requests, and everything a stranger or a broken client may do. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { ControlClient } from '../../../../engine/runtime/control/control-client.ts';
import { controlPaths } from '../../../../engine/runtime/control/control-paths.ts';
import { ControlServer } from '../../../../engine/runtime/control/control-server.ts';
import { REQUEST_BYTES_MAX } from '../../../../engine/runtime/control/protocol.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { FakeControl } from './fake-control.ts';

async function served(t: TestContext, folder = tempDir(t), helloMs = 3_000) {
  const handler = new FakeControl();
  const server = new ControlServer({ dataFolder: folder, handler, helloMs });
  await server.start();
  t.after(() => server.stop());
  return { folder, handler, server };
}

/** Sends raw text; gives all that came back until the server closed the line. */
async function rawly(folder: string, text: string): Promise<string> {
  const socket = net.connect(controlPaths(folder).socket);
  await once(socket, 'connect');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('control socket', () => {
  it('answers hello, status and commands, and passes the lease on', async (t) => {
    const { folder, handler } = await served(t);
    const client = await ControlClient.connect(folder, 'test');
    const hello = await client.hello;
    assert.deepEqual([hello.mode, hello.session], ['sim', handler.session]);
    assert.equal((await client.ask('status', {})).state, 'DISARMED');
    const refused = await client.ask('arm', { strategy: 'scalper', symbol: null });
    assert.equal(refused.outcome, 'refused');
    assert.equal((await client.ask('leaseAcquire', {})).granted, true);
    assert.equal(handler.leaseHolder(), hello.client);
    const armed = await client.ask('arm', { strategy: null, symbol: 'BTCUSDT' });
    assert.equal(armed.outcome, 'applied');
    assert.equal((await client.ask('leaseRenew', {})).granted, true);
    await client.ask('disarm', { strategy: null, symbol: null });
    await client.ask('flatten', { symbol: null });
    await client.ask('kill', {});
    assert.equal((await client.ask('resetHalt', { typed: 'resume' })).outcome, 'refused');
    assert.equal((await client.ask('resetHalt', { typed: 'RESUME' })).outcome, 'applied');
    await client.ask('leaseRelease', {});
    assert.equal(handler.leaseHolder(), null);
    assert.deepEqual(
      handler.commands.map(({ kind }) => kind),
      ['arm', 'arm', 'disarm', 'flatten', 'kill', 'resume', 'resume'],
    );
    assert.equal(new Set(handler.commands.map(({ id }) => id)).size, 7, 'every command has its id');
    client.close();
  });

  it('gives the lease to one of two clients, and frees it when that one vanishes', async (t) => {
    const { folder, handler, server } = await served(t);
    const first = await ControlClient.connect(folder, 'first');
    const second = await ControlClient.connect(folder, 'second');
    await first.ask('leaseAcquire', {});
    const refused = await second.ask('leaseAcquire', {});
    assert.equal(refused.granted, false);
    assert.match(refused.reason, /command line 1 is in charge/);
    assert.equal((await second.ask('leaseRenew', {})).granted, false);
    first.close();
    await until(() => server.clients === 1, { what: 'the first to be gone' });
    assert.deepEqual(handler.leaseEnds, ['command line 1 released']);
    assert.equal((await second.ask('leaseAcquire', {})).granted, true);
    second.close();
  });

  it('shows a wrong token one clear error and the door, and obeys nothing it says', async (t) => {
    const { folder, handler } = await served(t);
    const { token } = controlPaths(folder);
    const right = fs.readFileSync(token, 'utf8');
    fs.chmodSync(token, 0o600);
    fs.writeFileSync(token, right.replaceAll(/[0-9a-f]/g, '0'));
    assert.equal(await codeOf(ControlClient.connect(folder, 'test')), 'runtime/unauthorised');
    const hello = { id: 1, kind: 'hello', version: 1, token: 'short', name: 'x' };
    const answer = await rawly(
      folder,
      `${JSON.stringify(hello)}\n${JSON.stringify({ id: 2, kind: 'kill' })}\n`,
    );
    assert.equal(answer.trim().split('\n').length, 1);
    assert.match(answer, /wrong token/);
    assert.deepEqual(handler.commands, []);
  });

  const rude: readonly { name: string; text: string; says: RegExp }[] = [
    { name: 'commands before hello', text: '{"id":1,"kind":"kill"}\n', says: /say hello/ },
    { name: 'text that is no JSON', text: 'GET / HTTP/1.1\r\n', says: /one line of JSON/ },
    { name: 'a request of unknown kind', text: '{"id":1,"kind":"buy"}\n', says: /kind/ },
    { name: 'another version', text: hello({ version: 99 }), says: /version 99/ },
    { name: 'a hello without an id', text: hello({ id: undefined }), says: /id/ },
    {
      name: 'a line without end',
      text: 'x'.repeat(REQUEST_BYTES_MAX + 1),
      says: /over 16384 bytes/,
    },
  ];
  for (const { name, text, says } of rude) {
    it(`refuses ${name} with one line and closes`, async (t) => {
      const { folder, handler } = await served(t);
      const answer = await rawly(folder, text);
      assert.equal(answer.trim().split('\n').length, 1);
      assert.match(answer, says);
      assert.deepEqual(handler.commands, []);
    });
  }

  it('shows a silent client out', async (t) => {
    const { folder, server } = await served(t, tempDir(t), 50);
    assert.match(await rawly(folder, ''), /no hello came/);
    await until(() => server.clients === 0, { what: 'the client to be forgotten' });
  });

  it('answers a bad request of a known client with an error and stays', async (t) => {
    const { folder, handler } = await served(t);
    const client = await ControlClient.connect(folder, 'test');
    const bad = client.ask('arm', { strategy: 'gambler', symbol: null } as never);
    assert.equal(await codeOf(bad), 'input/malformed');
    const spaced = client.ask('flatten', { symbol: 'BTC USDT; rm' });
    assert.equal(await codeOf(spaced), 'input/malformed');
    assert.equal((await client.ask('disarm', { strategy: null, symbol: null })).outcome, 'applied');
    assert.deepEqual(
      handler.commands.map(({ kind }) => kind),
      ['disarm'],
    );
    client.close();
  });

  it('fails what waits, and tells, when the engine goes', async (t) => {
    const { folder, handler, server } = await served(t);
    const client = await ControlClient.connect(folder, 'test');
    let isTold = false;
    client.onClose(() => (isTold = true));
    handler.execute = () => new Promise(() => undefined);
    const waiting = codeOf(client.ask('flatten', { symbol: null }));
    await server.stop();
    assert.equal(await waiting, 'runtime/not-running');
    assert.ok(isTold);
    assert.equal(await codeOf(client.ask('status', {})), 'runtime/not-running');
  });

  it('says after a while that an engine does not answer', async (t) => {
    const { folder, handler } = await served(t);
    const client = await ControlClient.connect(folder, 'test');
    handler.execute = () => new Promise(() => undefined);
    assert.equal(await codeOf(client.ask('kill', {}, 50)), 'runtime/not-available');
    client.close();
  });

  it('says where no engine runs, with or without a folder or a stale socket', async (t) => {
    const folder = tempDir(t);
    assert.equal(await codeOf(ControlClient.connect(folder, 'test')), 'runtime/not-running');
    const none = path.join(folder, 'none');
    assert.equal(await codeOf(ControlClient.connect(none, 'test')), 'runtime/not-running');
    const { socket, token } = controlPaths(folder);
    fs.writeFileSync(token, 'x');
    fs.writeFileSync(socket, '');
    assert.equal(await codeOf(ControlClient.connect(folder, 'test')), 'runtime/not-running');
    const { server } = await served(t, folder);
    assert.equal(server.socketPath, socket, 'the stale socket file was taken over');
  });

  it('keeps token and socket private, and removes the token at the end', async (t) => {
    if (process.platform === 'win32') return t.skip('no file modes on Windows');
    const { folder, server } = await served(t);
    const { token, socket } = controlPaths(folder);
    assert.equal(fs.statSync(token).mode & 0o777, 0o600);
    assert.equal(fs.statSync(socket).mode & 0o777, 0o600);
    assert.match(fs.readFileSync(token, 'utf8'), /^[0-9a-f]{64}$/);
    await server.stop();
    assert.equal(fs.existsSync(token), false);
  });

  it('works in a folder whose path is longer than a socket may have', async (t) => {
    const folder = path.join(tempDir(t), 'deep'.repeat(40));
    fs.mkdirSync(folder);
    const { server } = await served(t, folder);
    assert.ok(Buffer.byteLength(server.socketPath) < 104);
    const client = await ControlClient.connect(folder, 'test');
    client.close();
  });

  it('has a named pipe for each folder on Windows', () => {
    const a = controlPaths('/a', 'win32').socket;
    assert.match(a, /^\\\\\.\\pipe\\tickdeck-[0-9a-f]{24}$/);
    assert.notEqual(a, controlPaths('/b', 'win32').socket);
  });
});

function hello(more: Record<string, unknown>): string {
  return `${JSON.stringify({ id: 1, kind: 'hello', version: 1, token: '', name: '', ...more })}\n`;
}
