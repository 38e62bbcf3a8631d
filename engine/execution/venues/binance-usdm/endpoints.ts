/**
 * endpoints: where Binance USD-M is, and the guard that keeps SIM on this machine.
 *
 * Errors    EngineError 'venue/not-allowed' for an address that is not loopback.
 * Imports   base.
 */
import { EngineError } from '../../../base/errors.ts';

export interface UsdmEndpoints {
  /** e.g. https://fapi.binance.com */
  readonly rest: string;
  /** e.g. wss://ws-fapi.binance.com/ws-fapi/v1 */
  readonly wsApi: string;
  /** e.g. wss://fstream.binance.com/private */
  readonly privateStream: string;
}

/** Endpoints of a server under one http base, as the simulated exchange lays them out. */
export function endpointsOf(httpBase: string): UsdmEndpoints {
  const base = httpBase.replace(/\/+$/, '');
  const ws = base.replace(/^http/, 'ws');
  return { rest: base, wsApi: `${ws}/ws-fapi/v1`, privateStream: `${ws}/private` };
}

const LOOPBACK_NAMES = new Set(['localhost', '[::1]', '::1']);

export function isLoopback(url: string): boolean {
  let host: string;
  try {
    host = new URL(url).hostname;
  } catch {
    return false;
  }
  return LOOPBACK_NAMES.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Throws unless every endpoint lies on this machine. */
export function assertLoopback(endpoints: UsdmEndpoints): void {
  for (const url of [endpoints.rest, endpoints.wsApi, endpoints.privateStream]) {
    if (isLoopback(url)) continue;
    throw new EngineError(
      'venue/not-allowed',
      `SIM mode talks to this machine only; "${url}" is not loopback: use 127.0.0.1`,
      { url },
    );
  }
}
