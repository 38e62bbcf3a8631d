/**
 * hand-panel.test: the ladder's lock and foot in a simulated page: what they show of a status, what
 * they ask for, and that nothing is shown before it is acknowledged.
 */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../engine/contract/commands.ts';
import type { EngineStatus, HandStatus, InstrumentStatus } from '../../engine/contract/status.ts';
import { startHotkeys } from '../../renderer/app/hotkeys.ts';
import { EngineLink, installLink } from '../../renderer/link/engine-link.ts';
import { LadderPanel } from '../../renderer/panels/ladder/LadderPanel.tsx';
import { createLadderHand } from '../../renderer/panels/ladder/ladder-hand.ts';
import { Grid } from '../../renderer/format/grid.ts';
import { useCommands } from '../../renderer/stores/commands-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { useHand } from '../../renderer/stores/hand-store.ts';
import { statusChanged, statusForgotten } from '../../renderer/stores/status-store.ts';
import { useView } from '../../renderer/stores/view-store.ts';
import { sampleStatus } from './support/samples.ts';

const VIEW_START = useView.getState();
const HAND_START = useHand.getState();

beforeEach(() => {
  useConnection.setState({ ...CONNECTION_START, phase: 'live', terminal: 'terminal 1' });
  useCommands.setState({ requests: [] });
  useView.setState({ ...VIEW_START, ladders: ['BTCUSDT', 'ETHUSDT'], focus: 'BTCUSDT' });
  useHand.setState(HAND_START);
  statusForgotten();
  installLink(new EngineLink({ postMessage: () => {}, addEventListener: () => {} }));
});

afterEach(cleanup);

/** The sample status with BTCUSDT changed. */
function statusWith(
  change: Partial<InstrumentStatus> = {},
  hand: Partial<HandStatus> = {},
  options: Parameters<typeof sampleStatus>[1] = {},
): EngineStatus {
  const status = sampleStatus({}, options);
  const instruments = status.instruments.map((each) =>
    each.symbol === 'BTCUSDT' ? { ...each, ...change, hand: { ...each.hand, ...hand } } : each,
  );
  return { ...status, instruments };
}

function show(status = statusWith()): void {
  statusChanged(status);
  render(<LadderPanel ladder={0} />);
}

function wishes(): Partial<Command>[] {
  return useCommands.getState().requests.map(({ command }) => {
    const { id: _id, ...rest } = command;
    return rest;
  });
}

const lock = (): HTMLElement => screen.getByRole('button', { name: /Trading by hand on BTCUSDT/ });
const line = (): string => document.querySelector('[data-role="hand-line"]')?.textContent ?? '';
const button = (name: string): HTMLElement => screen.getByRole('button', { name });

describe('the lock', () => {
  it('shows only what the engine has acknowledged', () => {
    show();
    expect([lock().textContent, lock().getAttribute('aria-pressed')]).toEqual(['LOCKED', 'false']);
    fireEvent.click(lock());
    expect(wishes()).toEqual([{ kind: 'unlockLadder', symbol: 'BTCUSDT', unlocked: true }]);
    act(() =>
      useCommands.setState(({ requests }) => ({
        requests: requests.map((each) => ({ ...each, state: 'pending', answeredAtMs: null })),
      })),
    );
    expect(lock().getAttribute('aria-busy')).toBe('true');
    expect(lock().getAttribute('aria-pressed')).toBe('false');
    act(() => statusChanged(statusWith({ ladder: 'unlocked' })));
    expect(lock().getAttribute('aria-pressed')).toBe('true');
  });

  it('is what the key U asks for', () => {
    show(statusWith({ ladder: 'unlocked' }));
    const stop = startHotkeys(window);
    fireEvent.keyDown(document.body, { key: 'u', code: 'KeyU' });
    stop();
    expect(wishes()).toEqual([{ kind: 'unlockLadder', symbol: 'BTCUSDT', unlocked: false }]);
  });
});

