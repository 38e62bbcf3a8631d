/** Reconcile: what the journal of a crashed session says was open, held against the venue. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { Owner } from '../../../../engine/domain/modes.ts';
import { Scalp, SCALP_SIZE, SCALPS_MAX, ScalpState } from '../../../../engine/domain/scalp.ts';
import { JournalWriter } from '../../../../engine/journal/journal-writer.ts';
import { SlotBuffer } from '../../../../engine/memory/slot-buffer.ts';
import { VirtualSession } from '../../../../engine/replay/virtual-session.ts';
import { planReconcile, readExposure, signedLots } from '../../../../engine/runtime/reconcile.ts';
import type { JournaledExposure } from '../../../../engine/runtime/reconcile.ts';
import type { VenuePosition } from '../../../../engine/runtime/venue-access.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { SPECS } from '../core/core-bench.ts';

const OLD_ANCHOR = 1_000_000;
const NEW_ANCHOR = 1_060_000;

function scalp(given: Partial<Record<keyof typeof Scalp, number>>): Float64Array {
  const row = new Float64Array(SCALP_SIZE);
  const whole = { State: ScalpState.Open, Side: 1, OpenLots: 100, EntryLots: 100, ...given };
  for (const [name, value] of Object.entries(whole)) {
    row[Scalp[name as keyof typeof Scalp]] = value;
  }
  return row;
}

function exposure(given: Partial<JournaledExposure> = {}): JournaledExposure {
  return {
    session: 'old',
    anchorWallMs: OLD_ANCHOR,
    symbols: ['ABCUSDT', 'XYZUSDT'],
    scalps: [],
    inventory: [],
    hand: [],
    warnings: [],
    ...given,
  };
}

const at = (symbol: string, amount: string, entryPrice = '1000.0'): VenuePosition => ({
  symbol,
  amount,
  entryPrice,
});

const plan = (of: JournaledExposure | null, positions: readonly VenuePosition[]) =>
  planReconcile(of, positions, SPECS, NEW_ANCHOR);

describe('where journal and venue agree', () => {
  it('a scalp goes on, its times on the new clock', () => {
    const row = scalp({ Instrument: 0, Side: -1, OpenedNs: 70e9, DeadlineNs: 370e9 });
    const { scalps, inventory, unprotected, notes } = plan(exposure({ scalps: [row] }), [
      at('ABCUSDT', '-0.100'),
    ]);
    assert.equal(scalps.length, 1);
    // A minute passed between the two anchors.
    assert.equal(scalps[0]!.row[Scalp.OpenedNs], 10e9);
    assert.equal(scalps[0]!.row[Scalp.DeadlineNs], 310e9);
    assert.deepEqual([inventory, unprotected], [[], []]);
    assert.deepEqual(notes, ['ABCUSDT: -0.100 agrees with the journal; its exits go on']);
  });

  it('several scalps and the quoter’s inventory add up to one position', () => {
    const scalps = [scalp({ Instrument: 1, OpenLots: 60 }), scalp({ Instrument: 1, OpenLots: 15 })];
    const inventory = [
      { lots: 0, entryTicks: 0 },
      { lots: 25, entryTicks: 5_000.5 },
    ];
    const made = plan(exposure({ scalps, inventory }), [at('XYZUSDT', '0.1')]);
    assert.equal(made.scalps.length, 2);
    assert.deepEqual(made.inventory, [
      { instrument: 1, owner: Owner.Quoter, lots: 25, entryTicks: 5_000.5, isExplained: true },
    ]);
    assert.deepEqual(made.unprotected, []);
  });

  it('what was traded by hand goes back to the hand, and the scalp beside it goes on', () => {
    const scalps = [scalp({ Instrument: 0, OpenLots: 60 })];
    const hand = [{ lots: 40, entryTicks: 9_990 }];
    const made = plan(exposure({ scalps, hand }), [at('ABCUSDT', '0.100')]);
    assert.equal(made.scalps.length, 1);
    assert.deepEqual(made.inventory, [
      { instrument: 0, owner: Owner.Hand, lots: 40, entryTicks: 9_990, isExplained: true },
    ]);
    assert.deepEqual(made.unprotected, []);
    assert.match(made.notes[0]!, /^ABCUSDT: 0\.040 of it was traded by hand/);
  });

  it('an instrument that has another number now is found by its symbol', () => {
    const row = scalp({ Instrument: 0 });
    const of = exposure({ scalps: [row], symbols: ['XYZUSDT', 'ABCUSDT'] });
    const { scalps } = plan(of, [at('XYZUSDT', '0.100')]);
    assert.equal(scalps[0]!.row[Scalp.Instrument], 1);
    assert.equal(row[Scalp.Instrument], 0, 'the journal’s own row stays');
  });

  it('nothing here and nothing there is nothing to say', () => {
    assert.deepEqual(plan(exposure(), []), {
      scalps: [],
      inventory: [],
      unprotected: [],
      notes: [],
    });
    assert.deepEqual(plan(null, []).unprotected, []);
  });
});

describe('where they do not', () => {
  it('the venue is flat: the scalp is not restored, and that is said', () => {
    const made = plan(exposure({ scalps: [scalp({ Instrument: 0 })] }), []);
    assert.deepEqual(made.scalps, []);
    assert.match(made.notes[0]!, /^ABCUSDT: the journal has a position, the venue none/);
  });

  it('another size: the whole position goes to the hand, unprotected, in words', () => {
    const of = exposure({ scalps: [scalp({ Instrument: 0, OpenLots: 100 })] });
    const made = plan(of, [at('ABCUSDT', '0.070', '1000.25')]);
    assert.deepEqual(made.scalps, []);
    assert.equal(made.inventory.length, 1);
    const [hand] = made.inventory;
    assert.deepEqual([hand!.instrument, hand!.owner, hand!.lots], [0, Owner.Hand, 70]);
    assert.equal(hand!.isExplained, false);
    assert.ok(Math.abs(hand!.entryTicks - 10_002.5) < 1e-6);
    assert.deepEqual(made.unprotected, [
      'ABCUSDT: the venue has 0.070, the journal 0.100: unprotected until you flatten it',
    ]);
  });

  it('a position that no journal knows, on either side', () => {
    for (const known of [null, exposure()]) {
      const made = plan(known, [at('XYZUSDT', '-3')]);
      assert.equal(made.inventory[0]!.lots, -3_000);
      assert.match(made.unprotected[0]!, /^XYZUSDT: the venue has -3, the journal 0\.000/);
    }
  });

  it('the opposite side never agrees by its size', () => {
    const of = exposure({ scalps: [scalp({ Instrument: 0, Side: 1, OpenLots: 100 })] });
    assert.equal(plan(of, [at('ABCUSDT', '-0.100')]).unprotected.length, 1);
  });

  it('a position of an instrument that is not traded now is not silent', () => {
    const made = plan(exposure(), [at('OTHERUSDT', '5')]);
    assert.match(made.unprotected[0]!, /^OTHERUSDT: the venue has 5, .*not among/);
    assert.deepEqual(made.inventory, []);
  });

  it('an unreadable journal is a note, and everything found is unprotected', () => {
    const of = exposure({ warnings: ['the journal cannot be read: gone'] });
    const made = plan(of, [at('ABCUSDT', '0.5')]);
    assert.deepEqual(made.notes, ['the journal cannot be read: gone']);
    assert.equal(made.unprotected.length, 1);
  });
});

describe('amounts', () => {
  it('are signed lots on the grid, or an error', () => {
    const instrument = new Instrument(0, SPECS[0]!);
    assert.equal(signedLots(instrument, '-1.234'), -1234);
    assert.equal(signedLots(instrument, '0.001'), 1);
    assert.throws(() => signedLots(instrument, '0.0005'), /off the grid/);
  });
});

/** What a scalp is, as one line each, in no particular order. */
function facts(list: readonly Float64Array[]): string[] {
  const fields = [Scalp.Id, Scalp.Instrument, Scalp.Side, Scalp.OpenLots, Scalp.AvgEntryTicks];
  return list.map((row) => fields.map((field) => row[field]).join()).toSorted();
}

