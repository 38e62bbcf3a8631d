/**
 * host-events: drains the host ring: answers to commands, decisions, fills, changes of state.
 *
 * Reader of the host ring: this alone. Terminals are told at human pace: above DECISIONS_PER_ROUND
 * the older ones are left out of the broadcast (all of them are in the journal).
 * Imports   contract, core, domain, memory.
 */
import type { ServerMessage } from '../contract/events.ts';
import { TradingState } from '../domain/modes.ts';
import { Verdict } from '../domain/verdict.ts';
import { SlotKind } from '../memory/slots.ts';
import type { EngineHost } from './engine-host.ts';
import { decisionEvent, fillEvent } from './event-decoder.ts';
import type { EventContext } from './event-decoder.ts';
import { tradingStateName, verdictName } from './status-builder.ts';

const RECORDS_PER_ROUND = 4096;
const DECISIONS_PER_ROUND = 4;

export class HostEvents {
  readonly #engine: EngineHost;
  readonly #broadcast: (message: ServerMessage) => void;
  readonly #context: EventContext;

  constructor(engine: EngineHost, broadcast: (message: ServerMessage) => void) {
    this.#engine = engine;
    this.#broadcast = broadcast;
    this.#context = {
      instruments: engine.instruments,
      anchorWallMs: engine.start.session.startWallMs,
      clientIds: engine.clientIds,
    };
  }

  drain(): void {
    const ring = this.#engine.views.hostRing;
    const decisions: ServerMessage[] = [];
    let isChanged = false;
    let at = ring.peek();
    for (let k = 0; at >= 0 && k < RECORDS_PER_ROUND; k++) {
      isChanged = this.#record(ring.words, ring.doubles, at, decisions) || isChanged;
      ring.advance();
      at = ring.peek();
    }
    ring.release();
    for (const message of decisions.slice(-DECISIONS_PER_ROUND)) this.#broadcast(message);
    if (isChanged) this.#engine.statusNow();
  }

  /** True when a person should see the new status at once. */
  #record(
    words: Int32Array,
    doubles: Float64Array,
    at: number,
    decisions: ServerMessage[],
  ): boolean {
    const header = words[at * 2]!;
    const instrument = header >>> 16;
    switch (header & 0xff) {
      case SlotKind.CommandAck: {
        const refused = words[at * 2 + 1] === 1;
        this.#engine.relay.onAck(doubles[at + 1]!, refused, doubles[at + 2]!);
        return true;
      }
      case SlotKind.Decision: {
        const decision = decisionEvent(this.#context, instrument, doubles, at);
        const message: ServerMessage = { type: 'decision', decision };
        // Entries and what a person asked are always told, vetoes only the newest few of a round.
        if (decision.entered || decision.strategy === 'hand') this.#broadcast(message);
        else decisions.push(message);
        return decision.entered;
      }
      case SlotKind.Fill:
        this.#broadcast({ type: 'fill', fill: fillEvent(this.#context, instrument, doubles, at) });
        return true;
      case SlotKind.OrderPlaced:
        this.#engine.handTroubles.placed(instrument, doubles, at);
        return true;
      case SlotKind.OrderChange:
        this.#engine.handTroubles.changed(doubles, at);
        return true;
      case SlotKind.StateChange:
        this.#stateChanged((header >>> 8) & 0xff, words[at * 2 + 1]!, doubles[at + 2]!);
        return true;
      case SlotKind.Gap:
        this.#engine.alerts.once(
          'warn',
          'host-ring',
          'the screen missed events; the journal has them',
        );
        return false;
      default:
        return false;
    }
  }

  #stateChanged(state: number, scope: number, reason: number): void {
    const engine = this.#engine;
    if (scope !== 0) return;
    const isRestricted = state === TradingState.Halted || state === TradingState.Reducing;
    if (!isRestricted) {
      if (state === TradingState.Armed || reason === Verdict.PASS) engine.stateReason = '';
      return;
    }
    engine.restrictedAtMs = Date.now();
    const name = tradingStateName(state);
    const why = reason === Verdict.PASS ? 'KILL' : verdictName(reason);
    if (state === TradingState.Halted) engine.latchHalt(`${name}: ${why}`);
    else engine.stateReason = `${name}: ${why}`;
    engine.alerts.add('danger', name.toLowerCase(), engine.stateReason);
  }
}
