/**
 * frame-case: one frame for one terminal, built and posted to another thread.
 *
 * Whoever calls says how a frame is built. Posting copies it; what a carrier does with it
 * afterwards is not in the figure.
 *
 * Imports   node:worker_threads, ./measure.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { timeLoop } from './measure.ts';
import type { BenchCase, BenchLoop } from './measure.ts';

const CALLS = 2000;
const NS_PER_US = 1000;

/** `build` makes the next frame. */
export function frameCase(build: () => ArrayBuffer): BenchCase {
  const { port1, port2 } = new MessageChannel();
  const post: BenchLoop = (from, to) => {
    for (let call = from; call < to; call++) port1.postMessage(build());
  };
  const take = (): void => {
    while (receiveMessageOnPort(port2) !== undefined);
  };
  port1.unref();
  port2.unref();
  return {
    ids: ['frame.build'],
    round() {
      const ns = timeLoop(CALLS, post);
      take();
      return [ns / NS_PER_US];
    },
  };
}
