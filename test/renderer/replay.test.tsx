/**
 * replay.test: the replay panel: what it shows of a tape, what a key, a press and a drag ask for,
 * and what it says in other modes.
 */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReplayStatus } from '../../engine/contract/status.ts';
import { EngineLink, installLink } from '../../renderer/link/engine-link.ts';
import {
  keyTarget,
  marksOf,
  played,
  shareOf,
  speedText,
  timeAt,
} from '../../renderer/panels/replay/replay-rows.ts';
import { ReplayPanel } from '../../renderer/panels/replay/ReplayPanel.tsx';
import { activityForgotten } from '../../renderer/stores/activity-store.ts';
import { useCommands } from '../../renderer/stores/commands-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { decisionsForgotten } from '../../renderer/stores/decisions-store.ts';
import { statusChanged, statusForgotten } from '../../renderer/stores/status-store.ts';
import { fakeReplay } from '../support/fake-replay.ts';
import { sampleDecision, sampleStatus, type StatusOptions } from './support/samples.ts';

const TAPE = fakeReplay();

beforeEach(() => {
  useConnection.setState({ ...CONNECTION_START, phase: 'live', terminal: 'terminal 1' });
  useCommands.setState({ requests: [] });
  statusForgotten();
  decisionsForgotten();
  activityForgotten();
  installLink(new EngineLink({ postMessage: () => {}, addEventListener: () => {} }));
});

afterEach(cleanup);

function show(change: Partial<ReplayStatus> = {}, options: StatusOptions = {}): void {
  statusChanged(sampleStatus({ mode: 'replay', replay: fakeReplay(change) }, options));
  render(<ReplayPanel />);
}

/** What was asked, newest last, without ids. */
function asked(): readonly unknown[] {
  return useCommands
    .getState()
    .requests.map(({ command }) => ({ ...command, id: undefined }))
    .toReversed();
}

describe('the replay panel', () => {
  it('plays, pauses, steps and looks for the next decision and fill', () => {
    show({ state: 'paused' });
    for (const name of ['Play', 'Step', 'Next decision', 'Next fill']) {
      fireEvent.click(screen.getByRole('button', { name }));
    }
    expect(asked()).toEqual(
      ['play', 'step', 'nextDecision', 'nextFill'].map((action) => ({ kind: 'replay', action })),
    );
  });

  it('takes Space for play and pause, and leaves it to a button that has the focus', () => {
    show({ state: 'playing' });
    fireEvent.keyDown(screen.getByRole('slider'), { key: ' ' });
    fireEvent.keyDown(screen.getByRole('button', { name: 'Step' }), { key: ' ' });
    expect(asked()).toEqual([{ kind: 'replay', action: 'pause' }]);
  });

  it('chooses a speed', () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Speed: 5×' }));
    fireEvent.click(screen.getByRole('option', { name: 'max' }));
    expect(asked()).toEqual([{ kind: 'replay', action: 'speed', value: 0 }]);
  });

  it('seeks by keys, and shows the tape’s time in UTC to the millisecond', () => {
    show();
    const slider = screen.getByRole('slider');
    expect(slider.getAttribute('aria-valuetext')).toBe('2026-11-22 14:34:10.118 UTC');
    fireEvent.keyDown(slider, { key: 'ArrowLeft' });
    fireEvent.keyDown(slider, { key: 'End' });
    expect(asked()).toEqual([
      { kind: 'replay', action: 'seek', value: TAPE.atMs - 1000 },
      { kind: 'replay', action: 'seek', value: TAPE.endMs },
    ]);
  });

  it('is locked without the lease, and says who has it', () => {
    show({}, { mine: false, holder: 'terminal 9' });
    expect(screen.getByRole('button', { name: 'Pause' }).hasAttribute('disabled')).toBe(true);
    fireEvent.keyDown(screen.getByRole('slider'), { key: 'End' });
    fireEvent.keyDown(screen.getByRole('slider'), { key: ' ' });
    expect(asked()).toEqual([]);
    expect(screen.getByText(/terminal 9 is in control: the tape is steered there/)).toBeTruthy();
  });

  it('asks for control to be taken where nobody has it', () => {
    show({}, { mine: false, holder: null });
    expect(screen.getByText(/nobody is in control: take control to steer/)).toBeTruthy();
  });

  it('says where a seek goes, and that the tape has ended', () => {
    show({ state: 'seeking', seekMs: TAPE.startMs + 60_000 });
    expect(screen.getByText('going to 14:31:00.000')).toBeTruthy();
    cleanup();
    show({ state: 'ended' });
    expect(screen.getByText('the tape has ended')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Play' }).hasAttribute('disabled')).toBe(true);
  });

  it('says in other modes how a replay is started', () => {
    statusChanged(sampleStatus());
    render(<ReplayPanel />);
    expect(screen.getByText(/tickdeck start --tape/)).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
  });
});

describe('the timeline', () => {
  it('turns places into times and back, and stays on the tape', () => {
    expect(timeAt(0.5, TAPE)).toBe(TAPE.startMs + 300_000);
    expect(timeAt(-1, TAPE)).toBe(TAPE.startMs);
    expect(timeAt(9, TAPE)).toBe(TAPE.endMs);
    expect(shareOf(timeAt(0.123, TAPE), TAPE)).toBeCloseTo(0.123, 5);
    expect(shareOf(5, { startMs: 5, endMs: 5 })).toBe(1);
    expect(keyTarget('ArrowLeft', true, { ...TAPE, atMs: TAPE.startMs + 10 })).toBe(TAPE.startMs);
    expect(keyTarget('x', false, TAPE)).toBeNull();
  });

  it('marks entries and fills of this tape, not refusals', () => {
    const atMs = TAPE.startMs + 60_000;
    const decisions = [
      sampleDecision({ sequence: 1, atMs, entered: true }),
      sampleDecision({ sequence: 2, atMs, entered: false }),
      sampleDecision({ sequence: 3, atMs: TAPE.endMs + 1, entered: true }),
    ];
    const fill = {
      sequence: 1,
      atMs,
      symbol: 'BTCUSDT',
      side: 'sell',
      price: '1',
      size: '2',
      fee: '0',
      realised: '0',
      maker: true,
      owner: 'scalper',
      purpose: 'exit',
      clientId: 'c',
    } as const;
    const marks = marksOf(decisions, [fill], TAPE);
    expect(marks.map(({ kind, share }) => [kind, share])).toEqual([
      ['entry', 0.1],
      ['sell', 0.1],
    ]);
  });

  it('writes spans and speeds', () => {
    expect(played(TAPE.atMs, TAPE)).toBe('4:10 of 10:00');
    expect(played(7_200_000, { startMs: 0, endMs: 7_260_000 })).toBe('2:00:00 of 2:01:00');
    expect([0.25, 1000, 0].map(speedText)).toEqual(['0.25×', '1000×', 'max']);
  });
});
