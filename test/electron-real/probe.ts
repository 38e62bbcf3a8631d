/**
 * probe: sources of two small programs for the real Electron: a utility process with a worker
 * thread that shares memory with it. They are written to a folder and started there.
 *
 * Imports   node.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Answers by parentPort what a worker did to shared memory. */
const UTILITY = `
import { Worker } from 'node:worker_threads';
const shared = new SharedArrayBuffer(8);
const words = new Int32Array(shared);
const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: shared });
worker.once('error', (error) => process.parentPort.postMessage({ error: String(error) }));
worker.once('online', () => {
  const waited = Atomics.wait(words, 0, 0, 10_000);
  let refusal = 'went through';
  try { process.parentPort.postMessage(shared); } catch (error) { refusal = error.message; }
  const { node, electron, chrome, v8 } = process.versions;
  process.parentPort.postMessage({
    waited, value: Atomics.load(words, 1), refusal, versions: { node, electron, chrome, v8 },
  });
});
`;

const WORKER = `
import { workerData } from 'node:worker_threads';
const words = new Int32Array(workerData);
for (let i = 0; i < 1000; i++) Atomics.add(words, 1, 1);
Atomics.store(words, 0, 1);
Atomics.notify(words, 0);
`;

/** What the probe answers. */
export interface ProbeAnswer {
  readonly waited: string;
  readonly value: number;
  readonly refusal: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly error?: string;
}

/** The entry of the probe, written into `folder`. */
export function writeProbe(folder: string): string {
  writeFileSync(path.join(folder, 'worker.mjs'), WORKER);
  const entry = path.join(folder, 'utility.mjs');
  writeFileSync(entry, UTILITY);
  return entry;
}
