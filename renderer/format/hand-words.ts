/**
 * hand-words: what was asked by hand, and why it was refused, as people read it.
 *
 * Imports   contract.
 */
import type { HandCommand } from '../../engine/contract/commands.ts';

/** "Buy 0.010 BTCUSDT at 64231.0", "Cancel bids BTCUSDT", "Unlock BTCUSDT". */
export function handWords(command: HandCommand): string {
  switch (command.kind) {
    case 'unlockLadder':
      return `${command.unlocked ? 'Unlock' : 'Lock'} ${command.symbol ?? 'every ladder'}`;
    case 'placeOrder': {
      const side = command.side === 'buy' ? 'Buy' : 'Sell';
      const take = command.timeInForce === 'ioc' ? ', taking' : '';
      return `${side} ${command.size} ${command.symbol} at ${command.price}${take}`;
    }
    case 'cancelOrder':
      return `Cancel ${command.clientId}`;
    case 'cancelOrders': {
      const whose = command.scope === 'all' ? ' of every owner' : '';
      const what = command.side === null ? 'all' : command.side === 'buy' ? 'bids' : 'asks';
      return `Cancel ${what}${whose} ${command.symbol ?? ''}`.trim();
    }
  }
}

const REASONS: Readonly<Record<string, string>> = {
  LADDER_LOCKED: 'the ladder is locked',
  STATE_FORBIDS: 'the state of the engine forbids it',
  ORDER_SIZE: 'larger than one order may be',
  ORDER_NOTIONAL: 'worth more than one order may be',
  POSITION_LIMIT: 'the position would be too large',
  GROSS_NOTIONAL: 'the exposure of the account would be too large',
  PRICE_COLLAR: 'too far through the market',
  REFERENCE_MISSING: 'a reference price is missing',
  STALE_DATA: 'the market data is old',
  OPEN_ORDERS: 'too many open orders',
  RATE_BUDGET: 'too many orders in a short time',
  DUPLICATE: 'the same order was just sent',
  REPEATED_EXECUTION: 'too many fills on one side; resume to go on',
  SELF_MATCH: 'it would trade with an own order',
  OTHER_OWNER: 'a strategy holds or works the other side',
  DAILY_LOSS: 'the loss of the day is at its limit',
  UNKNOWN_ORDER: 'the fate of an order here is unknown',
  REDUCE_ONLY_SIZE: 'there is less than that to reduce',
  FEED_NOT_SYNCED: 'the book is not in sync',
  FLATTENING: 'the instrument is being flattened',
  COMMAND_LATE: 'it came too late to be placed',
  LOOP_LAG: 'the trading thread is late',
  SOCKET_BUSY: 'the way to the venue is busy or down',
  LEASE_LOST: 'nobody is in control',
  JOURNAL_LOSS: 'the journal is losing records',
  VENUE_FILTER: 'the venue would not take it',
  FENCE: 'the fence is up: start the engine again',
  LIMIT_UNSET: 'a risk limit is not set',
};

/** "PRICE_COLLAR: too far through the market"; other reasons as they are. */
export function reasonWords(reason: string): string {
  const words = REASONS[reason];
  return words === undefined ? reason : `${reason}: ${words}`;
}
