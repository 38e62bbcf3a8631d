/**
 * panels.test: the panels in a simulated page: what they show of a status, what a click asks for,
 * and what they say when there is nothing to show.
 */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../../engine/contract/commands.ts';
import type { EngineStatus } from '../../engine/contract/status.ts';
import { App, loadDock } from '../../renderer/app/App.tsx';
import { Dialogs } from '../../renderer/app/Dialogs.tsx';
import { ErrorBoundary } from '../../renderer/app/ErrorBoundary.tsx';
import { Header } from '../../renderer/app/Header.tsx';
import { NoticeStrip } from '../../renderer/app/NoticeStrip.tsx';
import { PanelBoundary } from '../../renderer/app/PanelBoundary.tsx';
import { readKept, settleView, startViewMemory } from '../../renderer/app/view-memory.ts';
import { EngineLink, installLink } from '../../renderer/link/engine-link.ts';
import { DecisionsPanel } from '../../renderer/panels/decisions/DecisionsPanel.tsx';
import { LatencyPanel } from '../../renderer/panels/latency/LatencyPanel.tsx';
import { MarketMakingPanel } from '../../renderer/panels/market-making/MarketMakingPanel.tsx';
import { ScalpsPanel } from '../../renderer/panels/scalps/ScalpsPanel.tsx';
import { SignalsPanel } from '../../renderer/panels/signals/SignalsPanel.tsx';
import { StrategiesPanel } from '../../renderer/panels/strategies/StrategiesPanel.tsx';
import { activityForgotten, alertsRaised } from '../../renderer/stores/activity-store.ts';
import {
  requestAnswered,
  useCommands,
  type RequestState,
} from '../../renderer/stores/commands-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { decisionsForgotten, decisionsMade } from '../../renderer/stores/decisions-store.ts';
import { statusChanged, statusForgotten } from '../../renderer/stores/status-store.ts';
import { openDialog, useView } from '../../renderer/stores/view-store.ts';
import { Menu } from '../../renderer/ui/Menu.tsx';
import { sampleDecision, sampleStatus } from './support/samples.ts';

const VIEW_START = useView.getState();

beforeAll(loadDock);

beforeEach(() => {
  useConnection.setState({ ...CONNECTION_START, phase: 'live', terminal: 'terminal 1' });
  useCommands.setState({ requests: [] });
  useView.setState({ ...VIEW_START, focus: 'BTCUSDT' });
  statusForgotten();
  decisionsForgotten();
  activityForgotten();
  const link = new EngineLink({ postMessage: () => {}, addEventListener: () => {} });
  installLink(link);
});

afterEach(cleanup);

function show(node: ReactNode, status: EngineStatus | null = sampleStatus()): void {
  if (status !== null) statusChanged(status);
  render(node);
}

function update(status: EngineStatus): void {
  act(() => statusChanged(status));
}

/** The newest wish, whatever became of it. */
function wish(): Partial<Command> {
  const { id: _id, ...rest } = useCommands.getState().requests[0]?.command ?? { id: '' };
  return rest;
}

/** Puts the newest wish into another state, as the router would. */
function answer(state: RequestState, reason = ''): void {
  const [request] = useCommands.getState().requests;
  if (request === undefined) throw new Error('nothing was asked');
  const { id, kind } = request.command;
  const outcome = state === 'refused' ? 'refused' : 'applied';
  act(() => requestAnswered({ id, kind, outcome, reason }, performance.now()));
}

function pend(): void {
  useCommands.setState(({ requests }) => ({
    requests: requests.map((request) => ({ ...request, state: 'pending', answeredAtMs: null })),
  }));
}

