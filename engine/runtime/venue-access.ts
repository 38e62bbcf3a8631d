/**
 * venue-access: what the host needs of a venue, whichever it is: the simulated exchange over REST
 * (venue-desk), or nothing at all while a tape plays (paper-desk).
 *
 * Imports   domain, execution, memory (types).
 */
import type { Instrument } from '../domain/instrument.ts';
import type { CancelReport } from '../execution/venues/binance-usdm/cancel-only.ts';
import type { RingWriter } from '../memory/spsc-ring.ts';

export interface VenuePosition {
  readonly symbol: string;
  /** Signed decimal text. */
  readonly amount: string;
  readonly entryPrice: string;
}

export interface VenueAccess {
  /** Open positions of the account, of whatever instrument. */
  positions(): Promise<readonly VenuePosition[]>;
  /** Fetches a depth snapshot and lays it into the ring of the trading thread. */
  snapshot(instrument: Instrument, ring: RingWriter): Promise<void>;
  /** Renews the venue's dead-man's switch of each symbol; one line per failure. */
  countdown(symbols: readonly string[], windowMs: number): Promise<readonly string[]>;
  /** Cancels everything by a way of its own and looks until nothing is left. */
  cancelEverything(isBlocked: boolean): Promise<CancelReport>;
  close(): void;
}
