/**
 * trading-worker: entry of the trading thread. Started once and kept; ends when told to.
 *
 * In    workerData: TradingJob; messages HostMessage. Out: messages TradingMessage.
 * A failed assertion ends the thread: the host sees it go, raises the fence and cancels everything.
 * Imports   core.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { HostMessage, TradingJob } from './trading-job.ts';
import { TradingLoop } from './trading-loop.ts';

const port = parentPort!;
const loop = new TradingLoop(workerData as TradingJob, (message) => port.postMessage(message));

port.on('message', (message: HostMessage) => {
  switch (message.kind) {
    case 'watch':
      loop.watch(message.instruments);
      return;
    case 'clockOffset':
      loop.setClockOffset(message.ms);
      return;
    case 'snapshotFailed':
      loop.snapshotFailed(message.instrument);
      return;
    case 'stop':
      loop.stop();
      port.postMessage({ kind: 'stopped' });
      port.close();
      return;
  }
});

loop.start();
