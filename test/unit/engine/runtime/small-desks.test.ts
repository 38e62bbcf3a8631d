/** Lease desk, alerts and the relay of commands. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Alert } from '../../../../engine/contract/status.ts';
import { CommandCode, CommandField, scopeWord } from '../../../../engine/core/command-codes.ts';
import { RESTORE_SLOTS } from '../../../../engine/core/command-desk.ts';
import { SCALP_SIZE } from '../../../../engine/domain/scalp.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { SLOT_DOUBLES, SlotKind } from '../../../../engine/memory/slots.ts';
import { RingReader, RingWriter } from '../../../../engine/memory/spsc-ring.ts';
import { Alerts } from '../../../../engine/runtime/alerts.ts';
import { CommandRelay } from '../../../../engine/runtime/command-relay.ts';
import { LeaseDesk } from '../../../../engine/runtime/lease-desk.ts';

function leaseDesk() {
  const clock = { ms: 1_000 };
  const ends: string[] = [];
  const lease = new LeaseDesk(
    3_000,
    () => clock.ms,
    (end, who) => ends.push(`${who} ${end}`),
  );
  return { clock, ends, lease };
}

describe('the lease desk', () => {
  it('holds for its time, is renewed by its holder only, and ends once', () => {
    const { clock, ends, lease } = leaseDesk();
    assert.equal(lease.holder, null);
    assert.ok(lease.acquire('a').granted);
    assert.match(lease.acquire('b').reason, /^a is in charge \(its lease has 3\.0 s left\)/);
    clock.ms += 2_900;
    assert.equal(lease.renew('b'), false);
    assert.equal(lease.renew('a'), true);
    clock.ms += 2_900;
    lease.look();
    assert.deepEqual(ends, []);
    assert.deepEqual(lease.status(), { held: true, holder: 'a', leftMs: 100, mine: false });
    clock.ms += 100;
    lease.look();
    lease.look();
    assert.deepEqual(ends, ['a expired']);
    assert.deepEqual(lease.status(), { held: false, holder: null, leftMs: 0, mine: false });
  });

  it('knows for how long nobody has been in charge since', () => {
    const { clock, lease } = leaseDesk();
    clock.ms += 60_000;
    assert.equal(lease.lostForMs(), 0, 'nobody ever was');
    lease.acquire('a');
    clock.ms += 500;
    assert.equal(lease.lostForMs(), 0);
    lease.release('a');
    clock.ms += 700;
    assert.equal(lease.lostForMs(), 700);
    lease.acquire('b');
    assert.equal(lease.lostForMs(), 0);
  });
});

function alertList() {
  const told: Alert[] = [];
  return { told, alerts: new Alerts((alert) => told.push(alert)) };
}

describe('alerts', () => {
  it('newest first, bounded, each told once', () => {
    const { told, alerts } = alertList();
    for (let k = 0; k < 70; k++) alerts.add('info', 'a', `text ${k}`);
    assert.equal(alerts.list().length, 50);
    assert.equal(alerts.list()[0]!.text, 'text 69');
    assert.equal(told.length, 70);
  });

  it('the same again within seconds is one alert; another text is another', () => {
    const { told, alerts } = alertList();
    alerts.add('warn', 'feed', 'gone');
    alerts.add('warn', 'feed', 'gone');
    alerts.add('warn', 'feed', 'back');
    assert.deepEqual(
      told.map(({ text }) => text),
      ['gone', 'back'],
    );
  });

  it('once is once, whatever the text', () => {
    const { told, alerts } = alertList();
    alerts.once('danger', 'journal', 'first');
    alerts.once('danger', 'journal', 'second');
    assert.deepEqual(
      told.map(({ text }) => text),
      ['first'],
    );
  });
});

function relayBench(slots = 64) {
  const writer = RingWriter.create(slots);
  return { relay: new CommandRelay(writer), reader: new RingReader(writer.buffer) };
}

describe('the command relay', () => {
  it('lays a command into the ring, and resolves with the answer to its number', async () => {
    const { relay: desk, reader } = relayBench();
    const asked = desk.send({ code: CommandCode.Arm, strategy: 1, instrument: 4, values: [5, 6] });
    const at = reader.peek();
    assert.ok(at >= 0);
    const { words, doubles } = reader;
    assert.equal(words[at * 2], SlotKind.Command | (CommandCode.Arm << 8));
    assert.equal(words[at * 2 + 1], scopeWord(1, 4));
    assert.deepEqual(
      [doubles[at + CommandField.A], doubles[at + CommandField.B], doubles[at + CommandField.C]],
      [5, 6, 0],
    );
    const id = doubles[at + CommandField.Id]!;
    desk.onAck(id + 1, true, 9);
    desk.onAck(id, true, Verdict.LEASE_LOST);
    assert.deepEqual(await asked, { answered: true, refused: true, verdict: Verdict.LEASE_LOST });
    desk.onAck(id, false, 0);
  });

  it('no answer in time, or no room, is a refusal that says so', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { relay: desk } = relayBench();
    const asked = desk.send({ code: CommandCode.Disarm });
    t.mock.timers.tick(1_999);
    let answer: unknown = null;
    void asked.then((given) => (answer = given));
    await Promise.resolve();
    assert.equal(answer, null);
    t.mock.timers.tick(1);
    assert.deepEqual(await asked, { answered: false, refused: true, verdict: 0 });
    const small = relayBench(16).relay;
    const answers = Array.from({ length: 20 }, () => small.send({ code: CommandCode.Kill }));
    assert.deepEqual(await answers.at(-1), { answered: false, refused: true, verdict: 0 });
  });

  it('numbers every command differently', () => {
    const { relay: desk, reader } = relayBench();
    for (let k = 0; k < 3; k++) void desk.send({ code: CommandCode.Disarm });
    const ids = new Set<number>();
    for (let at = reader.peek(); at >= 0; at = reader.peek()) {
      ids.add(reader.doubles[at + CommandField.Id]!);
      reader.advance();
    }
    assert.equal(ids.size, 3);
    for (const id of ids) desk.onAck(id, false, 0);
  });

  it('carries the row of a scalp, and says when it could not', () => {
    const { relay: desk, reader } = relayBench();
    const row = Float64Array.from({ length: SCALP_SIZE }, (_, k) => k + 1);
    assert.ok(desk.restoreScalp(row));
    const at = reader.peek();
    assert.equal(reader.words[at * 2], SlotKind.SlowResult);
    assert.equal(reader.words[at * 2 + 1], RESTORE_SLOTS);
    const carried = reader.doubles.slice(at + SLOT_DOUBLES, at + SLOT_DOUBLES + SCALP_SIZE);
    assert.deepEqual(carried, row);
    for (let k = 0; k < 10; k++) desk.restoreScalp(row);
    assert.equal(desk.restoreScalp(row), false);
  });
});
