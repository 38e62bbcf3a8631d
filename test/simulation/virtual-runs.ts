/**
 * virtual-runs: runs of the whole engine under virtual time, and what must hold at their end.
 *
 * Everything that is checked is answered as a list of lines, so that a test can show that the check
 * itself can fail.
 *
 * Imports   engine (core, domain, execution, memory, portfolio, replay).
 */
import { CommandCode } from '../../engine/core/command-codes.ts';
import type { PipelineOptions } from '../../engine/core/pipeline-options.ts';
import { E8 } from '../../engine/domain/units.ts';
import { OrderCounter } from '../../engine/execution/order-timing.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import { slotsOfRecord } from '../../engine/memory/slot-length.ts';
import { SLOT_DOUBLES, SLOT_WORDS, SlotKind } from '../../engine/memory/slots.ts';
import type { SlotSink } from '../../engine/memory/slots.ts';
import { SessionReplay, type ReplayReport } from '../../engine/replay/session-replay.ts';
import { VirtualSession } from '../../engine/replay/virtual-session.ts';

export const ARMED_AT_MS = 2_000;
const STEP_MS = 100;
const FLAT_WITHIN_MS = 15_000;
/** One slot: decisions, orders and so on; markers and market records are not outputs. */
const FIRST_OUTPUT = SlotKind.Decision;
const LAST_OUTPUT = SlotKind.Fill;

/** A fault of the exchange from a time on. */
export type FaultAt = readonly [ms: number, faults: Readonly<Record<string, unknown>>];

export interface VirtualRun {
  readonly session: VirtualSession;
  /** Kinds of records and how many of each the journal holds. */
  readonly kinds: ReadonlyMap<number, number>;
  /** One line for each number in an output that is not finite. */
  readonly badNumbers: readonly string[];
  /** The journal through the pipeline again. Ends the run's journal. */
  replay(): ReplayReport;
}

export interface VirtualRunOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly faults?: readonly FaultAt[];
  readonly pipeline?: Partial<PipelineOptions>;
}

/** Everything armed from ARMED_AT_MS to the end. */
export function runVirtual({
  seed,
  seconds,
  faults = [],
  pipeline,
}: VirtualRunOptions): VirtualRun {
  const kinds = new Map<number, number>();
  const badNumbers: string[] = [];
  const replay = new SessionReplay();
  const journal = new SlotBuffer(65_536, (words, doubles, count) => {
    look(words, doubles, count, kinds, badNumbers);
    replay.feed(words, doubles, count);
  });
  const session = start(seed, journal, pipeline);
  session.runTo(ARMED_AT_MS);
  session.command(CommandCode.Arm);
  for (const [ms, patch] of faults) {
    session.runTo(ms);
    session.exchange.setFaults(patch);
  }
  session.runTo(seconds * 1000);
  return {
    session,
    kinds,
    badNumbers,
    replay: () => {
      journal.flush();
      return replay.finish();
    },
  };
}

export function start(
  seed: number,
  journal: SlotSink,
  pipeline: Partial<PipelineOptions> = {},
): VirtualSession {
  return new VirtualSession({ seed, journal, pipeline });
}

/** Disarms, flattens and runs until nothing rests and nobody holds anything; the ms it took. */
export function windDown(session: VirtualSession): number {
  session.command(CommandCode.Disarm);
  session.command(CommandCode.Flatten);
  const startMs = session.nowMs;
  const { table, keeper, instruments } = session.core.pipeline;
  while (session.nowMs - startMs < FLAT_WITHIN_MS) {
    session.runTo(session.nowMs + STEP_MS);
    const isHeld = instruments.some((_, index) => keeper.totalLots(index) !== 0);
    if (table.activeCount === 0 && !isHeld) return session.nowMs - startMs;
  }
  return Infinity;
}

interface AccountTruth {
  readonly startWallet: string;
  readonly wallet: string;
  readonly realised: string;
  readonly fees: string;
  readonly balanced: boolean;
  readonly positions: readonly { readonly symbol: string; readonly amount: string }[];
  readonly openOrders: readonly { readonly clientOrderId: string }[];
}

