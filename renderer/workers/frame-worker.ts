/**
 * frame-worker: entry of the worker that owns the socket to the engine.
 *
 * Market frames go straight into shared memory and are paid for with a credit; text goes to the
 * window as it is. When the connection is lost it is made again, with growing pauses.
 *
 * Imports   ./link-socket, live/worker-protocol.
 */
import type { ToWorker } from '../live/worker-protocol.ts';
import { LinkSocket } from './link-socket.ts';

let socket: LinkSocket | null = null;

self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.kind) {
    case 'open':
      socket = new LinkSocket(message, (answer) => self.postMessage(answer));
      socket.connect();
      break;
    case 'send':
      socket?.send(message.text);
      break;
    case 'visible':
      socket?.setVisible(message.visible);
      break;
    case 'retry':
      socket?.retryNow();
      break;
    case 'stop':
      socket?.stop();
      break;
  }
});
