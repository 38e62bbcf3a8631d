/**
 * replay: a session's own journal through the pipeline again: are the decisions the same, byte for
 * byte?
 *
 * Imports   cli, journal, replay.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { JournalReader } from '../journal/journal-reader.ts';
import { slotsOfRecord } from '../memory/slot-length.ts';
import { SLOT_WORDS } from '../memory/slots.ts';
import { SessionReplay } from '../replay/session-replay.ts';
import type { ReplayReport } from '../replay/session-replay.ts';
import { configOf, ENGINE_FLAGS } from './engine-launch.ts';

export const summary = "check a session's journal: replay it, compare every decision";
export const help = `tickdeck replay [options]

Feeds the inputs of a session's journal through the pipeline and compares what comes out with
what the journal says came out, byte for byte.

  --session ID           session (default: the newest)
  --journal FOLDER       folder of the journal (default: of the mode and account)
  --json                 print the report as JSON
  --mode, --account, --data-dir, --config   as for headless

Exit code 0: the same to the byte; 1: a difference, a gap, or a journal that cannot be read.
To watch a tape instead: tickdeck start --tape FILE`;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...ENGINE_FLAGS,
      session: { type: 'string' },
      journal: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const folder = values.journal ?? join(configOf(values).dataFolder, 'journal');
  const reader = new JournalReader(folder, values.session);
  const report = replayJournal(reader);
  const warnings = [...reader.warnings];
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ session: reader.session, ...report, warnings })}\n`);
  } else process.stdout.write(`${textOf(reader.session, report, warnings)}\n`);
  return report.difference === null && !report.endedByGap ? 0 : 1;
}

/** The whole session; stops at the first difference. */
export function replayJournal(reader: JournalReader): ReplayReport {
  const replay = new SessionReplay();
  let isOver = false;
  reader.read((words, _doubles, at) => {
    if (isOver) return;
    const first = at * 2;
    const slots = slotsOfRecord(words, first);
    // A record of its own, aligned from its first word.
    const copy = words.slice(first, first + slots * SLOT_WORDS);
    isOver = !replay.feed(copy, new Float64Array(copy.buffer), slots);
  });
  return replay.finish();
}

function textOf(session: string, report: ReplayReport, warnings: readonly string[]): string {
  const { turns, slots, decisions, orders, fills } = report;
  const lines = [
    `session ${session}: ${turns} turns, ${slots} slots, ${decisions} decisions, ` +
      `${orders} orders, ${fills} fills`,
    ...warnings,
  ];
  if (report.endedByGap) lines.push('the journal has a gap; what follows it cannot be replayed');
  lines.push(report.difference ?? 'the same decisions, byte for byte');
  return lines.join('\n');
}
