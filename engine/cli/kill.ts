/**
 * kill: `tickdeck kill`, stops everything at once: block, cancel, verify with the venue.
 *
 * The three are printed as they become true, with what is left. It latches HALTED.
 * Exit codes  0 blocked, cancelled and verified, nothing left · 1 anything else · 2 bad usage.
 * Imports     node:util, contract, runtime/control, ./control-session.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EngineError, messageOf } from '../base/errors.ts';
import type { KillReport } from '../contract/status.ts';
import type { ControlClient } from '../runtime/control/control-client.ts';
import { connectEngine, CONTROL_FLAGS, print, printJson, withEngine } from './control-session.ts';
import { CONFIG_FLAGS_HELP } from './product-config.ts';

export const summary = 'stop a running engine from trading at once: block, cancel, verify';

export const help = `
tickdeck kill [--json]

Blocks every new order, cancels all that rest, and looks with the venue whether any is left. The
three are reported separately. The engine is HALTED afterwards, also after a restart; positions
stay as they are ("tickdeck flatten" closes them once the engine is resumed).

  --json             print the report as one JSON object
${CONFIG_FLAGS_HELP}
`;

/** Longer than the venue's receive window, its verification and the watchdog's take-over. */
const KILL_MS = 60_000;
const POLL_MS = 100;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: CONTROL_FLAGS });
  return withEngine(values, 'kill', async (client) => {
    const before = (await client.ask('status', {})).kill?.atMs ?? 0;
    const answered = client.ask('kill', {}, KILL_MS).then(
      () => null,
      (error: unknown) => error,
    );
    // Another connection looks on, because this one waits for the answer.
    const looker = await connectEngine(values, 'kill');
    const shown = new Set<string>();
    try {
      const report = await follow(looker, before, answered, (found) => {
        if (!values.json) showProgress(found, shown);
      });
      if (values.json) printJson(report);
      else showEnd(report, shown);
      return isComplete(report) ? 0 : 1;
    } finally {
      looker.close();
    }
  });
}

/** Looks at the report until the kill was answered. */
async function follow(
  looker: ControlClient,
  before: number,
  answered: Promise<unknown>,
  onReport: (report: KillReport) => void,
): Promise<KillReport> {
  const end = { isReached: false, error: null as unknown };
  void answered.then((error) => {
    end.isReached = true;
    end.error = error;
  });
  for (;;) {
    const isLast = end.isReached;
    const report = (await looker.ask('status', {})).kill;
    const isOurs = report !== null && report.atMs > before;
    if (isOurs) onReport(report);
    if (isLast) {
      if (end.error !== null) throw new EngineError('runtime/not-available', messageOf(end.error));
      if (isOurs) return report;
      throw new EngineError('runtime/not-available', 'the engine answered but reports no kill');
    }
    await Promise.race([pause(POLL_MS), answered]);
  }
}

const STEPS = ['blocked', 'cancelled', 'verified'] as const;

function showProgress(report: KillReport, shown: Set<string>): void {
  for (const step of STEPS) {
    if (!report[step] || shown.has(step)) continue;
    shown.add(step);
    print(`${step.padEnd(10)} yes`);
  }
}

function showEnd(report: KillReport, shown: Set<string>): void {
  showProgress(report, shown);
  for (const step of STEPS) if (!report[step]) print(`${step.padEnd(10)} NO`);
  print(`residual   ${report.residualOrders} orders`);
  print(`by         ${report.by}`);
  if (report.detail !== '') print(`detail     ${report.detail}`);
}

function isComplete(report: KillReport): boolean {
  return STEPS.every((step) => report[step]) && report.residualOrders === 0;
}
