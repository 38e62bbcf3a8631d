/**
 * commands: the only way by which a panel or a key says anything to the engine.
 *
 * Each call makes an id and returns it; the answer appears in the commands store. Nothing on the
 * screen changes before the engine has said so.
 *
 * Imports   contract, link.
 */
import type { CandleRequest } from '../../engine/contract/candles.ts';
import type { Command, StrategyName } from '../../engine/contract/commands.ts';
import { engineLink } from '../link/engine-link.ts';

/** A command as its sender writes it: everything but the id. */
type Wish = Command extends infer C ? (C extends Command ? Omit<C, 'id'> : never) : never;

function ask(wish: Wish): string {
  const id = crypto.randomUUID();
  engineLink()?.ask({ ...wish, id });
  return id;
}

/** Null stands for every strategy, every instrument. */
export function arm(strategy: StrategyName | null, symbol: string | null): string {
  return ask({ kind: 'arm', strategy, symbol });
}

export function disarm(strategy: StrategyName | null, symbol: string | null): string {
  return ask({ kind: 'disarm', strategy, symbol });
}

export function kill(): string {
  return ask({ kind: 'kill' });
}

export function flatten(symbol: string | null): string {
  return ask({ kind: 'flatten', symbol });
}

export function closeScalp(scalpId: number): string {
  return ask({ kind: 'closeScalp', scalpId });
}

export function resume(typed: string): string {
  return ask({ kind: 'resume', typed });
}

/** A wish of the window itself: it is repeated after a reconnect and never shown as pending. */
export function watchLadders(symbols: readonly string[]): void {
  engineLink()?.watch([...new Set(symbols)].filter(Boolean), crypto.randomUUID());
}

/** Bars for a chart; false while there is no link. */
export function askCandles(request: CandleRequest): boolean {
  return engineLink()?.askCandles(request) ?? false;
}

export function takeControl(): void {
  engineLink()?.wantLease(true);
}

export function retryLink(): void {
  engineLink()?.retryNow();
}

/** Null: every ladder. */
export function unlockLadder(symbol: string | null, unlocked: boolean): string {
  return ask({ kind: 'unlockLadder', symbol, unlocked });
}

/** Price and size are exact decimals on the instrument's grid. */
export function placeOrder(order: Omit<Extract<Wish, { kind: 'placeOrder' }>, 'kind'>): string {
  return ask({ kind: 'placeOrder', ...order });
}

export function cancelOrder(clientId: string): string {
  return ask({ kind: 'cancelOrder', clientId });
}

/** Null: both sides. */
export function cancelOrders(
  symbol: string,
  side: 'buy' | 'sell' | null,
  scope: 'hand' | 'all',
): string {
  return ask({ kind: 'cancelOrders', symbol, side, scope });
}

/** REPLAY: how the tape plays. */
export function replay(action: 'play' | 'pause' | 'step' | 'nextDecision' | 'nextFill'): string {
  return ask({ kind: 'replay', action });
}

/** Times real time; 0 as fast as it goes. */
export function replaySpeed(value: number): string {
  return ask({ kind: 'replay', action: 'speed', value });
}

/** Epoch ms on the tape. An earlier time begins a fresh session, disarmed. */
export function replaySeek(atMs: number): string {
  return ask({ kind: 'replay', action: 'seek', value: atMs });
}
