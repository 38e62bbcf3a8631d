/**
 * words: names from the engine as people read them.
 *
 * Imports   domain, contract.
 */
import type { SignalName } from '../../engine/domain/readings.ts';
import type { StrategyName } from '../../engine/contract/commands.ts';

export const SIGNAL_WORDS: Readonly<Record<SignalName, string>> = {
  momentum: 'Momentum',
  acceleration: 'Acceleration',
  'order-flow': 'Order flow',
  'volume-spike': 'Volume spike',
  'book-imbalance': 'Book imbalance',
  'ema-crossover': 'EMA crossover',
  'rsi-divergence': 'RSI divergence',
  spread: 'Spread',
};

const SIGNAL_SHORT: Readonly<Record<SignalName, string>> = {
  momentum: 'momentum',
  acceleration: 'accel',
  'order-flow': 'flow',
  'volume-spike': 'volume',
  'book-imbalance': 'imbalance',
  'ema-crossover': 'EMA',
  'rsi-divergence': 'RSI',
  spread: 'spread',
};

export function signalsShort(signals: readonly SignalName[]): string {
  return signals.map((signal) => SIGNAL_SHORT[signal] ?? signal).join(' · ');
}

export const STRATEGY_WORDS: Readonly<Record<StrategyName, string>> = {
  scalper: 'Scalper',
  'market-making': 'Market maker',
};

export const MODE_WORDS: Readonly<Record<string, string>> = {
  sim: 'SIM EXCHANGE',
  replay: 'REPLAY',
  paper: 'PAPER',
  live: 'LIVE',
};

const QUOTE_ASSETS = ['USDT', 'USDC', 'FDUSD', 'BUSD', 'USD', 'BTC'];

/** "BTCUSDT" → "BTC" where the quote asset is a usual one. */
export function baseOf(symbol: string): string {
  for (const quote of QUOTE_ASSETS) {
    if (symbol.endsWith(quote) && symbol.length > quote.length) {
      return symbol.slice(0, -quote.length).replace(/[-_/]$/, '');
    }
  }
  return symbol;
}

/** EDGE_BELOW_COST → "edge below cost". */
export function verdictWords(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