describe('header', () => {
  it('answers its questions from the status', () => {
    show(<Header />, sampleStatus({ state: 'ARMED' }, { armed: [['scalper', 'BTCUSDT']] }));
    expect(screen.getByText('SIM EXCHANGE')).toBeTruthy();
    expect(screen.getByText('8 of 8 synced')).toBeTruthy();
    expect(screen.getByText('+184.27 USDT').className).toBe('up');
    expect(screen.getByText(/^2\.\d\d µs$/)).toBeTruthy();
    expect(screen.getByRole('status').textContent).toMatch(/^ARMED · 1 of 16/);
  });

  it('claims nothing before the first status', () => {
    show(<Header />, null);
    expect(screen.getByText('MODE UNKNOWN')).toBeTruthy();
    expect(screen.getByRole('status').textContent).toMatch(/STATE UNKNOWN/);
    expect(screen.queryByText(/synced/)).toBeNull();
  });

  it('lets the least trusted instrument decide, and counts what is synced', () => {
    show(<Header />, sampleStatus({ stale: new Set([6]) }));
    expect(screen.getByText('7 of 8 synced')).toBeTruthy();
    expect(document.querySelector('[data-role="trust"]')?.textContent).toBe('DATA TRUST0');
  });

  it('kills at one press and says that it is sent', () => {
    show(<Header />);
    fireEvent.click(screen.getByRole('button', { name: /KILL/ }));
    expect(wish()).toEqual({ kind: 'kill' });
    expect(screen.getByRole('button', { name: /KILL SENT/ })).toBeTruthy();
  });
});

function states(element: HTMLElement): readonly (string | null)[] {
  return ['aria-checked', 'aria-busy'].map((name) => element.getAttribute(name));
}

function switchOf(name: RegExp): HTMLElement {
  return screen.getByRole('switch', { name });
}

describe('strategies', () => {
  it('show what the engine acknowledged, not what was asked', () => {
    show(<StrategiesPanel />);
    const scalper = switchOf(/Scalper on BTCUSDT/);
    expect(scalper.getAttribute('aria-checked')).toBe('false');
    fireEvent.click(scalper);
    expect(wish()).toEqual({ kind: 'arm', strategy: 'scalper', symbol: 'BTCUSDT' });
    act(pend);
    expect(states(scalper)).toEqual(['false', 'true']);
    answer('applied');
    expect(states(scalper)).toEqual(['false', 'false']);
    update(sampleStatus({ state: 'ARMED' }, { armed: [['scalper', 'BTCUSDT']] }));
    expect(states(scalper)[0]).toBe('true');
    fireEvent.click(scalper);
    expect(wish()).toEqual({ kind: 'disarm', strategy: 'scalper', symbol: 'BTCUSDT' });
  });

  it('cannot be armed without the lease, and can always be disarmed', () => {
    const armed = [['scalper', 'BTCUSDT']] as const;
    show(<StrategiesPanel />, sampleStatus({ state: 'ARMED' }, { mine: false, armed }));
    expect(switchOf(/Scalper on ETHUSDT/)).toHaveProperty('disabled', true);
    expect(switchOf(/Scalper on BTCUSDT/)).toHaveProperty('disabled', false);
    expect(screen.getByRole('button', { name: 'Arm all' })).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('button', { name: 'Disarm all' }));
    expect(wish()).toEqual({ kind: 'disarm', strategy: null, symbol: null });
  });

  it('cannot be armed while HALTED', () => {
    show(<StrategiesPanel />, sampleStatus({ state: 'HALTED' }));
    expect(switchOf(/Scalper on BTCUSDT: halted/)).toHaveProperty('disabled', true);
  });

  it('say when an armed one is held back', () => {
    const armed = [['scalper', 'AVAXUSDT']] as const;
    show(<StrategiesPanel />, sampleStatus({ stale: new Set([6]), state: 'ARMED' }, { armed }));
    const row = document.querySelector('[data-strategy="scalper"][data-symbol="AVAXUSDT"]');
    expect(row?.textContent).toMatch(/HELD BACK/);
    expect(row?.getAttribute('title')).toBe('book is resyncing');
  });
});

describe('scalps', () => {
  it('list every open one, and close through the engine', () => {
    show(<ScalpsPanel />);
    expect(document.querySelectorAll('tr[data-scalp]')).toHaveLength(3);
    const close = screen.getByRole('button', { name: 'Close scalp 18 in SOLUSDT' });
    fireEvent.click(close);
    expect(wish()).toEqual({ kind: 'closeScalp', scalpId: 18 });
    act(pend);
    expect(close).toHaveProperty('disabled', true);
    update(sampleStatus({ closed: new Set([18]) }));
    expect(document.querySelector('tr[data-scalp="18"]')).toBeNull();
  });

  it('say so when there is none', () => {
    show(<ScalpsPanel />, sampleStatus({ isEmpty: true }));
    expect(screen.getByText(/No open scalps/)).toBeTruthy();
  });
});

