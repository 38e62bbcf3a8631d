/**
 * reconcile: after a crash, what the journal says was open against what the venue says is open.
 *
 * Where what scalps, quoter and hand held is the venue's position, each has its own again and
 * protective exits go on; what was traded by hand is a person's to close. Where they differ, or the
 * journal knows nothing of a position, nobody owns it: it goes to the hand, is shown as
 * unprotected, and the engine stays HALTED until a person has looked.
 *
 * Imports   base, core, domain, journal, memory.
 */
import { CommandCode, CommandField, scopeInstrument } from '../core/command-codes.ts';
import { parsePipelineOptions } from '../core/pipeline-options.ts';
import { Instrument } from '../domain/instrument.ts';
import type { InstrumentSpec } from '../domain/instrument.ts';
import { Owner } from '../domain/modes.ts';
import { Scalp, SCALP_SIZE, SCALPS_MAX } from '../domain/scalp.ts';
import { JournalReader } from '../journal/journal-reader.ts';
import { BlobKind, readBlob } from '../journal/blob.ts';
import { FillField, SLOT_DOUBLES, SlotKind } from '../memory/slots.ts';
import type { VenuePosition } from './venue-access.ts';

/** What a session's journal says was open when it ended. */
export interface JournaledExposure {
  readonly session: string;
  readonly anchorWallMs: number;
  readonly symbols: readonly string[];
  /** Rows of scalps with open lots, by symbol index of that session. */
  readonly scalps: readonly Float64Array[];
  /** Signed lots of the quoter by instrument of that session, and its average entry. */
  readonly inventory: readonly Holding[];
  /** The same of what was traded by hand. */
  readonly hand: readonly Holding[];
  readonly warnings: readonly string[];
}

/** Signed lots and their average entry. */
export interface Holding {
  readonly lots: number;
  readonly entryTicks: number;
}

const FLAT: Holding = { lots: 0, entryTicks: 0 };

export interface RestoredScalp {
  readonly row: Float64Array;
}

export interface RestoredInventory {
  readonly instrument: number;
  readonly owner: number;
  readonly lots: number;
  readonly entryTicks: number;
  /** False: the hand has it because nobody else claims it. */
  readonly isExplained: boolean;
}

export interface ReconcilePlan {
  readonly scalps: readonly RestoredScalp[];
  readonly inventory: readonly RestoredInventory[];
  /** One line for each position that no owner claims. */
  readonly unprotected: readonly string[];
  readonly notes: readonly string[];
}

/** Reads the newest session of a folder as far as it is whole. */
export function readExposure(folder: string, session?: string): JournaledExposure {
  const reader = new JournalReader(folder, session);
  const scalps = new Map<number, Float64Array>();
  const quotes = new Map<number, Holding>();
  const hand = new Map<number, Holding>();
  let anchorWallMs = 0;
  let symbols: readonly string[] = [];
  reader.read((words, doubles, at) => {
    const header = words[at * 2]!;
    const kind = header & 0xff;
    const instrument = header >>> 16;
    if (kind === SlotKind.Blob && ((header >>> 8) & 0xff) === BlobKind.SessionHeader) {
      const options = parsePipelineOptions(readBlob(words, doubles, at).text);
      anchorWallMs = options.anchorWallMs;
      symbols = options.specs.map((spec) => spec.symbol);
    } else if (kind === SlotKind.ScalpChange) {
      const start = at + SLOT_DOUBLES;
      scalps.set(words[at * 2 + 1]!, doubles.slice(start, start + SCALP_SIZE));
    } else if (kind === SlotKind.Fill) {
      const owner = doubles[at + FillField.Owner];
      if (owner === Owner.Quoter) noteFill(quotes, instrument, doubles, at);
      else if (owner === Owner.Hand) noteFill(hand, instrument, doubles, at);
    } else if (kind === SlotKind.Command) {
      const owner = restoredOwner(header, doubles, at);
      const index = scopeInstrument(words[at * 2 + 1]!);
      if (owner === Owner.Quoter) quotes.set(index, restoredHolding(doubles, at));
      else if (owner === Owner.Hand) hand.set(index, restoredHolding(doubles, at));
    }
  });
  return {
    session: reader.session,
    anchorWallMs,
    symbols,
    scalps: [...scalps.values()].filter((row) => row[Scalp.State]! > 0 && row[Scalp.OpenLots]! > 0),
    inventory: symbols.map((_, i) => quotes.get(i) ?? FLAT),
    hand: symbols.map((_, i) => hand.get(i) ?? FLAT),
    warnings: reader.warnings,
  };
}

