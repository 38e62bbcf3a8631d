/**
 * fake-control: a control handler that remembers what was asked, with a real lease behind it.
 *
 * Imports   engine/contract, engine/runtime/control, test/support.
 */
import type { Ack, Command } from '../../../../engine/contract/commands.ts';
import type { EngineStatus, KillReport } from '../../../../engine/contract/status.ts';
import { Lease } from '../../../../engine/runtime/control/lease.ts';
import type { ControlHandler, LeaseResult } from '../../../../engine/runtime/control/protocol.ts';
import { buildStatus, type FakeState } from '../../../support/fake-status.ts';

export class FakeControl implements ControlHandler {
  readonly session = '20261122-121314-test';
  readonly mode = 'sim';
  readonly version = 'tickdeck test';
  readonly leaseMs: number;
  readonly commands: Command[] = [];
  readonly leaseEnds: string[] = [];
  readonly #lease: Lease;
  kill: KillReport | null = null;
  armed = false;

  constructor(leaseMs = 3_000) {
    this.leaseMs = leaseMs;
    this.#lease = new Lease(leaseMs, (end, who) => this.leaseEnds.push(`${who} ${end}`));
  }

  status(): EngineStatus {
    const now = Date.now();
    const holder = this.leaseHolder();
    const state: FakeState = {
      session: this.session,
      mode: this.mode,
      state: this.armed ? 'ARMED' : 'DISARMED',
      stateReason: '',
      armed: new Set(),
      closed: new Set(),
      stale: new Set(),
      kill: this.kill,
      alerts: [],
      isEmpty: true,
      startedAtMs: now - 1_000,
    };
    const lease = { held: holder !== null, holder, leftMs: 0, mine: false };
    return { ...buildStatus(state, [], lease, now), kill: this.kill };
  }

  async execute(command: Command, holdsLease: boolean): Promise<Ack> {
    this.commands.push(command);
    const { id, kind } = command;
    if (kind === 'arm' && !holdsLease) {
      return { id, kind, outcome: 'refused', reason: 'arming needs the supervision lease' };
    }
    if (kind === 'arm') this.armed = true;
    if (kind === 'disarm') this.armed = false;
    if (kind === 'resume' && command.typed !== 'RESUME') {
      return { id, kind, outcome: 'refused', reason: 'type the word RESUME' };
    }
    return { id, kind, outcome: 'applied', reason: `${kind} done` };
  }

  acquireLease(who: string): LeaseResult {
    return this.#lease.acquire(who, performance.now());
  }

  renewLease(who: string): boolean {
    return this.#lease.renew(who, performance.now());
  }

  releaseLease(who: string): void {
    this.#lease.release(who);
  }

  leaseHolder(): string | null {
    return this.#lease.holder(performance.now());
  }
}
