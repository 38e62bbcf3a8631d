/**
 * tray-face: what the tray shows of the engine: a sign and a line.
 *
 * Imports   contract, protocol, ./quit, ./tray-picture (types).
 */
import type { EnginePhase } from '../../engine/contract/bridge.ts';
import type { EngineSummary } from '../protocol/engine-messages.ts';
import { stakes } from './quit.ts';
import type { TraySign } from './tray-picture.ts';

export interface TrayFace {
  readonly sign: TraySign;
  readonly tooltip: string;
}

/** What the tray shows; an engine that is not heard is shown as no state at all. */
export function trayFace(phase: EnginePhase, summary: EngineSummary | null): TrayFace {
  if (phase !== 'running' || summary === null) {
    return { sign: 'none', tooltip: `Tickdeck: engine ${phase}` };
  }
  const { mode, state, dayPnl, currency } = summary;
  const lines = [`Tickdeck ${mode.toUpperCase()} ${state}`, ...stakes(summary)];
  lines.push(`day ${dayPnl} ${currency}`);
  return { sign: signOf(state), tooltip: lines.join(' · ') };
}

function signOf(state: EngineSummary['state']): TraySign {
  switch (state) {
    case 'DISARMED':
      return 'disarmed';
    case 'ARMED':
      return 'armed';
    case 'REDUCING':
      return 'reducing';
    case 'HALTED':
      return 'halted';
  }
}
