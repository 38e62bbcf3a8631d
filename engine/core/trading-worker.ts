/**
 * trading-worker: entry of the trading thread. Started once and kept; ends when told to.
 *
 * In    workerData: TradingJob; messages HostMessage. Out: messages TradingMessage.
 * A failed assertion ends the thread: the host sees it go, raises the fence and cancels everything.
 * Imports   core.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../base/assert.ts';
import { TapeLoop } from './tape-loop.ts';
import type { HostMessage, TradingJob, TradingMessage } from './trading-job.ts';
import { TradingLoop } from './trading-loop.ts';

assert(parentPort !== null, 'the trading worker runs as a worker');
const port = parentPort;
const job = workerData as TradingJob;
const tell = (message: TradingMessage): void => port.postMessage(message);
const loop = job.tape === null ? new TradingLoop(job, tell) : new TapeLoop(job, job.tape, tell);

port.on('message', (message: HostMessage) => {
  if (message.kind !== 'stop') {
    loop.handle(message);
    return;
  }
  loop.stop();
  tell({ kind: 'stopped' });
  port.close();
});

loop.start();
