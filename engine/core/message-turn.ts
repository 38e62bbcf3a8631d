/**
 * message-turn: one market frame, from the received buffer to the published turn.
 *
 * The stamp comes first, then commands, then the frame is decoded and handed to the core; see
 * loop-frame. Drivers own the socket or the recording that the frame comes from.
 *
 * Writer    the trading thread. Units: engine ns.
 * Hot path: receive. No allocation.
 * Imports   core, feeds, memory, telemetry.
 */
import type { FeedSession } from '../feeds/feed-session.ts';
import { TurnKind } from '../memory/slots.ts';
import { Counter } from '../telemetry/counters.ts';
import { Stage } from '../telemetry/stages.ts';
import type { LoopFrame } from './loop-frame.ts';

export class MessageTurn {
  readonly #frame: LoopFrame;
  readonly #feed: FeedSession;

  constructor(frame: LoopFrame, feed: FeedSession) {
    this.#frame = frame;
    this.#feed = feed;
  }

  /** The frame bytes[start, end); `health` is the driver's part. How many records it gave. */
  receive(bytes: Uint8Array, start: number, end: number, health: number): number {
    const frame = this.#frame;
    frame.counters.bump(Counter.Messages);
    frame.begin(TurnKind.Message, health);
    const rows = this.#feed.receive(bytes, start, end);
    if (frame.probe.isSampling) frame.probe.mark(Stage.Decode);
    if (rows > 0) {
      frame.core.market(this.#feed.batch);
      frame.noteTrades(this.#feed.batch);
    }
    frame.finish();
    return rows;
  }
}