/** Holds the journal against the venue. Times in restored rows are of the new session's clock. */
export function planReconcile(
  exposure: JournaledExposure | null,
  positions: readonly VenuePosition[],
  specs: readonly InstrumentSpec[],
  anchorWallMs: number,
): ReconcilePlan {
  const scalps: RestoredScalp[] = [];
  const inventory: RestoredInventory[] = [];
  const unprotected: string[] = [];
  const notes: string[] = exposure === null ? [] : [...exposure.warnings];
  specs.forEach((spec, index) => {
    const instrument = new Instrument(index, spec);
    const venue = positions.find((position) => position.symbol === spec.symbol);
    const venueLots = venue === undefined ? 0 : signedLots(instrument, venue.amount);
    const known = exposure === null ? [] : scalpsOf(exposure, spec.symbol);
    const quoter = holdingOf(exposure, 'inventory', spec.symbol);
    const hand = holdingOf(exposure, 'hand', spec.symbol);
    const scalpLots = known.reduce((sum, row) => sum + row[Scalp.Side]! * row[Scalp.OpenLots]!, 0);
    const journaled = scalpLots + quoter.lots + hand.lots;
    if (venueLots === 0) {
      if (journaled !== 0) {
        notes.push(
          `${spec.symbol}: the journal has a position, the venue none: it was closed since`,
        );
      }
      return;
    }
    if (venueLots === journaled) {
      for (const row of known.slice(0, SCALPS_MAX)) {
        scalps.push({ row: moved(row, index, exposure!.anchorWallMs - anchorWallMs) });
      }
      const isExplained = true;
      if (quoter.lots !== 0) {
        inventory.push({ instrument: index, owner: Owner.Quoter, ...quoter, isExplained });
      }
      if (hand.lots !== 0) {
        inventory.push({ instrument: index, owner: Owner.Hand, ...hand, isExplained });
        const size = instrument.sizeText(hand.lots);
        notes.push(`${spec.symbol}: ${size} of it was traded by hand and is yours to close`);
      }
      notes.push(`${spec.symbol}: ${venue!.amount} agrees with the journal; its exits go on`);
      return;
    }
    const entryTicks = Number(venue!.entryPrice) / instrument.priceOf(1);
    const isExplained = false;
    inventory.push({
      instrument: index,
      owner: Owner.Hand,
      lots: venueLots,
      entryTicks,
      isExplained,
    });
    unprotected.push(
      `${spec.symbol}: the venue has ${venue!.amount}, the journal ` +
        `${instrument.sizeText(journaled)}: unprotected until you flatten it`,
    );
  });
  unprotected.push(...strangers(positions, specs));
  return { scalps, inventory, unprotected, notes };
}

/** Positions of instruments that this session does not trade: nobody here can even flatten them. */
function strangers(
  positions: readonly VenuePosition[],
  specs: readonly InstrumentSpec[],
): string[] {
  return positions
    .filter(({ symbol }) => !specs.some((spec) => spec.symbol === symbol))
    .map(({ symbol, amount }) => {
      return `${symbol}: the venue has ${amount}, and it is not among --symbols: unprotected`;
    });
}

function scalpsOf(exposure: JournaledExposure, symbol: string): Float64Array[] {
  const index = exposure.symbols.indexOf(symbol);
  return exposure.scalps.filter((row) => row[Scalp.Instrument] === index);
}

function holdingOf(
  exposure: JournaledExposure | null,
  whose: 'inventory' | 'hand',
  symbol: string,
): Holding {
  return exposure?.[whose][exposure.symbols.indexOf(symbol)] ?? FLAT;
}

/**
 * Whose inventory a command restored; −1 for every other command. What the hand was given without
 * an explanation is not the journal's to claim.
 */
function restoredOwner(header: number, doubles: Float64Array, at: number): number {
  if (((header >>> 8) & 0xff) !== CommandCode.RestoreInventory) return -1;
  const owner = doubles[at + CommandField.C]!;
  return owner === Owner.Hand && doubles[at + CommandField.D] !== 1 ? -1 : owner;
}

function restoredHolding(doubles: Float64Array, at: number): Holding {
  return { lots: doubles[at + CommandField.A]!, entryTicks: doubles[at + CommandField.B]! };
}

function noteFill(
  holdings: Map<number, Holding>,
  instrument: number,
  doubles: Float64Array,
  at: number,
): void {
  const signed = doubles[at + FillField.Side]! * doubles[at + FillField.Lots]!;
  const before = holdings.get(instrument) ?? FLAT;
  holdings.set(instrument, afterFill(before, signed, doubles[at + FillField.PriceTicks]!));
}

/** Average-cost position after a signed fill. */
function afterFill(before: Holding, signed: number, price: number): Holding {
  const lots = before.lots + signed;
  if (lots === 0) return FLAT;
  const isGrowing = before.lots === 0 || before.lots > 0 === signed > 0;
  if (isGrowing) {
    const value = before.entryTicks * Math.abs(before.lots) + price * Math.abs(signed);
    return { lots, entryTicks: value / Math.abs(lots) };
  }
  const isTurned = lots > 0 !== before.lots > 0;
  return { lots, entryTicks: isTurned ? price : before.entryTicks };
}

/** A row with its times shifted to another anchor and its instrument renumbered. */
function moved(row: Float64Array, instrument: number, shiftMs: number): Float64Array {
  const out = row.slice();
  out[Scalp.Instrument] = instrument;
  out[Scalp.OpenedNs] = row[Scalp.OpenedNs]! + shiftMs * 1e6;
  out[Scalp.DeadlineNs] = row[Scalp.DeadlineNs]! + shiftMs * 1e6;
  return out;
}

export function signedLots(instrument: Instrument, amount: string): number {
  const isShort = amount.startsWith('-');
  const lots = instrument.lotsOf(isShort ? amount.slice(1) : amount);
  return isShort ? -lots : lots;
}
