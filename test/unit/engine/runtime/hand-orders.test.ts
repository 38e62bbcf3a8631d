/** Orders by hand at the host: what is checked at the border, what comes before what, who may. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Ack, Command } from '../../../../engine/contract/commands.ts';
import { parseCommand } from '../../../../engine/contract/validate.ts';
import { CommandCode } from '../../../../engine/core/command-codes.ts';
import { EngineRow, EngineViewLayout } from '../../../../engine/core/published.ts';
import { Instrument } from '../../../../engine/domain/instrument.ts';
import { Owner } from '../../../../engine/domain/modes.ts';
import { OrderState, TimeInForce } from '../../../../engine/domain/order.ts';
import { Verdict } from '../../../../engine/domain/verdict.ts';
import { ClientIds } from '../../../../engine/execution/client-ids.ts';
import { EngineCommands } from '../../../../engine/runtime/engine-commands.ts';
import type { EngineHost } from '../../../../engine/runtime/engine-host.ts';
import { checkOrder, isAnyUnlocked } from '../../../../engine/runtime/hand-orders.ts';
import { HandTroubles } from '../../../../engine/runtime/hand-troubles.ts';
import { SPECS } from '../core/core-bench.ts';
import { HostBench, SILENCE } from './host-bench.ts';

type Asked = Command extends infer Each ? (Each extends Command ? Omit<Each, 'id'> : never) : never;

function bench() {
  const host = new HostBench();
  const commands = new EngineCommands(host.host);
  const ask = (command: Asked, holdsLease = true): Promise<Ack> =>
    commands.execute({ ...command, id: 'id-1' }, holdsLease);
  return { host, ask };
}

const UNLOCK: Asked = { kind: 'unlockLadder', symbol: 'XYZUSDT', unlocked: true };
const LOCK: Asked = { kind: 'unlockLadder', symbol: null, unlocked: false };
const BUY: Asked = {
  kind: 'placeOrder',
  symbol: 'ABCUSDT',
  side: 'buy',
  price: '1000.0',
  size: '0.250',
  timeInForce: 'post-only',
  reduceOnly: false,
};

describe('unlocking a ladder', () => {
  it('marks the disk, then asks the venue’s switch, then the trading thread', async () => {
    const { host, ask } = bench();
    assert.equal((await ask(UNLOCK)).outcome, 'applied');
    assert.deepEqual(host.log, ['mark', 'countdown', `send ${CommandCode.UnlockLadder}`]);
    assert.deepEqual(host.sent, [{ code: CommandCode.UnlockLadder, instrument: 1, values: [1] }]);
  });

  it('is refused without lease, marker, switch or answer; unanswered, it is locked', async () => {
    const none = bench();
    assert.match((await none.ask(UNLOCK, false)).reason, /take control first/);
    const full = bench();
    full.host.canMark = false;
    assert.match((await full.ask(UNLOCK)).reason, /marker of exposure .*no space left/);
    const away = bench();
    away.host.canCountDown = false;
    assert.match((await away.ask(UNLOCK)).reason, /dead-man’s switch/);
    assert.deepEqual([full.host.sent, away.host.sent], [[], []]);
    const { host, ask } = bench();
    host.answer = () => SILENCE;
    assert.match((await ask(UNLOCK)).reason, /did not answer/);
    assert.deepEqual(
      host.sent.map(({ values }) => values),
      [[1], [0]],
    );
  });

  it('locking needs nothing, not even the lease', async () => {
    const { host, ask } = bench();
    host.canMark = false;
    assert.equal((await ask(LOCK, false)).outcome, 'applied');
    assert.deepEqual(host.sent, [{ code: CommandCode.UnlockLadder, instrument: -1, values: [0] }]);
  });

  it('one ladder that is unlocked is seen', () => {
    const layout = new EngineViewLayout(3);
    const engine = new Float64Array(layout.doubles);
    const views = { engine, layout } as unknown as EngineHost['views'];
    assert.equal(isAnyUnlocked(views), false);
    engine[layout.row(2) + EngineRow.LadderUnlocked] = 1;
    assert.equal(isAnyUnlocked(views), true);
  });
});

describe('placing at the host', () => {
  it('sends exact ticks and lots with the time of asking, and waits for no venue', async () => {
    const { host, ask } = bench();
    await ask(UNLOCK);
    host.log.length = 0;
    host.nowMs = 77;
    assert.equal((await ask(BUY)).outcome, 'applied');
    assert.deepEqual(host.log, [`send ${CommandCode.PlaceOrder}`]);
    assert.deepEqual(host.sent.at(-1), {
      code: CommandCode.PlaceOrder,
      instrument: 0,
      values: [1, 10_000, 250, TimeInForce.Gtx, 0],
      askedNs: 77e6,
    });
  });

  it('writes the marker first where there is none', async () => {
    const { host, ask } = bench();
    await ask(BUY);
    assert.deepEqual(host.log, ['mark', 'countdown', `send ${CommandCode.PlaceOrder}`]);
  });

  it('answers with the code of the gate', async () => {
    const { host, ask } = bench();
    host.answer = () => ({ answered: true, refused: true, verdict: Verdict.LADDER_LOCKED });
    const ack = await ask(BUY);
    assert.deepEqual([ack.outcome, ack.reason], ['refused', 'LADDER_LOCKED']);
  });

  it('needs the lease and an instrument of ours', async () => {
    const { host, ask } = bench();
    assert.equal((await ask(BUY, false)).outcome, 'refused');
    assert.match((await ask({ ...BUY, symbol: 'NOUSDT' })).reason, /unknown instrument/);
    assert.deepEqual(host.sent, []);
  });
});

describe('prices and sizes at the border', () => {
  const instrument = new Instrument(0, SPECS[0]!);
  const cases: readonly [price: string, size: string, refusal: RegExp | null][] = [
    ['1000.0', '0.010', null],
    ['1000', '0.01', null],
    ['1000.05', '0.010', /ABCUSDT: price 1000.05 is no multiple of the tick size 0.1; give/],
    ['1000.0', '0.0105', /size 0.0105 is no multiple of the lot size 0.001; give/],
    ['0', '0.010', /price 0 is out of range/],
    ['999999999.0', '0.010', /out of range/],
    ['1000.0', '0', /below the least of 0.001/],
    ['1000.0', '901', /above the most of 900.000/],
    ['1000.0', '0.004', /0.004 at 1000.0 is worth 4, the least is 5/],
  ];
  for (const [price, size, refusal] of cases) {
    it(`${size} at ${price} ${refusal === null ? 'passes' : 'is refused'}`, () => {
      const checked = checkOrder(instrument, { price, size, reduceOnly: false });
      if (refusal === null) assert.deepEqual(checked, { ticks: 10_000, lots: 10, refusal: null });
      else assert.match(checked.refusal ?? '', refusal);
    });
  }

  it('what only reduces may be worth less than the least', () => {
    const checked = checkOrder(instrument, { price: '1000.0', size: '0.004', reduceOnly: true });
    assert.equal(checked.refusal, null);
  });

  it('what is no decimal does not even become a command', () => {
    const order = { ...BUY, id: 'a' };
    assert.deepEqual(parseCommand(order), order);
    for (const bad of ['', '-1', '1e3', '1,000', ' 1', '0x10', '.5', '1.', 'NaN']) {
      assert.throws(() => parseCommand({ ...order, price: bad }), /command\.price/, bad);
      assert.throws(() => parseCommand({ ...order, size: bad }), /command\.size/, bad);
    }
    for (const change of [
      { side: 'long' },
      { timeInForce: 'fok' },
      { reduceOnly: 1 },
      { more: 1 },
    ]) {
      assert.throws(() => parseCommand({ ...order, ...change }));
    }
    assert.throws(() => parseCommand({ kind: 'cancelOrder', id: 'a', clientId: 'a b' }));
    assert.throws(() =>
      parseCommand({ kind: 'cancelOrders', id: 'a', symbol: null, side: null, scope: 'mine' }),
    );
  });
});

describe('cancelling at the host', () => {
  it('finds the order by its name, and knows which are not of this session', async () => {
    const { host, ask } = bench();
    assert.equal(
      (await ask({ kind: 'cancelOrder', clientId: 'benchbnc-h00000a' })).outcome,
      'applied',
    );
    assert.deepEqual(host.sent, [{ code: CommandCode.CancelOrder, values: [10] }]);
    const other = await ask({ kind: 'cancelOrder', clientId: 'otherabc-h00000a' });
    assert.match(other.reason, /no order of this session/);
  });

  it('names side, owner and instrument', async () => {
    const { host, ask } = bench();
    const all = { kind: 'cancelOrders', symbol: null, side: null, scope: 'all' } as const;
    await ask(all);
    await ask({ ...all, symbol: 'XYZUSDT', side: 'sell', scope: 'hand' });
    assert.deepEqual(
      host.sent.map(({ instrument, values }) => [instrument, ...values!]),
      [
        [-1, 0, 0],
        [1, -1, Owner.Hand],
      ],
    );
    assert.equal((await ask(all, false)).outcome, 'refused');
  });
});

const change = (state: number, previous: number, code = 0, filled = 0): Float64Array =>
  Float64Array.of(0, 7, state, filled, code, 5e6, previous, 0);

describe('troubles of the hand', () => {
  const instruments = SPECS.map((spec, index) => new Instrument(index, spec));

  function troubles() {
    const told: string[] = [];
    const watch = new HandTroubles({
      instruments,
      clientIds: new ClientIds('benchbnc'),
      alerts: { add: (_level, code) => void told.push(code) },
      anchorWallMs: 1000,
    });
    watch.placed(1, Float64Array.of(0, 7, 1, 9_999, 120), 0);
    return { watch, told };
  }

  it('says what was rejected, in words, where a terminal that was away finds it', () => {
    const { watch, told } = troubles();
    watch.changed(change(OrderState.Rejected, OrderState.PendingNew, -5022), 0);
    const text = 'XYZUSDT: buy 0.120 at 999.9 was rejected: post-only, and it would have taken';
    assert.deepEqual(watch.of(1), {
      atMs: 1005,
      clientId: 'benchbnc-h000007',
      outcome: 'rejected',
      text,
    });
    assert.equal(watch.of(0), null);
    assert.deepEqual(told, ['order-rejected']);
  });

  it('forgets with its session: the next one’s orders have the same numbers', () => {
    const { watch } = troubles();
    watch.changed(change(OrderState.Rejected, OrderState.PendingNew, -5022), 0);
    watch.placed(1, Float64Array.of(0, 7, 1, 9_999, 120), 0);
    watch.forget();
    assert.equal(watch.of(1), null);
    watch.changed(change(OrderState.Unknown, OrderState.PendingNew), 0);
    assert.equal(watch.of(1), null);
  });

  it('knows expired, unknown and cancelled by the venue; is silent of what was asked', () => {
    const { Open, PendingCancel, PartiallyFilled } = OrderState;
    const cases: readonly [number, number, string | null][] = [
      [OrderState.Open, OrderState.PendingNew, null],
      [OrderState.Filled, Open, null],
      [OrderState.Canceled, PendingCancel, null],
      [OrderState.Canceled, Open, 'cancelled'],
      [OrderState.Expired, PartiallyFilled, 'expired'],
      [OrderState.Unknown, OrderState.PendingNew, 'unknown'],
    ];
    for (const [state, previous, outcome] of cases) {
      const { watch } = troubles();
      watch.changed(change(state, previous, 0, 20), 0);
      assert.equal(watch.of(1)?.outcome ?? null, outcome);
      if (outcome !== null) assert.match(watch.of(1)!.text, /after 0\.020 of it had filled/);
    }
  });
});
