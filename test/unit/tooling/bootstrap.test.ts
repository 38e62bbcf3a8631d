/**
 * bootstrap.test: a program started through the bootstrap keeps its exit code, its output and its
 * signals, and the bootstrap itself writes nothing to stdout.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { repositoryRoot } from '../../support/repository.ts';
import { tempDir } from '../../support/temp-dir.ts';

/** A script that runs `program` in the foreground and takes over its exit code. */
function driverOf(t: TestContext, program: string): string {
  const file = path.join(tempDir(t), 'driver.mjs');
  const bootstrap = JSON.stringify(path.join(repositoryRoot, 'scripts', 'bootstrap.mjs'));
  const args = JSON.stringify(['-e', program]);
  writeFileSync(
    file,
    `import { ensureInstalled, productNode, runForeground } from ${bootstrap};
    await ensureInstalled();
    process.exitCode = await runForeground(productNode(), ${args});`,
  );
  return file;
}

function runDriver(t: TestContext, program: string): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [driverOf(t, program)], { encoding: 'utf8' });
}

describe('the bootstrap', () => {
  it('keeps the exit code and adds nothing to stdout', (t) => {
    const { status, stdout } = runDriver(t, "console.log('only this'); process.exit(7)");
    assert.equal(stdout, 'only this\n');
    assert.equal(status, 7);
  });

  it('answers 128 and the number of the signal that ended the program', (t) => {
    const { status } = runDriver(t, "process.kill(process.pid, 'SIGKILL')");
    assert.equal(status, 137);
  });

  it('runs the product on Node 24 or newer', (t) => {
    const { stdout } = runDriver(t, 'console.log(process.versions.node)');
    assert.ok(Number(stdout.split('.')[0]) >= 24, stdout);
  });

  it('puts the tools of the product first in PATH', (t) => {
    const { stdout } = runDriver(t, 'console.log(process.env.PATH)');
    assert.ok(stdout.includes(path.join(repositoryRoot, 'node_modules', '.bin')), stdout);
  });

  it('passes signals on', async (t) => {
    const program =
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); " +
      "console.log('ready')";
    const child = spawn(process.execPath, [driverOf(t, program)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    child.stdout.once('data', () => child.kill('SIGTERM'));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 5);
  });
});