describe('market making', () => {
  it('shows live quotes and inventory where it quotes, the reason where it does not', () => {
    show(<MarketMakingPanel />, sampleStatus({}, { armed: [['market-making', 'BTCUSDT']] }));
    const quoting = within(screen.getByRole('row', { name: /BTCUSDT/ }));
    expect(quoting.getByText('QUOTING')).toBeTruthy();
    expect(quoting.getByRole('switch').getAttribute('aria-checked')).toBe('true');
    const off = screen.getByRole('row', { name: /ETHUSDT/ });
    expect(off.textContent).toMatch(/OFF.*edge below cost/);
    fireEvent.click(within(off).getByRole('switch'));
    expect(wish()).toEqual({ kind: 'arm', strategy: 'market-making', symbol: 'ETHUSDT' });
  });
});

describe('decisions', () => {
  const three = [1, 2, 3].map((sequence) =>
    sampleDecision({ sequence, entered: sequence === 2, verdict: 'COOL_DOWN' }),
  );

  it('show the newest first, and the readings of the one that was clicked', () => {
    show(<DecisionsPanel />);
    act(() => decisionsMade(three));
    const lines = screen.getAllByRole('listitem');
    expect(lines).toHaveLength(3);
    expect(screen.getByLabelText('Decision 3')).toBeTruthy();
    fireEvent.click(within(lines[2]!).getByRole('button'));
    const detail = screen.getByLabelText('Decision 1');
    expect(detail.querySelectorAll('.gauge')).toHaveLength(8);
    act(() => decisionsMade([sampleDecision({ sequence: 4 })]));
    expect(screen.getByLabelText('Decision 1')).toBeTruthy();
    fireEvent.click(screen.getByText('Follow newest'));
    expect(screen.getByLabelText('Decision 4')).toBeTruthy();
  });

  it('do not move under the pointer', () => {
    show(<DecisionsPanel />);
    act(() => decisionsMade(three));
    const list = screen.getByRole('list');
    fireEvent.pointerEnter(list);
    act(() => decisionsMade([sampleDecision({ sequence: 4 })]));
    expect(screen.getAllByRole('listitem')).toHaveLength(3);
    expect(screen.getByText('1 new, held')).toBeTruthy();
    fireEvent.pointerLeave(list);
    expect(screen.getAllByRole('listitem')).toHaveLength(4);
  });

  it('can be narrowed to entries or vetoes', () => {
    show(<DecisionsPanel />);
    act(() => decisionsMade(three));
    fireEvent.click(screen.getByText('entries'));
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    fireEvent.click(screen.getByText('vetoes'));
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
  });
});

describe('latency and signals', () => {
  it('list every stage and every drop', () => {
    show(<LatencyPanel />);
    expect(document.querySelectorAll('tr[data-stage]')).toHaveLength(12);
    expect(document.querySelectorAll('.strip i')).toHaveLength(7);
    expect(screen.getByLabelText('Drops').textContent).toMatch(/journal0.*frames3/);
  });

  it('say so when nothing was measured', () => {
    show(<LatencyPanel />, sampleStatus({ isEmpty: true }));
    expect(screen.getByText('Nothing measured yet.')).toBeTruthy();
  });

  it('name the eight readings and the last score of the instrument in focus', () => {
    show(<SignalsPanel />);
    expect(document.querySelectorAll('[data-signal]')).toHaveLength(8);
    expect(screen.getByText('no score yet')).toBeTruthy();
    const decision = sampleDecision({ symbol: 'BTCUSDT', side: 'short', score: -0.63, agree: 6 });
    act(() => decisionsMade([decision]));
    expect(screen.getByText('score −0.63')).toBeTruthy();
    expect(screen.getByText('6 of 8')).toBeTruthy();
  });
});

