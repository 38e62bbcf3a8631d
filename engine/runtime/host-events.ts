/**
 * host-events: drains the host ring: answers to commands, decisions, fills, orders and scalps that
 * ended, changes of state. All of it is kept in history.
 *
 * Reader of the host ring: this alone. Terminals are told at human pace: above DECISIONS_PER_ROUND
 * the older ones are left out of the broadcast (their numbers show it, and history has them).
 * Imports   contract, core, domain, memory.
 */
import type { ServerMessage } from '../contract/events.ts';
import { TradingState } from '../domain/modes.ts';
import { Verdict } from '../domain/verdict.ts';
import { SlotKind } from '../memory/slots.ts';
import type { EngineHost } from './engine-host.ts';
import { tradingStateName, verdictName } from './status-builder.ts';

const RECORDS_PER_ROUND = 4096;
const DECISIONS_PER_ROUND = 4;

export class HostEvents {
  readonly #engine: EngineHost;
  readonly #broadcast: (message: ServerMessage) => void;

  constructor(engine: EngineHost, broadcast: (message: ServerMessage) => void) {
    this.#engine = engine;
    this.#broadcast = broadcast;
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
    const { history } = this.#engine;
    switch (header & 0xff) {
      case SlotKind.CommandAck: {
        const refused = words[at * 2 + 1] === 1;
        this.#engine.relay.onAck(doubles[at + 1]!, refused, doubles[at + 2]!);
        return true;
      }
      case SlotKind.Decision: {
        const decision = history.decision(instrument, doubles, at);
        const message: ServerMessage = { type: 'decision', decision };
        // Entries and what a person asked are always told, vetoes only the newest few of a round.
        if (decision.entered || decision.strategy === 'hand') this.#broadcast(message);
        else decisions.push(message);
        return decision.entered;
      }
      case SlotKind.Fill:
        this.#broadcast({ type: 'fill', fill: history.fill(instrument, doubles, at) });
        return true;
      case SlotKind.OrderEnded:
        this.#broadcast({ type: 'orderEnded', order: history.order(instrument, doubles, at) });
        return false;
      case SlotKind.ScalpEnded:
        this.#broadcast({ type: 'scalpClosed', scalp: history.scalp(instrument, doubles, at) });
        return true;
      case SlotKind.OrderPlaced:
        this.#engine.handTroubles.placed(instrument, doubles, at);
        return true;
      case SlotKind.OrderChange:
        this.#engine.handTroubles.changed(doubles, at);
        return true;
      case SlotKind.StateChange:
        this.#keepState(header, words[at * 2 + 1]!, doubles, at);
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

  #keepState(header: number, scope: number, doubles: Float64Array, at: number): void {
    const { history } = this.#engine;
    const state = (header >>> 8) & 0xff;
    const event = history.stateChange(state, scope, doubles[at + 2]!, doubles[at + 1]!);
    this.#broadcast({ type: 'event', event });
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