describe('the foot', () => {
  it('offers five sizes, takes one by press or Alt and its number, keeps another', () => {
    show();
    const presets = [...document.querySelectorAll<HTMLElement>('[data-preset]')];
    expect(presets).toHaveLength(5);
    const input = document.querySelector<HTMLInputElement>('[data-role="hand-size"]');
    if (input === null || presets[2] === undefined) throw new Error('the foot has a size');
    fireEvent.click(presets[2]);
    expect(input.value).toBe(useHand.getState().sizes['BTCUSDT']?.presets[2]);
    fireEvent.keyDown(input, { altKey: true, code: 'Digit1', key: '1' });
    expect(input.value).toBe(useHand.getState().sizes['BTCUSDT']?.presets[0]);
    fireEvent.change(input, { target: { value: '0.033' } });
    fireEvent.contextMenu(presets[4] ?? input);
    expect(useHand.getState().sizes['BTCUSDT']?.presets[4]).toBe('0.033');
    fireEvent.change(input, { target: { value: '0.0333' } });
    expect(input.getAttribute('aria-invalid')).toBe('true');
  });

  it('cancels a side, all by hand, and with Shift every owner’s', () => {
    show();
    fireEvent.click(button('Cancel bids'));
    fireEvent.click(button('asks'));
    fireEvent.click(button('all'));
    fireEvent.click(button('all'), { shiftKey: true });
    const cancel = { kind: 'cancelOrders', symbol: 'BTCUSDT', side: null };
    expect(wishes().toReversed()).toEqual([
      { ...cancel, side: 'buy', scope: 'hand' },
      { ...cancel, side: 'sell', scope: 'hand' },
      { ...cancel, scope: 'hand' },
      { ...cancel, scope: 'all' },
    ]);
  });

  it('flattens at the second press where something is held, at the first where nothing is', () => {
    show(statusWith({ positionLots: 20, position: '0.020' }, { lots: 20, position: '0.020' }));
    fireEvent.click(button('Flatten'));
    expect(wishes()).toEqual([]);
    fireEvent.keyDown(window, { key: 'Escape' });
    fireEvent.click(button('Flatten'));
    fireEvent.click(button('Close .02?'));
    expect(wishes()).toEqual([{ kind: 'flatten', symbol: 'BTCUSDT' }]);
    act(() => statusChanged(statusWith()));
    fireEvent.click(button('Flatten'));
    expect(wishes()).toHaveLength(2);
  });

  it('shows the position of the hand with its entry and what it is worth', () => {
    show(
      statusWith(
        {},
        { lots: -20, position: '-0.020', entry: '64231.05', unrealised: '-1.25000000' },
      ),
    );
    const text = document.querySelector('[data-role="hand-position"]')?.textContent ?? '';
    expect(text).toMatch(/SHORT0\.020at64,231\.05open −1\.25/);
  });

  it('may do nothing where another terminal is in control', () => {
    show(statusWith({}, {}, { mine: false, holder: 'terminal 2' }));
    for (const name of ['Cancel bids', 'asks', 'all', 'Flatten']) {
      expect((button(name) as HTMLButtonElement).disabled).toBe(true);
    }
  });
});

const hand = () =>
  createLadderHand({
    ladder: 0,
    grid: new Grid({ symbol: 'BTCUSDT', index: 0, tickSize: '0.10', lotSize: '0.001' }),
    rowOf: (ticks) => ticks,
  });

describe('what a press does', () => {
  const buy = { kind: 'place', side: 1, ticks: 642_310, isTaking: false } as const;

  it('sends the price that was pressed and the present size, post-only', () => {
    show(statusWith({ ladder: 'unlocked' }));
    useHand.setState({ sizes: { BTCUSDT: { size: '0.010', presets: [] } } });
    hand().act(buy);
    expect(wishes()).toEqual([
      {
        kind: 'placeOrder',
        symbol: 'BTCUSDT',
        side: 'buy',
        price: '64231.0',
        size: '0.010',
        timeInForce: 'post-only',
        reduceOnly: false,
      },
    ]);
  });

  it('sends nothing while locked, read-only, not connected or without a size, and says so', () => {
    show();
    act(() => hand().act(buy));
    expect(line()).toMatch(/^locked: nothing was sent/);
    act(() => statusChanged(statusWith({ ladder: 'unlocked' }, {}, { mine: false })));
    act(() => hand().act(buy));
    expect(line()).toMatch(/^read-only/);
    act(() => statusChanged(statusWith({ ladder: 'unlocked' })));
    act(() => useHand.setState({ sizes: { BTCUSDT: { size: '0.0005', presets: [] } } }));
    act(() => hand().act(buy));
    expect(line()).toMatch(/no multiple of 0\.001/);
    useConnection.setState({ phase: 'lost' });
    act(() => hand().act(buy));
    expect(line()).toMatch(/^not connected/);
    expect(wishes()).toEqual([]);
  });

  it('takes nothing where no depth is displayed', () => {
    show(statusWith({ ladder: 'unlocked' }));
    act(() => hand().act({ ...buy, isTaking: true }));
    expect(line()).toMatch(/nothing is displayed/);
    expect(wishes()).toEqual([]);
  });

  it('cancels the hand’s orders of a row, and leaves a strategy’s', () => {
    const status = statusWith();
    const [sample] = status.orders;
    if (sample === undefined) throw new Error('the sample has orders');
    const own = { ...sample, owner: 'hand', price: '64231.0', side: 'buy' } as const;
    const orders = [
      { ...own, clientId: 'a-h000001' },
      { ...own, clientId: 'a-h000002' },
      { ...own, clientId: 'a-q000003', owner: 'quoter', price: '64232.0' },
    ];
    show({ ...status, orders });
    act(() => hand().act({ kind: 'cancel', ticks: 642_310 }));
    expect(wishes().map((each) => each.kind === 'cancelOrder' && each.clientId)).toEqual([
      'a-h000002',
      'a-h000001',
    ]);
    act(() => hand().act({ kind: 'cancel', ticks: 642_320 }));
    expect(useHand.getState().notices['BTCUSDT']?.text).toMatch(/the quoter's/);
    expect(wishes()).toHaveLength(2);
  });
});