describe('the notice strip', () => {
  it('is calm when there is nothing to say, and shows the newest alert otherwise', () => {
    show(<NoticeStrip />);
    expect(screen.getByText('No alerts in this session')).toBeTruthy();
    act(() => alertsRaised([{ atMs: 5, level: 'warn', code: 'GAP', text: 'a gap' }]));
    expect(screen.getByText('a gap')).toBeTruthy();
  });

  it('reports KILL step by step with the residual', () => {
    const kill = {
      atMs: 5,
      blocked: true,
      cancelled: true,
      verified: false,
      residualOrders: 2,
      by: 'watchdog',
      detail: 'waiting for the venue',
    } as const;
    show(<NoticeStrip />, sampleStatus({ state: 'HALTED', kill }));
    const report = document.querySelector('[data-role="kill-report"]')?.textContent ?? '';
    expect(report).toMatch(/blocked: yes.*cancelled: yes.*venue: not yet.*2 orders left/);
    expect(report).toMatch(/by watchdog/);
  });

  it('offers control when somebody else has it', () => {
    show(<NoticeStrip />, sampleStatus({}, { mine: false, holder: 'terminal 9' }));
    expect(screen.getByText(/terminal 9 is in control/)).toBeTruthy();
    expect(screen.getByText('Take control')).toBeTruthy();
  });

  it('says a refusal with its reason before an alert', () => {
    show(
      <>
        <NoticeStrip />
        <StrategiesPanel />
      </>,
    );
    act(() => alertsRaised([{ atMs: 5, level: 'info', code: 'X', text: 'an alert' }]));
    fireEvent.click(screen.getByRole('button', { name: 'Arm all' }));
    answer('refused', 'limit unset');
    expect(screen.getByText('Arm all: refused: limit unset')).toBeTruthy();
    expect(screen.queryByText('an alert')).toBeNull();
  });

  it('tells why the engine is REDUCING', () => {
    show(<NoticeStrip />, sampleStatus({ state: 'REDUCING', stateReason: 'daily loss' }));
    expect(screen.getByText(/daily loss. No entries and no quotes/)).toBeTruthy();
    expect(document.querySelector('[data-role="notice"]')?.getAttribute('data-kind')).toBe(
      'reducing',
    );
  });
});

