/**
 * doctor: `tickdeck doctor`, what Tickdeck finds on this machine, and what is missing or wrong.
 *
 * Looks only; changes nothing. Exit codes  0 fine · 1 something is wrong · 2 bad usage.
 * Imports   node:util, base, config, journal, memory, runtime, ./doctor-checks, ./product-config.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import type { Config } from '../config/config.ts';
import { describeConfig, sampleConfig } from '../config/describe-config.ts';
import { memoryPlanText } from '../memory/memory-plan.ts';
import { planEngineMemory } from '../runtime/engine-memory.ts';
import { PRODUCT_VERSION } from '../runtime/product.ts';
import { outliveReader, print, printJson } from './control-session.ts';
import {
  checkBrowser,
  checkEngine,
  checkFolder,
  checkJournal,
  checkLatches,
  checkNode,
  type Finding,
} from './doctor-checks.ts';
import {
  CONFIG_FLAGS,
  CONFIG_FLAGS_HELP,
  loadProductConfig,
  PRODUCT_SECTIONS,
} from './product-config.ts';

export const summary = 'say what is found on this machine, and what is missing';

export const help = `
tickdeck doctor [--json] [--settings] [--sample]

Looks at Node, the machine, the configuration, the data folder, the journal and the browser, and
prints the plan of the memory that an engine's threads would share. It changes nothing.

  --json             print what was found as one JSON object
  --settings         print every setting of the configuration with range, default and meaning
  --sample           print a configuration file with every setting commented out
${CONFIG_FLAGS_HELP}

Exit code 1 when something is wrong; what is merely missing is said and is no error.
`;

const INSTRUMENTS_DEFAULT = 8;
const GIB = 2 ** 30;

export async function run(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: {
      ...CONFIG_FLAGS,
      json: { type: 'boolean', default: false },
      settings: { type: 'boolean', default: false },
      sample: { type: 'boolean', default: false },
    },
  });
  outliveReader();
  if (values.sample) {
    process.stdout.write(sampleConfig(PRODUCT_SECTIONS));
    return 0;
  }
  if (values.settings) return printSettings(values.json);
  const config = loadProductConfig(values);
  const findings = await examine(config);
  const plan = planEngineMemory(config.symbols.length || INSTRUMENTS_DEFAULT);
  const isWrong = findings.some(({ level }) => level === 'wrong');
  if (values.json) {
    printJson({
      ok: !isWrong,
      version: PRODUCT_VERSION,
      findings,
      settings: config.sources,
      memory: plan,
    });
  } else {
    printFindings(findings);
    print('');
    print(
      `shared memory of an engine with ${config.symbols.length || INSTRUMENTS_DEFAULT} instruments`,
    );
    print(memoryPlanText(plan));
  }
  return isWrong ? 1 : 0;
}

async function examine(config: Config): Promise<Finding[]> {
  const cpus = os.cpus();
  return [
    fine('tickdeck', PRODUCT_VERSION),
    checkNode(process.versions.node),
    fine('system', `${os.type()} ${os.release()} ${process.arch}`),
    fine('processor', `${cpus[0]?.model.trim() ?? 'unknown'}, ${cpus.length} threads`),
    fine('memory', `${gib(os.totalmem())} GiB, ${gib(os.freemem())} GiB free`),
    configuration(config),
    checkFolder(config.dataFolder),
    await checkEngine(config.dataFolder),
    ...checkLatches(config.dataFolder),
    ...checkJournal(config.dataFolder),
    checkBrowser(),
  ];
}

function configuration({ file, mode, sources }: Config): Finding {
  const set = Object.keys(sources).length;
  const settings = set === 1 ? '1 setting' : `${set} settings`;
  return fine('configuration', `${file ?? 'no file'}; ${settings} set; mode ${mode}`);
}

function fine(what: string, text: string): Finding {
  return { what, level: 'fine', text };
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}

const MARKS = { fine: 'ok      ', missing: 'missing ', wrong: 'WRONG   ' } as const;

function printFindings(findings: readonly Finding[]): void {
  for (const { what, level, text } of findings) {
    print(`${MARKS[level]}${what.padEnd(14)}${text}`);
  }
}

function printSettings(isJson: boolean): number {
  const settings = describeConfig(PRODUCT_SECTIONS);
  if (isJson) {
    printJson(settings);
    return 0;
  }
  for (const setting of settings) {
    const unit = setting.unit === '' ? '' : ` ${setting.unit}`;
    const initial = setting.default === null ? 'unset' : JSON.stringify(setting.default);
    print(`${setting.path} = ${initial}${unit}`);
    print(`    ${setting.text} (${setting.kind})`);
  }
  return 0;
}
