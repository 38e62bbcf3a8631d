/**
 * http: one request to a venue's REST interface, over kept-alive connections.
 *
 * Answers with status, headers and text whatever the status; fails with EngineError
 * 'venue/unreachable' when no complete answer came in time: the outcome is then unknown.
 *
 * Imports   node:http, node:https, base.
 */
import http from 'node:http';
import https from 'node:https';
import { EngineError, messageOf } from '../../../base/errors.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

const BODY_MAX_BYTES = 32 << 20;

export class HttpClient {
  readonly #plain = new http.Agent({ keepAlive: true, maxSockets: 4 });
  readonly #secure = new https.Agent({ keepAlive: true, maxSockets: 4 });

  send(request: HttpRequest): Promise<HttpResponse> {
    const isSecure = request.url.startsWith('https:');
    const options = {
      method: request.method,
      headers: request.headers,
      agent: isSecure ? this.#secure : this.#plain,
    };
    return new Promise((resolve, reject) => {
      const fail = (reason: string): void => {
        clearTimeout(timer);
        const where = request.url.replace(/\?.*$/, '');
        reject(
          new EngineError('venue/unreachable', `${request.method} ${where}: ${reason}`, {
            outcome: 'unknown',
          }),
        );
      };
      const call = (isSecure ? https : http).request(request.url, options, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > BODY_MAX_BYTES) call.destroy(new Error('the answer is too large'));
          else chunks.push(chunk);
        });
        response.on('error', (error) => fail(messageOf(error)));
        response.on('end', () => {
          clearTimeout(timer);
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        });
      });
      const timer = setTimeout(() => {
        call.destroy(new Error(`no answer within ${request.timeoutMs} ms`));
      }, request.timeoutMs);
      call.on('error', (error) => fail(messageOf(error)));
      call.end();
    });
  }

  close(): void {
    this.#plain.destroy();
    this.#secure.destroy();
  }
}
