/**
 * status: `tickdeck status`, what a running engine is doing.
 *
 * Exit codes  0 shown · 1 no engine answers, or it is HALTED or its journal has failed · 2 bad
 *             usage.
 * Imports     node:util, contract, ./control-session.
 */
import { parseArgs } from 'node:util';
import type { EngineStatus } from '../contract/status.ts';
import { CONTROL_FLAGS, print, printJson, withEngine } from './control-session.ts';
import { CONFIG_FLAGS_HELP } from './product-config.ts';

export const summary = 'show what a running engine is doing';

export const help = `
tickdeck status [--json]

  --json             print the whole status as one JSON object
${CONFIG_FLAGS_HELP}

Exit code 1 when no engine answers, when it is HALTED, or when its journal cannot write.
`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({ args: argv, options: CONTROL_FLAGS });
  return withEngine(values, 'status', async (client) => {
    const status = await client.ask('status', {});
    if (values.json) printJson(status);
    else for (const line of statusLines(status)) print(line);
    return status.state === 'HALTED' || status.journal.failed ? 1 : 0;
  });
}

export function statusLines(status: EngineStatus): string[] {
  const { lease, journal, pnl, venue, kill } = status;
  const reason = status.stateReason === '' ? '' : `: ${status.stateReason}`;
  const holder = lease.held ? `${lease.holder} (${(lease.leftMs / 1000).toFixed(1)} s)` : 'nobody';
  const lines = [
    `${status.mode.toUpperCase()} ${status.state}${reason}`,
    `session    ${status.session}, up ${Math.round(status.uptimeMs / 1000)} s`,
    `in charge  ${holder}`,
    `venue      ${venue.name}: market ${venue.market}, orders ${venue.orders}, user ${venue.user}`,
    `messages   ${Math.round(status.messagesPerSecond)} a second`,
    `day        ${pnl.day} ${pnl.currency} (realised ${pnl.realised}, fees ${pnl.fees}, ` +
      `unrealised ${pnl.unrealised}), ${pnl.fills} fills`,
    `open       ${status.scalps.length} scalps, ${status.orders.length} orders`,
    `journal    ${(journal.bytes / 1e6).toFixed(1)} MB in ${journal.segments} files` +
      (journal.lostSlots > 0 ? `, ${journal.lostSlots} slots LOST` : '') +
      (journal.failed ? ', FAILED' : ''),
  ];
  if (kill !== null) {
    const { blocked, cancelled, verified, residualOrders } = kill;
    lines.push(
      `kill       blocked ${yes(blocked)}, cancelled ${yes(cancelled)}, ` +
        `verified ${yes(verified)}, ${residualOrders} orders left`,
    );
  }
  return [...lines, ...instrumentLines(status)];
}

function yes(is: boolean): string {
  return is ? 'yes' : 'NO';
}

function instrumentLines({ instruments }: EngineStatus): string[] {
  const rows = instruments.map((each) => [
    each.symbol,
    each.book,
    each.trading,
    each.bestBid ?? '-',
    each.bestAsk ?? '-',
    each.position,
  ]);
  const heads = ['symbol', 'book', 'trading', 'bid', 'ask', 'position'];
  const widths = heads.map((head, at) =>
    rows.reduce((width, row) => Math.max(width, row[at]!.length), head.length),
  );
  return rows.length === 0
    ? []
    : [heads, ...rows].map((row) =>
        row
          .map((cell, at) => cell.padEnd(widths[at]!))
          .join('  ')
          .trimEnd(),
      );
}
