/**
 * trading-core: the pipeline with the desk of commands: what every driver drives.
 *
 *   set clock → begin → { command | restore | market | orderEvent }* → decide → set clock[EndNs] →
 *   end
 *
 * Drivers   core/trading-loop (sockets), replay/session-replay (a journal), replay/virtual-session
 *           (the exchange core under virtual time), replay/tape-session (a tape and paper fills).
 * Hot path: no allocation.
 * Imports   core, journal, memory.
 */
import { BlobKind, writeBlob } from '../journal/blob.ts';
import type { MarketBatch } from '../memory/market-record.ts';
import type { SlotSink } from '../memory/slots.ts';
import { CommandDesk } from './command-desk.ts';
import type { PipelineOptions } from './pipeline-options.ts';
import { Pipeline } from './pipeline.ts';
import type { PipelineParts } from './pipeline.ts';

export class TradingCore {
  readonly pipeline: Pipeline;
  readonly commands: CommandDesk;
  readonly clock: Float64Array;

  constructor(options: PipelineOptions, parts: PipelineParts) {
    this.pipeline = new Pipeline(options, parts);
    this.commands = new CommandDesk(this.pipeline);
    this.clock = this.pipeline.clock;
  }

  /** The session's options as the first record of its journal. Before the first turn. */
  static writeHeader(journal: SlotSink, options: PipelineOptions): boolean {
    const isWritten = writeBlob(journal, BlobKind.SessionHeader, JSON.stringify(options));
    journal.publish();
    return isWritten;
  }

  begin(kind: number): void {
    this.pipeline.beginTurn(kind);
  }

  market(batch: MarketBatch): void {
    this.pipeline.market(batch);
  }

  orderEvent(words: Int32Array, doubles: Float64Array, base: number): void {
    this.pipeline.orderEvent(words, doubles, base);
  }

  command(words: Int32Array, doubles: Float64Array, base: number): void {
    this.pipeline.desk.hasScalpNews = true;
    this.commands.apply(words, doubles, base);
  }

  restoreScalp(words: Int32Array, doubles: Float64Array, base: number): boolean {
    this.pipeline.desk.hasScalpNews = true;
    return this.commands.restoreScalp(words, doubles, base);
  }

  decide(): void {
    this.pipeline.decide();
    this.commands.flattenRest();
  }

  end(): void {
    this.pipeline.endTurn();
  }
}
