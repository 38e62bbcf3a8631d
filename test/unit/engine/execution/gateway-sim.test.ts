/**
 * The real gateway on the real simulated exchange over real sockets: what goes right, and what the
 * venue's faults make go wrong.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  isTerminal,
  OrderEventKind,
  OrderState,
  TimeInForce,
} from '../../../../engine/domain/order.ts';
import { OrderCounter } from '../../../../engine/execution/order-timing.ts';
import { CancelOnlySession } from '../../../../engine/execution/venues/binance-usdm/cancel-only.ts';
import { DecodeCounter } from '../../../../engine/execution/venues/binance-usdm/decode.ts';
import { throwawayKey } from '../../../../engine/execution/venues/binance-usdm/sign.ts';
import { Health } from '../../../../engine/memory/slots.ts';
import { until } from '../../../support/until.ts';
import { ACCOUNT, type DeskOptions, openDesk, type SimDesk } from './sim-desk.ts';

const MS = 1e6;
const INSTRUMENT = 1;

async function withDesk(
  run: (desk: SimDesk) => Promise<void>,
  options: DeskOptions = {},
): Promise<void> {
  const desk = await openDesk(options);
  try {
    await run(desk);
    assert.equal(desk.decoder.counters[DecodeCounter.Garbage], 0, 'no frame was garbage');
  } finally {
    await desk.stop();
  }
}

function openAtVenue(desk: SimDesk): number {
  return desk.exchange.service.core.accounts.get(ACCOUNT)!.open.size;
}

function state(desk: SimDesk, slot: number): number {
  return desk.table.state[slot]!;
}

/** A price that rests far enough away to stay. */
function farBid(desk: SimDesk): number {
  return Math.round(desk.touch(INSTRUMENT)[0] * 0.98);
}