/** What the exchange itself says of the only account. */
export function accountOf(session: VirtualSession): AccountTruth {
  const state = JSON.parse(session.exchange.stateText()) as { accounts: AccountTruth[] };
  return state.accounts[0]!;
}

/** "-12.5" → −1250000000n: exact. */
export function unitsE8(text: string): bigint {
  const match = /^(-?)(\d+)\.(\d{8})$/.exec(text);
  if (match === null) throw new Error(`"${text}" is no amount with eight decimals`);
  const units = BigInt(match[2]! + match[3]!);
  return match[1] === '-' ? -units : units;
}

/** Where our own books and the exchange's account differ, to the last unit; [] when nowhere. */
export function accountDifferences(session: VirtualSession): string[] {
  const { keeper } = session.core.pipeline;
  const truth = accountOf(session);
  const realised = BigInt(keeper.totals[0]!);
  const fees = BigInt(keeper.totals[1]!);
  const wallet = unitsE8(truth.startWallet) + realised - fees;
  const pairs: readonly [string, bigint, bigint][] = [
    ['realised', realised, unitsE8(truth.realised)],
    ['fees', fees, unitsE8(truth.fees)],
    ['wallet', wallet, unitsE8(truth.wallet)],
  ];
  const lines = pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([name, ours, theirs]) => `${name}: ${ours} is not ${theirs}`);
  if (!truth.balanced) lines.push('the exchange says that its own account is not balanced');
  return [...lines, ...positionDifferences(session, truth)];
}

function positionDifferences(session: VirtualSession, truth: AccountTruth): string[] {
  const { keeper, instruments } = session.core.pipeline;
  return instruments.flatMap((instrument, index) => {
    const theirs = truth.positions.find(({ symbol }) => symbol === instrument.symbol);
    const ours = instrument.sizeText(keeper.totalLots(index));
    const isSame = Number(theirs?.amount ?? '0') === Number(ours);
    return isSame ? [] : [`${instrument.symbol}: ${ours} is not ${theirs?.amount ?? '0'}`];
  });
}

/** What may never happen, whatever the venue does; [] when nothing of it did. */
export function brokenLaws(run: VirtualRun): string[] {
  const { pipeline } = run.session.core;
  const { manager, exits, desk, keeper, instruments } = pipeline;
  const counts: readonly [string, number][] = [
    ['illegal order transitions', manager.counters[OrderCounter.IllegalTransitions]!],
    ['overfills', manager.counters[OrderCounter.Overfills]!],
    ['illegal scalp transitions', exits.table.illegalTransitions],
    ['orphan fills', exits.orphanFills],
    ['excess lots', exits.excessLots],
    ['external fills', desk.counts.externalFills],
    ['intents dropped', desk.intents.dropped],
    ['gap markers', run.kinds.get(SlotKind.Gap) ?? 0],
  ];
  const lines = counts.filter(([, count]) => count !== 0).map(([what, n]) => `${n} ${what}`);
  for (const [index, instrument] of instruments.entries()) {
    if (keeper.mismatch(index) !== 0) lines.push(`${instrument.symbol}: owners and venue differ`);
  }
  return [...lines, ...run.badNumbers];
}

/** Net result in quote units. */
export function netOf(session: VirtualSession): number {
  return session.core.pipeline.keeper.netRealisedE8() / E8;
}

function look(
  words: Int32Array,
  doubles: Float64Array,
  count: number,
  kinds: Map<number, number>,
  badNumbers: string[],
): void {
  for (let slot = 0; slot < count;) {
    const kind = words[slot * SLOT_WORDS]! & 0xff;
    const slots = slotsOfRecord(words, slot * SLOT_WORDS);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (kind >= FIRST_OUTPUT && kind <= LAST_OUTPUT) {
      // Double 0 is the header.
      for (let at = 1; at < slots * SLOT_DOUBLES; at++) {
        const value = doubles[slot * SLOT_DOUBLES + at]!;
        if (!Number.isFinite(value)) badNumbers.push(`kind ${kind}: double ${at} is ${value}`);
      }
    }
    slot += slots;
  }
}
