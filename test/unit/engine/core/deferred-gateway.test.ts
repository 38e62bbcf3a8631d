/** The deferred gateway: what could not be sent is an event of the next turn, never an answer. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DeferredGateway } from '../../../../engine/core/deferred-gateway.ts';
import { OrderEventKind } from '../../../../engine/domain/order.ts';
import { CODE_NOT_SENT } from '../../../../engine/execution/gateway.ts';
import { OrderEventQueue } from '../../../../engine/execution/order-events.ts';
import { OrderEventField } from '../../../../engine/memory/slots.ts';
import { Desk, RecordingGateway } from '../execution/fixtures.ts';

function bench() {
  const desk = new Desk();
  const slot = desk.place({ instrument: 1 });
  const events = new OrderEventQueue(2);
  const inner = new RecordingGateway();
  let sent = 0;
  const gateway = new DeferredGateway(inner, desk.table, events, () => sent++);
  return { desk, slot, events, inner, gateway, sent: () => sent };
}

describe('the deferred gateway', () => {
  it('passes on what can be sent, and tells once that a placement left', () => {
    const { slot, events, inner, gateway, sent } = bench();
    assert.ok(gateway.place(slot) && gateway.cancel(slot) && gateway.query(slot));
    assert.deepEqual(inner.sent, [`place ${slot}`, `cancel ${slot}`, `query ${slot}`]);
    assert.equal(events.count, 0);
    assert.equal(sent(), 1);
  });

  it('says yes and leaves an event where the transport said no', () => {
    const { desk, slot, events, inner, gateway, sent } = bench();
    inner.isUp = false;
    assert.ok(gateway.place(slot));
    assert.ok(gateway.cancel(slot));
    assert.ok(gateway.query(slot), 'a query is asked again by itself');
    assert.equal(events.count, 2);
    assert.deepEqual(
      [events.kindOf(0), events.kindOf(1)],
      [OrderEventKind.Rejected, OrderEventKind.CancelRejected],
    );
    for (const base of [0, 12]) {
      assert.equal(events.doubles[base + OrderEventField.Code], CODE_NOT_SENT);
      const sequence = events.doubles[base + OrderEventField.ClientSequence];
      assert.equal(sequence, desk.table.clientSequence[slot]);
      assert.equal(events.words[base * 2]! >>> 16, 1, 'the instrument');
    }
    assert.equal(sent(), 0);
  });

  it('a full queue loses nothing silently', () => {
    const { slot, events, inner, gateway } = bench();
    inner.isUp = false;
    for (let k = 0; k < 3; k++) assert.ok(gateway.place(slot));
    assert.deepEqual([events.count, events.dropped], [2, 1]);
  });
});