describe('binance-usdm gateway on the simulated exchange', () => {
  it('places, acknowledges and cancels a resting order', async () => {
    await withDesk(async (desk) => {
      const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      await until(() => state(desk, slot) === OrderState.Open, { what: 'the order to be open' });
      assert.equal(openAtVenue(desk), 1);
      assert.equal(desk.cancel(slot), true);
      await until(() => state(desk, slot) === OrderState.Canceled, { what: 'the cancel' });
      assert.equal(openAtVenue(desk), 0);
      assert.equal(desk.manager.counters[OrderCounter.IllegalTransitions], 0);
    });
  });

  it('round trips agree with the exchange to the last unit', async () => {
    await withDesk(async (desk) => {
      for (let i = 0; i < 6; i++) {
        const side = i % 2 === 0 ? 1 : -1;
        const [bid, ask] = desk.touch(INSTRUMENT);
        const priceTicks = side > 0 ? ask + 200 : bid - 200;
        const lots = i === 5 ? 300 : 100 * (i + 1);
        const slot = desk.place(INSTRUMENT, {
          side,
          priceTicks,
          lots,
          timeInForce: TimeInForce.Ioc,
        });
        await until(() => isTerminal(state(desk, slot)), { what: `order ${i} to end` });
        assert.equal(state(desk, slot), OrderState.Filled);
      }
      const position = desk.exchange.service.core.accounts.get(ACCOUNT)!.position(INSTRUMENT);
      await until(() => desk.keeper.totalLots(INSTRUMENT) === position.lots, { what: 'all fills' });
      assert.equal(desk.keeper.netRealisedE8(), desk.walletChangeE8());
      await until(() => desk.decoder.walletE8[0] === 100_000e8 + desk.walletChangeE8(), {
        what: 'the wallet on the private stream',
      });
    });
  });

  it('post-only that would take is rejected and leaves no trace', async () => {
    await withDesk(async (desk) => {
      const ask = desk.touch(INSTRUMENT)[1];
      const slot = desk.place(INSTRUMENT, {
        side: 1,
        priceTicks: ask + 100,
        lots: 100,
        timeInForce: TimeInForce.Gtx,
      });
      await until(() => state(desk, slot) === OrderState.Rejected, { what: 'the reject' });
      assert.equal(desk.table.code[slot], -5022);
      assert.equal(openAtVenue(desk), 0);
    });
  });

  it('reduce-only without a position is rejected', async () => {
    await withDesk(async (desk) => {
      const [bid] = desk.touch(INSTRUMENT);
      const slot = desk.place(INSTRUMENT, {
        side: -1,
        priceTicks: bid,
        lots: 10,
        timeInForce: TimeInForce.Ioc,
        reduceOnly: true,
      });
      await until(() => isTerminal(state(desk, slot)), { what: 'the end' });
      assert.equal(state(desk, slot), OrderState.Rejected);
      assert.equal(desk.table.code[slot], -2022);
    });
  });

  it('finds an order by its client id when the acknowledgement is lost', async () => {
    for (const loseAckAs of ['silent', '503', '-1007']) {
      await withDesk(
        async (desk) => {
          desk.exchange.service.setFaults({ loseAckNext: 1, loseAckAs, muteClass: 'private' });
          const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
          await until(() => desk.manager.counters[OrderCounter.Unknowns] === 1, {
            what: 'unknown',
          });
          await until(() => state(desk, slot) === OrderState.Open, { what: 'found by query' });
          assert.equal(openAtVenue(desk), 1, 'never sent twice');
          assert.ok(desk.manager.counters[OrderCounter.Queries]! > 0);
        },
        { order: { ackTimeoutNs: 150 * MS } },
      );
    }
  });

  it('loses the order socket with an order in flight: unknown, then proven', async () => {
    await withDesk(
      async (desk) => {
        desk.exchange.service.setFaults({ orderDelayMs: 50, muteClass: 'private' });
        const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
        desk.exchange.service.setFaults({ disconnectOnce: 'wsapi' });
        await until(() => desk.manager.counters[OrderCounter.Unknowns] === 1, { what: 'unknown' });
        await until(() => state(desk, slot) !== OrderState.Unknown, { what: 'a proof' });
        const isOpen = state(desk, slot) === OrderState.Open;
        assert.equal(openAtVenue(desk), isOpen ? 1 : 0);
      },
      { order: { receiveWindowNs: 200 * MS, marginNs: 100 * MS } },
    );
  });

  it('closes the gap of a lost private stream: a fill meanwhile is booked once', async () => {
    await withDesk(
      async (desk) => {
        const [, ask] = desk.touch(INSTRUMENT);
        const { service } = desk.exchange;
        service.setFaults({ muteClass: 'private' });
        const slot = desk.place(INSTRUMENT, {
          side: 1,
          priceTicks: ask + 300,
          lots: 100,
          timeInForce: TimeInForce.Ioc,
        });
        await until(() => state(desk, slot) === OrderState.Open, { what: 'the reply alone' });
        service.setFaults({ muteClass: '', disconnectOnce: 'private' });
        await until(() => state(desk, slot) === OrderState.Filled, { what: 'filled by query' });
        assert.equal(desk.keeper.totalLots(INSTRUMENT), 100);
        assert.equal(desk.manager.counters[OrderCounter.SyntheticFills], 1);
      },
      { order: { fillGraceNs: 50 * MS, queryIntervalNs: 50 * MS } },
    );
  });

  it('notices a stream that stays mute and makes it anew', async () => {
    await withDesk(
      async (desk) => {
        const { service } = desk.exchange;
        service.setFaults({ muteClass: 'private' });
        const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
        await until(() => desk.session.muteCount > 0, { what: 'the mute stream to be noticed' });
        service.setFaults({ muteClass: '' });
        await until(() => desk.session.isReady, { what: 'the new stream' });
        desk.cancel(slot);
        await until(() => state(desk, slot) === OrderState.Canceled, { what: 'the cancel' });
      },
      { session: { muteMs: 200 } },
    );
  });

  it('survives a listen key that expires', async () => {
    await withDesk(async (desk) => {
      desk.exchange.service.setFaults({ expireListenKeys: true });
      await until(() => desk.notices.some((n) => n.includes('listen key expired')), {
        what: 'expiry',
      });
      await until(() => desk.session.isReady, { what: 'a new key' });
      const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      await until(() => desk.kinds.filter((k) => k === OrderEventKind.Accepted).length === 2, {
        what: 'reply and event of the order',
      });
      assert.equal(state(desk, slot), OrderState.Open);
    });
  });

  it('books duplicated trades once, whatever comes first', async () => {
    for (const eventOrder of ['replyFirst', 'eventsFirst', 'tradeLiteFirst', 'accountFirst']) {
      await withDesk(async (desk) => {
        desk.exchange.service.setFaults({ duplicateTradeOneIn: 1, eventOrder });
        const [, ask] = desk.touch(INSTRUMENT);
        const slot = desk.place(INSTRUMENT, {
          side: 1,
          priceTicks: ask + 300,
          lots: 200,
          timeInForce: TimeInForce.Ioc,
        });
        await until(() => state(desk, slot) === OrderState.Filled, { what: 'the fill' });
        await until(() => desk.manager.counters[OrderCounter.DuplicateTrades]! > 0, {
          what: 'the duplicate',
        });
        assert.equal(desk.keeper.totalLots(INSTRUMENT), 200);
        assert.equal(desk.keeper.netRealisedE8(), desk.walletChangeE8());
      });
    }
  });

  it('says so when the venue limits requests, and goes on afterwards', async () => {
    await withDesk(async (desk) => {
      desk.exchange.service.setFaults({ rateLimitMs: 300 });
      const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      await until(() => state(desk, slot) === OrderState.Rejected, { what: 'the refusal' });
      assert.ok((desk.session.health & Health.VenueBudgetLow) !== 0);
      assert.equal(openAtVenue(desk), 0);
    });
  });

  it('does not hammer a venue that refuses its key', async () => {
    await withDesk(async (desk) => {
      const { service } = desk.exchange;
      const stranger = throwawayKey('desk-key');
      service.register({ apiKey: 'desk-key', publicKeyPem: stranger.publicKeyPem });
      service.setFaults({ disconnectOnce: 'wsapi' });
      const refusals = (): number => desk.notices.filter((n) => n.includes('logon refused')).length;
      await until(() => refusals() > 1, { what: 'two refusals' });
      assert.ok(refusals() < 5, `${refusals()} attempts within a second`);
      assert.equal(desk.session.isReady, false);
      const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      assert.equal(state(desk, slot), OrderState.Rejected, 'nothing leaves meanwhile');
    });
  });

  it('sends nothing behind a raised fence, but still cancels', async () => {
    await withDesk(async (desk) => {
      const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      await until(() => state(desk, slot) === OrderState.Open, { what: 'open' });
      desk.fence[0] = 1;
      const fenced = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      assert.equal(state(desk, fenced), OrderState.Rejected);
      assert.equal(desk.cancel(slot), true);
      await until(() => openAtVenue(desk) === 0, { what: 'the cancel' });
    });
  });

  it('cancel-only takes everything off and verifies it', async () => {
    await withDesk(async (desk) => {
      for (let i = 0; i < 3; i++) {
        desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk) - i, lots: 100 });
      }
      await until(() => openAtVenue(desk) === 3, { what: 'three orders' });
      const session = new CancelOnlySession({
        rest: desk.rest,
        symbols: desk.instruments.map((instrument) => instrument.symbol),
        receiveWindowMs: 50,
      });
      const report = await session.cancelEverything(true);
      assert.deepEqual(report, {
        blocked: true,
        cancelled: true,
        verified: true,
        residual: [],
        errors: [],
      });
      assert.equal(openAtVenue(desk), 0);
      await until(() => desk.table.activeCount === 0, { what: 'the events of the cancels' });
    });
  });

  it('reports plainly when nothing could be verified', async () => {
    await withDesk(async (desk) => {
      desk.exchange.service.setFaults({ rateLimitMs: 60_000 });
      const session = new CancelOnlySession({
        rest: desk.rest,
        symbols: [desk.instruments[INSTRUMENT]!.symbol],
        receiveWindowMs: 1,
        attempts: 2,
        wait: () => Promise.resolve(),
      });
      const report = await session.cancelEverything(false);
      assert.equal(report.cancelled, false);
      assert.equal(report.verified, false);
      assert.ok(report.errors.length > 0);
    });
  });

  it('order ids beyond 2^53 do no harm', async () => {
    await withDesk(
      async (desk) => {
        const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
        await until(() => state(desk, slot) === OrderState.Open, { what: 'open' });
        desk.cancel(slot);
        await until(() => state(desk, slot) === OrderState.Canceled, { what: 'the cancel' });
      },
      { server: { hasLargeOrderIds: true } },
    );
  });

  it('reads time, positions, orders and the dead-man switch over REST', async () => {
    await withDesk(async (desk) => {
      assert.ok(Math.abs(desk.rest.offsetMs) < 500);
      assert.equal(await desk.rest.orderStatus('ETHUSDT', 'nobody'), null);
      assert.equal((await desk.rest.openOrders()).length, 0);
      assert.ok(Array.isArray(await desk.rest.positionRisk()));
      assert.equal((await desk.rest.balance())[0]?.['balance'], '100000.00000000');
      await desk.rest.countdownCancelAll('ETHUSDT', 300);
      const slot = desk.place(INSTRUMENT, { side: 1, priceTicks: farBid(desk), lots: 100 });
      await until(() => state(desk, slot) === OrderState.Open, { what: 'open' });
      await until(() => isTerminal(state(desk, slot)), { what: 'the countdown' });
      assert.equal(openAtVenue(desk), 0);
    });
  });
});
