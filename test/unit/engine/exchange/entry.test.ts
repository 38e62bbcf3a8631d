/** entry: the exchange as a process: its one line, its port file, its ends. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, it, type TestContext } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { parseEntryArguments } from '../../../../engine/exchange/entry.ts';
import { repositoryRoot } from '../../../support/repository.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const ENTRY = path.join(repositoryRoot, 'engine/exchange/entry.ts');

interface Ran {
  readonly child: ChildProcess;
  out: string;
  err: string;
  code: number | null;
}

function run(t: TestContext, args: readonly string[]): Ran {
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ran: Ran = { child, out: '', err: '', code: null };
  child.stdout?.on('data', (chunk: Buffer) => {
    ran.out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    ran.err += chunk.toString();
  });
  child.on('exit', (code) => {
    ran.code = code ?? -1;
  });
  t.after(() => child.kill('SIGKILL'));
  return ran;
}

/** What bad usage is told; empty when the arguments are good. */
function message(...args: string[]): string {
  try {
    parseEntryArguments(args);
  } catch (error) {
    assert.ok(error instanceof EngineError && error.code === 'usage/invalid');
    assert.ok(!error.message.includes('\n'));
    return error.message;
  }
  return '';
}

describe('exchange entry', () => {
  it('prints one line, writes the port file, serves, and ends cleanly on SIGTERM', async (t) => {
    const portFile = path.join(tempDir(t), 'exchange.json');
    const args = [
      '--port',
      '0',
      '--seed',
      '9',
      '--portfile',
      portFile,
      '--symbols',
      'ethusdt,ADAUSDT',
    ];
    const ran = run(t, args);
    await until(() => ran.out.includes('\n'), { what: 'the line', timeoutMs: 10_000 });
    const line = JSON.parse(ran.out) as { url: string; pid: number; port: number; seed: number };
    assert.deepEqual([line.pid, line.seed], [ran.child.pid, 9]);
    assert.equal(readFileSync(portFile, 'utf8'), ran.out);
    const info = (await (await fetch(`${line.url}/fapi/v1/exchangeInfo`)).json()) as {
      symbols: { symbol: string }[];
    };
    assert.deepEqual(
      info.symbols.map((s) => s.symbol),
      ['ETHUSDT', 'ADAUSDT'],
    );
    const second = run(t, ['--port', String(line.port)]);
    await until(() => second.code !== null, { what: 'the second to fail', timeoutMs: 10_000 });
    assert.equal(second.code, 1);
    assert.match(second.err, /^port \d+ on 127\.0\.0\.1 is in use; choose another or 0\n$/);
    ran.child.kill('SIGTERM');
    await until(() => ran.code !== null, { what: 'the end' });
    assert.equal(ran.code, 0);
    assert.ok(!existsSync(portFile));
  });

  it('ends by itself once idle', async (t) => {
    const ran = run(t, ['--idle-exit-seconds', '1']);
    await until(() => ran.code !== null, { what: 'the idle end', timeoutMs: 10_000 });
    assert.equal(ran.code, 0);
  });

  it('refuses bad usage in one line that names it', () => {
    assert.match(message('--port', '70000'), /--port must be a whole number from 0 to 65535/);
    assert.match(message('--rate', '99'), /--rate must be a whole number from 100 to 20000/);
    assert.match(message('--symbols', 'BTCUSDT,MOON'), /does not list "MOON"; it lists BTCUSDT/);
    assert.match(message('--symbols', 'BTCUSDT,btcusdt'), /names one twice/);
    assert.match(message('--faults', '{"x":1}'), /unknown fault 'x'/);
    assert.match(message('--fast'), /fast/);
    assert.equal(message('--seed', '3', '--rate', '500'), '');
  });
});