describe('dialogs', () => {
  it('RESUME needs the exact word', () => {
    show(<Dialogs />, sampleStatus({ state: 'HALTED' }));
    act(() => openDialog('resume'));
    const field = screen.getByLabelText(/Type RESUME/);
    const submit = screen.getByRole('button', { name: 'Resume' });
    for (const typed of ['', 'resume', 'RESUME ', 'RESUM']) {
      fireEvent.change(field, { target: { value: typed } });
      expect(submit).toHaveProperty('disabled', true);
    }
    fireEvent.change(field, { target: { value: 'RESUME' } });
    fireEvent.click(submit);
    expect(wish()).toEqual({ kind: 'resume', typed: 'RESUME' });
    expect(useView.getState().dialog).toBeNull();
  });

  it('Flatten asks once more', () => {
    show(<Dialogs />);
    act(() => openDialog('flatten'));
    expect(screen.getByText(/no open position/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Do nothing' }));
    expect(useCommands.getState().requests).toEqual([]);
    act(() => openDialog('flatten'));
    fireEvent.click(screen.getByRole('button', { name: 'Flatten all' }));
    expect(wish()).toEqual({ kind: 'flatten', symbol: null });
  });
});

function Broken(): ReactNode {
  throw new Error('a panel broke');
}

describe('the whole window', () => {
  it('holds every panel, and chooses instruments for the ladders', async () => {
    useView.setState({ ...VIEW_START });
    show(<App />);
    await waitFor(() => expect(document.querySelector('[data-panel="latency"]')).toBeTruthy(), {
      timeout: 30_000,
    });
    const names = [...document.querySelectorAll('[data-panel]')].map((node) => {
      return node.getAttribute('data-panel');
    });
    expect(names).toEqual([
      'ladder',
      'ladder',
      'imbalance',
      'scalps',
      'market-making',
      'decisions',
      'strategies',
      'signals',
      'latency',
    ]);
    expect(useView.getState().ladders).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(document.querySelectorAll('[data-role="ladder-rows"] tbody tr')).toHaveLength(40);
  });

  it.each([
    ['connecting', 'CONNECTING'],
    ['greeting', 'LOADING'],
    ['lost', 'DISCONNECTED'],
    ['unauthorised', 'ACCESS REFUSED'],
    ['mismatched', 'WRONG VERSION'],
  ] as const)('under the curtain when %s', (phase, title) => {
    useConnection.setState({ phase, lastAliveWallMs: Date.now() - 3000, attempt: 4 });
    show(<App />);
    expect(screen.getByRole('heading', { name: title })).toBeTruthy();
    expect(document.querySelector('.app')?.getAttribute('data-alive')).toBe('false');
  });

  it('survives a fault of its own and keeps KILL', () => {
    const original = console.error;
    console.error = () => {};
    show(
      <ErrorBoundary>
        <Broken />
      </ErrorBoundary>,
    );
    console.error = original;
    expect(screen.getByText(/a panel broke/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'KILL' }));
    expect(wish()).toEqual({ kind: 'kill' });
  });
});

describe('a panel that fails', () => {
  it('says so in its place and can be shown again; the rest goes on', () => {
    const original = console.error;
    console.error = () => {};
    show(
      <>
        <PanelBoundary title="Chart">
          <Broken />
        </PanelBoundary>
        <SignalsPanel />
      </>,
    );
    console.error = original;
    const fault = screen.getByRole('region', { name: 'Chart: failed' });
    expect(within(fault).getByRole('alert').textContent).toMatch(/a panel broke.*other panels go/);
    expect(within(fault).getByRole('button', { name: 'Show it again' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Signals' })).toBeTruthy();
  });
});

describe('the arrangement', () => {
  it('is kept over a reload, and anything strange is ignored', () => {
    localStorage.clear();
    const stop = startViewMemory(localStorage);
    useView.setState({ ladders: ['A', 'B'], groups: [5, 1], palette: 'blue-orange' });
    expect(readKept(localStorage)).toMatchObject({
      ladders: ['A', 'B'],
      groups: [5, 1],
      palette: 'blue-orange',
    });
    stop();
    for (const strange of ['{', '7', '{"ladders":["A"]}', '{"ladders":[1,2],"groups":[1,1]}']) {
      localStorage.setItem('tickdeck.view.1', strange);
      expect(readKept(localStorage)).toBeNull();
    }
  });

  it.each([
    [
      ['', ''],
      ['BTC', 'ETH'],
      ['BTC', 'ETH'],
    ],
    [
      ['ETH', ''],
      ['BTC', 'ETH'],
      ['ETH', 'BTC'],
    ],
    [
      ['GONE', 'BTC'],
      ['BTC', 'ETH'],
      ['ETH', 'BTC'],
    ],
    [['', ''], ['BTC'], ['BTC', 'BTC']],
    [['', ''], [], ['', '']],
  ] as const)('%j with instruments %j becomes %j', (ladders, symbols, expected) => {
    useView.setState({ ladders: [...ladders], focus: '' });
    settleView(symbols);
    expect(useView.getState().ladders).toEqual(expected);
  });
});

describe('a menu', () => {
  it('closes on Esc without letting Esc through', () => {
    let escaped = 0;
    const listen = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') escaped += 1;
    };
    globalThis.addEventListener('keydown', listen);
    render(<Menu label="Instrument" value="A" options={['A', 'B']} onChoose={() => {}} />);
    fireEvent.click(screen.getByRole('button', { name: 'Instrument: A' }));
    fireEvent.keyDown(screen.getByRole('option', { name: 'A' }), { key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(escaped).toBe(0);
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(escaped).toBe(1);
    globalThis.removeEventListener('keydown', listen);
  });

  it('hands on what was chosen', () => {
    const chosen: string[] = [];
    render(
      <Menu label="I" value="A" options={['A', 'B']} onChoose={(value) => chosen.push(value)} />,
    );
    fireEvent.click(screen.getByRole('button', { name: 'I: A' }));
    fireEvent.click(screen.getByRole('option', { name: 'B' }));
    expect(chosen).toEqual(['B']);
  });
});
