/**
 * Hand, scalper and quoter on the same instruments, at random, against the simulated exchange under
 * virtual time: what each holds adds up, what may only reduce never grows a position, KILL leaves
 * nothing resting, and the journal replays to itself byte for byte.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../engine/base/random.ts';
import { CommandCode } from '../../engine/core/command-codes.ts';
import { Market } from '../../engine/domain/market.ts';
import { Owner, TradingState } from '../../engine/domain/modes.ts';
import { TimeInForce } from '../../engine/domain/order.ts';
import { SlotBuffer } from '../../engine/memory/slot-buffer.ts';
import { FillField, SLOT_DOUBLES, SLOT_WORDS, SlotKind } from '../../engine/memory/slots.ts';
import { slotsOfRecord } from '../../engine/memory/slot-length.ts';
import { OWNERS } from '../../engine/portfolio/position-keeper.ts';
import { SessionReplay } from '../../engine/replay/session-replay.ts';
import type { VirtualSession } from '../../engine/replay/virtual-session.ts';
import { accountDifferences, accountOf, start } from '../simulation/virtual-runs.ts';

const SECONDS = 25;
const STEP_MS = 150;
const SYMBOLS = 3;

interface Life {
  readonly session: VirtualSession;
  readonly replay: SessionReplay;
  readonly journal: SlotBuffer;
  /** Reduce-only fills that grew their owner's position. */
  readonly grown: string[];
  readonly fills: number[];
}

function begin(seed: number): Life {
  const replay = new SessionReplay();
  const grown: string[] = [];
  const fills: number[] = Array.from({ length: OWNERS }, () => 0);
  const reduceOnly = new Map<number, boolean>();
  const held = new Map<string, number>();
  const journal = new SlotBuffer(65_536, (words, doubles, count) => {
    for (let slot = 0; slot < count; slot += slotsOfRecord(words, slot * SLOT_WORDS)) {
      const kind = words[slot * SLOT_WORDS]! & 0xff;
      const at = slot * SLOT_DOUBLES;
      if (kind === SlotKind.OrderPlaced) reduceOnly.set(doubles[at + 1]!, doubles[at + 10] === 1);
      if (kind !== SlotKind.Fill) continue;
      const owner = doubles[at + FillField.Owner]!;
      const key = `${words[slot * SLOT_WORDS]! >>> 16} ${owner}`;
      const before = held.get(key) ?? 0;
      const after = before + doubles[at + FillField.Side]! * doubles[at + FillField.Lots]!;
      held.set(key, after);
      fills[owner]! += 1;
      const isGrown = Math.abs(after) > Math.abs(before) || after * before < 0;
      const sequence = doubles[at + FillField.ClientSequence]!;
      if (reduceOnly.get(sequence) === true && isGrown) grown.push(`${key}: ${before} → ${after}`);
    }
    replay.feed(words, doubles, count);
  });
  const session = start(seed, journal, { signals: { warmUpS: 3, warmUpTrades: 0 } });
  return { session, replay, journal, grown, fills };
}

/** One thing that a person might do. */
function act(session: VirtualSession, random: SeededRandom): void {
  const instrument = random.int(SYMBOLS);
  const draw = random.int(20);
  if (draw === 0) session.command(CommandCode.CancelOrders, { instrument }, [0, Owner.Hand]);
  else if (draw === 1) session.command(CommandCode.Flatten, { instrument });
  else if (draw === 2) {
    session.command(CommandCode.UnlockLadder, { instrument }, [0]);
    session.command(CommandCode.UnlockLadder, { instrument }, [1]);
  } else if (draw === 3) {
    const { table } = session.core.pipeline;
    const order = table.activeCount === 0 ? -1 : table.active[random.int(table.activeCount)]!;
    const sequence = order < 0 ? 0 : table.clientSequence[order]!;
    session.command(CommandCode.CancelOrder, {}, [sequence]);
  } else place(session, random, instrument);
}

function place(session: VirtualSession, random: SeededRandom, instrument: number): void {
  const { books, instruments } = session.core.pipeline;
  const market = books.states[instrument]!.fields;
  if (market[Market.Valid] !== 1) return;
  const side = random.int(2) === 0 ? 1 : -1;
  const touch = side > 0 ? market[Market.AskTicks]! : market[Market.BidTicks]!;
  const price = touch - side * (random.int(8) - 2);
  const { tickLotE8, lotUnits } = instruments[instrument]!;
  assert.ok(lotUnits > 0);
  const lots = Math.ceil(((200 + random.int(3000)) * 1e8) / (price * tickLotE8));
  const tif = [TimeInForce.Gtc, TimeInForce.Gtx, TimeInForce.Ioc][random.int(3)]!;
  const values = [side, price, lots, tif, random.int(4) === 0 ? 1 : 0];
  session.command(CommandCode.PlaceOrder, { instrument }, values);
}

/** Owners against the account, lots and money. */
function assertSums({ core }: VirtualSession): void {
  const { keeper, instruments, pnl } = core.pipeline;
  for (const { index, symbol } of instruments) {
    let lots = 0;
    let netE8 = 0;
    for (let owner = 0; owner < OWNERS; owner++) {
      const row = index * OWNERS + owner;
      lots += keeper.ownerLots[row]!;
      netE8 += keeper.ownerRealisedE8[row]! + pnl.ownerUnrealisedE8[row]!;
    }
    assert.equal(lots, keeper.totalLots(index), `${symbol}: owners hold the account`);
    const accountE8 = keeper.accountRealisedE8[index]! + pnl.instrumentUnrealisedE8[index]!;
    const size = Math.abs(keeper.totalLots(index)) + keeper.ownerFillCount.length;
    // Each fill may round once; an average is a double. A longer and a shorter half of the book's
    // touch are marked apart only when owners stand against each other, which the gate forbids.
    assert.ok(Math.abs(netE8 - accountE8) < 1000 + size, `${symbol}: ${netE8} is not ${accountE8}`);
  }
}

describe('hand, scalper and quoter together', () => {
  for (const seed of [3, 8, 21]) {
    it(`add up, never grow what only reduces, and KILL leaves nothing, seed ${seed}`, (t) => {
      const life = begin(seed);
      const { session } = life;
      const random = new SeededRandom(seed);
      session.runTo(2_000);
      session.command(CommandCode.Arm);
      session.command(CommandCode.UnlockLadder, {}, [1]);
      for (let ms = 2_000; ms < SECONDS * 1000; ms += STEP_MS) {
        session.runTo(ms);
        act(session, random);
        assertSums(session);
      }
      session.command(CommandCode.Kill);
      session.runTo(SECONDS * 1000 + 3_000);
      const { pipeline } = session.core;
      assert.equal(pipeline.states.global[0], TradingState.Halted);
      assert.deepEqual([...pipeline.states.ladder].includes(1), false, 'every ladder is locked');
      const resting = accountOf(session).openOrders.map(({ clientOrderId }) => clientOrderId);
      const exits = resting.filter((id) => /-[qh]/.test(id));
      assert.deepEqual(exits, [], 'of hand and quoter nothing rests');
      assert.deepEqual(accountDifferences(session), []);
      life.journal.flush();
      t.diagnostic(`fills by owner ${life.fills.join(' ')}, ${pipeline.desk.counts.placed} orders`);
      assert.ok(life.fills[Owner.Hand]! > 10, 'the hand traded');
      assert.deepEqual(life.grown, []);
      const report = life.replay.finish();
      assert.equal(report.difference, null);
      assert.equal(report.fills, pipeline.desk.counts.fills);
    });
  }
});
