/**
 * http-get: one GET over node:http(s), whole body as text. Small, and quick to give up.
 *
 * Errors    EngineError 'venue/unreachable' for anything but an answer.
 * Imports   node:http, node:https, base.
 */
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { EngineError, messageOf } from '../base/errors.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;

export async function httpGet(url: string, timeoutMs: number): Promise<HttpAnswer> {
  try {
    return await answerOf(url, timeoutMs);
  } catch (error) {
    const { origin } = new URL(url);
    const message = `${origin}: ${messageOf(error)}; check the endpoint and the network`;
    throw new EngineError('venue/unreachable', message, { url }, error);
  }
}

function answerOf(url: string, timeoutMs: number): Promise<HttpAnswer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { method: 'GET', signal: AbortSignal.timeout(timeoutMs) });
    request.on('error', reject);
    request.on('response', (response) => {
      bodyOf(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, reject);
    });
    request.end();
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`the answer exceeds ${BODY_BYTES_MAX} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