/** A session that ends in the middle of everything, its journal on disk. */
function crashed(t: TestContext) {
  const folder = tempDir(t);
  const writer = new JournalWriter({ folder, session: 'crashed', startWallMs: 1 });
  const journal = new SlotBuffer(16_384, (words, _doubles, count) =>
    writer.append(words, 0, count),
  );
  const session = new VirtualSession({ seed: 11, journal, pipeline: { signals: { warmUpS: 3 } } });
  session.runTo(2_000);
  session.command(CommandCode.Arm);
  session.runTo(40_000);
  journal.flush();
  writer.flush();
  writer.close();
  return { folder, session };
}

describe('the journal of a session that crashed', () => {
  it('says exactly what was open, and agrees with its venue', (t) => {
    const { folder, session } = crashed(t);
    const { pipeline } = session.core;
    const found = readExposure(folder);
    assert.equal(found.session, 'crashed');
    assert.equal(found.anchorWallMs, pipeline.options.anchorWallMs);
    const { rows } = pipeline.exits.table;
    const open = Array.from({ length: SCALPS_MAX }, (_, slot) =>
      rows.slice(slot * SCALP_SIZE, (slot + 1) * SCALP_SIZE),
    ).filter((row) => row[Scalp.OpenLots]! > 0);
    assert.ok(open.length > 0, 'scalps were open');
    assert.deepEqual(facts(found.scalps), facts(open));
    for (const [index, held] of found.inventory.entries()) {
      const quoted = pipeline.keeper.lots(index, Owner.Quoter);
      assert.equal(held.lots, quoted);
      if (quoted !== 0) {
        const entry = pipeline.keeper.ownerEntryTicks[index * 4 + Owner.Quoter]!;
        assert.ok(Math.abs(held.entryTicks - entry) < 1e-6);
      }
    }
    const state = JSON.parse(session.exchange.stateText()) as {
      accounts: { positions: VenuePosition[] }[];
    };
    const positions = state.accounts[0]!.positions.filter(({ amount }) => Number(amount) !== 0);
    const { specs, anchorWallMs } = pipeline.options;
    const made = planReconcile(found, positions, specs, anchorWallMs + 60_000);
    assert.deepEqual(made.unprotected, []);
    assert.equal(made.scalps.length, open.length);
    assert.equal(made.notes.length, positions.length);
  });

  it('a folder without one is an error with its name', (t) => {
    const folder = tempDir(t);
    assert.throws(() => readExposure(folder), /no journal/);
    assert.throws(() => readExposure(folder, 'other'), /no journal of session other/);
  });
});
