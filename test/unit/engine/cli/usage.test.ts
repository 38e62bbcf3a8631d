/** What was typed wrong is one line and the right exit code, before anything runs. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { configOf } from '../../../../engine/cli/engine-launch.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { start } from '../control/cli-runs.ts';

describe('the configuration of a command', () => {
  it('follows its flags; a tape means a replay', (t) => {
    const base = tempDir(t);
    const config = configOf({
      'data-dir': base,
      symbols: 'BTCUSDT,ETHUSDT',
      seed: '9',
      rate: '500',
      set: ['orders.countdownMs=20000'],
    });
    assert.equal(config.mode, 'sim');
    assert.equal(config.dataFolder, path.join(base, 'sim-main'));
    assert.deepEqual(config.symbols, ['BTCUSDT', 'ETHUSDT']);
    assert.deepEqual([config.exchange.seed, config.exchange.messagesPerSecond], [9, 500]);
    assert.equal(config.orders.countdownMs, 20_000);
    assert.equal(configOf({ 'data-dir': base, tape: 'x.tape' }).mode, 'replay');
    assert.equal(configOf({ 'data-dir': base, tape: 'x.tape', mode: 'sim' }).mode, 'sim');
  });

  it('names what is wrong with it', (t) => {
    const base = { 'data-dir': tempDir(t) };
    for (const [flags, words] of [
      [{ seed: 'abc' }, /seed/],
      [{ rate: '1' }, /messagesPerSecond/],
      [{ set: ['orders.countdownMs=1'] }, /countdownMs/],
      [{ set: ['orders.countdwnMs=5000'] }, /countdownMs/],
      [{ mode: 'simm' }, /mode/],
    ] as const) {
      assert.throws(
        () => configOf({ ...base, ...flags }),
        (error) => error instanceof EngineError && words.test(error.message),
        JSON.stringify(flags),
      );
    }
  });
});

/** The only line of a text. */
function lineOf(text: string): string {
  const lines = text.trimEnd().split('\n');
  assert.equal(lines.length, 1, text);
  return lines[0]!;
}

describe('a command that was typed wrong', { concurrency: true }, () => {
  for (const [args, code, line] of [
    [['headless', '--mode', 'live'], 1, /^tickdeck headless: --mode live .* use sim or replay$/],
    [['headless', '--mode', 'replay'], 2, /a replay needs a tape: add --tape FILE/],
    [['headless', '--tape', 'no.tape', '--speed', '2000'], 2, /--speed 2000: give 0\.1 to 1000/],
    [['headless', '--seconds', 'ten'], 2, /--seconds ten: give a number/],
    [['headless', '--nonsense'], 2, /nonsense/],
    [['serve', '--port', '70000'], 2, /--port 70000: give a whole number from 0 to 65535/],
    [['replay', '--session', 'x'], 1, /no journal of session x/],
    [['nonsense'], 2, /there is no command "nonsense"; there are start, serve, /],
  ] as const) {
    it(`tickdeck ${args.join(' ')}`, async (t) => {
      const base = tempDir(t);
      const run = start(t, base, ...args);
      assert.equal(await run.code, code, run.output.err);
      assert.match(lineOf(run.output.err), line);
      assert.equal(run.output.out, '');
      const made = readdirSync(base).filter((name) => name.startsWith('sim-'));
      assert.deepEqual(made, [], 'no exchange was started');
    });
  }

  it('headless on a tape that is none, and one that is not there', async (t) => {
    const base = tempDir(t);
    const file = path.join(base, 'bad.tape');
    writeFileSync(file, 'this is no tape at all, but it is long enough to look at. '.repeat(10));
    const bad = start(t, base, 'headless', '--tape', file);
    assert.equal(await bad.code, 1, bad.output.err);
    assert.match(lineOf(bad.output.err), /bad\.tape/);
    // One after the other: two engines may not share a data folder.
    const gone = start(t, base, 'headless', '--tape', `${file}.gone`);
    assert.equal(await gone.code, 1, gone.output.err);
    assert.match(lineOf(gone.output.err), /bad\.tape\.gone/);
  });
});
