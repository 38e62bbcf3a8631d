/**
 * frame-worker: entry of the worker that owns the connection to the engine, be it a socket or a
 * port that the desktop shell has handed to the window.
 *
 * Market frames go straight into shared memory and are paid for with a credit; text goes to the
 * window as it is. When the connection is lost it is made again, with growing pauses.
 *
 * Imports   ./link-connection, live/worker-protocol.
 */
import type { ToWorker } from '../live/worker-protocol.ts';
import { LinkConnection } from './link-connection.ts';

let connection: LinkConnection | null = null;

self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.kind) {
    case 'open':
      connection = new LinkConnection(message, (answer) => self.postMessage(answer));
      connection.connect();
      break;
    case 'send':
      connection?.send(message.text);
      break;
    case 'visible':
      connection?.setVisible(message.visible);
      break;
    case 'retry':
      connection?.retryNow();
      break;
    case 'port':
      if (event.ports[0] !== undefined) connection?.takePort(event.ports[0]);
      break;
    case 'stop':
      connection?.stop();
      break;
  }
});
