/** config: files, flags, defaults, presets, and one clear error for everything that is wrong. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { EngineError } from '../../../../engine/base/errors.ts';
import { parseConfigText } from '../../../../engine/config/config-file.ts';
import { defaultConfig, loadConfig, type Config } from '../../../../engine/config/config.ts';
import { describeConfig, sampleConfig } from '../../../../engine/config/describe-config.ts';
import { CONFIG_FIELDS } from '../../../../engine/config/fields.ts';
import {
  defaultConfigFile,
  defaultDataBase,
  dataFolderOf,
} from '../../../../engine/config/folders.ts';
import { nearest } from '../../../../engine/config/nearest.ts';
import type { ConfigSections } from '../../../../engine/config/sections.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const SECTIONS: ConfigSections = {
  scalper: {
    text: 'The scalper.',
    fields: {
      threshold: { unit: '', default: 0.3, min: 0, max: 1, effect: 'Larger: fewer entries.' },
    },
  },
  limits: {
    text: 'Risk limits.',
    isPractice: true,
    fields: {
      maxDayLoss: { unit: 'quote', default: 2000, min: 0, max: 1e9, effect: 'Loss that reduces.' },
      maxOpenOrders: { unit: 'orders', default: 20, min: 0, max: 1000, effect: 'Open orders.' },
    },
  },
};

function load(t: TestContext, text: string, flags: Record<string, unknown> = {}): Config {
  const file = path.join(tempDir(t), 'tickdeck.jsonc');
  fs.writeFileSync(file, text);
  return loadConfig({ file, flags, sections: SECTIONS });
}

describe('config', () => {
  it('has a working default for every mode', () => {
    for (const mode of ['sim', 'replay', 'paper', 'live'] as const) {
      const config = defaultConfig(mode, SECTIONS);
      assert.equal(config.mode, mode);
      assert.ok(config.dataFolder.endsWith(`${mode}-main`));
      assert.equal(config.journal.segmentBytes, 16 * 1024 * 1024);
    }
  });

  it('has no limits in LIVE until somebody sets them, and presets elsewhere', () => {
    assert.deepEqual(defaultConfig('sim', SECTIONS).parameters['limits'], {
      maxDayLoss: 2000,
      maxOpenOrders: 20,
    });
    assert.deepEqual(defaultConfig('live', SECTIONS).parameters['limits'], {});
    const flags = { mode: 'live', 'limits.maxDayLoss': '50' };
    const live = loadConfig({ file: null, flags, sections: SECTIONS });
    assert.deepEqual(live.parameters['limits'], { maxDayLoss: 50 });
  });

  it('reads JSON with comments and trailing commas; flags win over the file', (t) => {
    const config = load(
      t,
      `// mine
      {
        "mode": "paper", /* for now */
        "symbols": ["BTCUSDT", "ETHUSDT"],
        "venue": { "binanceUsdm": { "rest": "http://127.0.0.1:8080" } },
        "journal": { "syncEveryMs": 250, },
        "scalper": { "threshold": 0.5 },
      }`,
      { 'journal.syncEveryMs': '500', symbols: 'SOLUSDT, XRPUSDT', account: '7', mode: undefined },
    );
    assert.equal(config.mode, 'paper');
    assert.equal(config.account, '7');
    assert.equal(config.journal.syncEveryMs, 500);
    assert.deepEqual(config.symbols, ['SOLUSDT', 'XRPUSDT']);
    assert.equal(config.venue.binanceUsdm.rest, 'http://127.0.0.1:8080');
    assert.deepEqual(config.parameters['scalper'], { threshold: 0.5 });
    assert.match(config.sources['scalper.threshold']!, /tickdeck\.jsonc:7:22$/);
    assert.equal(config.sources['journal.syncEveryMs'], 'flag journal.syncEveryMs');
    assert.equal(config.sources['shell.port'], undefined);
  });

  it('takes an empty file, and one with comments only', (t) => {
    assert.equal(load(t, '').mode, 'sim');
    assert.equal(load(t, '// nothing yet\n').mode, 'sim');
  });

  it('cannot be changed afterwards, however deep', (t) => {
    const config = load(t, '{"symbols": ["BTCUSDT"]}');
    assert.throws(() => ((config.journal as { syncEveryMs: number }).syncEveryMs = 1), TypeError);
    assert.throws(() => (config.symbols as string[]).push('X'), TypeError);
    const limits = config.parameters['limits'] as Record<string, number>;
    assert.throws(() => (limits['maxDayLoss'] = 1e9), TypeError);
  });

  const bad: readonly { name: string; text: string; says: readonly RegExp[] }[] = [
    {
      name: 'an unknown key',
      text: '{\n  "journal": {\n    "syncEvryMs": 5\n  }\n}',
      says: [
        /tickdeck\.jsonc:3:5: /,
        /"journal\.syncEvryMs" is no setting/,
        /journal\.syncEveryMs/,
      ],
    },
    {
      name: 'a mistyped group',
      text: '{"limit": {"maxDayLoss": 5}}',
      says: [/:1:2: "limit" is no setting; is "limits" meant\?/],
    },
    {
      name: 'a setting in the wrong group',
      text: '{"shell": {"maxDayLoss": 5}}',
      says: [/is "limits\.maxDayLoss" meant\?/],
    },
    {
      name: 'an unknown key like nothing',
      text: '{"zzzzzzzzzzzzzz": 5}',
      says: [/tickdeck doctor/],
    },
    {
      name: 'a value out of range',
      text: '{"shell": {"port": 70000}}',
      says: [/:1:12: shell\.port is 70000; it must be a whole number from 0 to 65535/],
    },
    {
      name: 'a limit out of range',
      text: '{"limits": {"maxOpenOrders": -1}}',
      says: [/limits\.maxOpenOrders is -1; it must be a number from 0 to 1000 orders/],
    },
    {
      name: 'a text for a number',
      text: '{"scalper": {"threshold": "0.5"}}',
      says: [/scalper\.threshold is "0\.5"; it must be a number from 0 to 1/],
    },
    {
      name: 'an unknown mode',
      text: '{"mode": "real"}',
      says: [/it must be one of "sim", "replay"/],
    },
    { name: 'a bad symbol', text: '{"symbols": ["btc usdt"]}', says: [/a symbol such as/] },
    { name: 'a symbol twice', text: '{"symbols": ["A1", "A1"]}', says: [/names a symbol twice/] },
    {
      name: 'an address of the wrong kind',
      text: '{"venue": {"binanceUsdm": {"wsApi": "https://x"}}}',
      says: [/must be an address that begins with ws:\/\/ or wss:\/\//],
    },
    { name: 'a key that stands twice', text: '{"mode": "sim", "mode": "paper"}', says: [/twice/] },
    { name: 'a cut-off file', text: '{"mode": "sim"', says: [/tickdeck\.jsonc:1:15: .*expected/] },
    { name: 'text that is no JSON', text: 'mode = sim', says: [/tickdeck\.jsonc:1:1/] },
    { name: 'a list instead of an object', text: '[1]', says: [/must be an object/] },
    {
      name: 'a value where a group is due',
      text: '{"journal": 5}',
      says: [/"journal" is no setting/],
    },
    { name: 'null', text: '{"mode": null}', says: [/mode is null; it must be one of/] },
    { name: 'a prototype name', text: '{"__proto__": {"mode": "live"}}', says: [/no setting/] },
    {
      name: 'a countdown renewed too rarely',
      text: '{"orders": {"countdownMs": 10000, "countdownRenewMs": 8000}}',
      says: [/:1:35: orders\.countdownRenewMs 8000 must be at most half/],
    },
  ];
  for (const { name, text, says } of bad) {
    it(`refuses ${name} with place, problem and advice in one line`, (t) => {
      try {
        load(t, text);
      } catch (error) {
        assert.ok(error instanceof EngineError, String(error));
        assert.equal(error.code, 'config/invalid');
        for (const pattern of says) assert.match(error.message, pattern);
        assert.ok(!error.message.includes('\n'));
        return;
      }
      assert.fail('it was taken');
    });
  }

  it('names the flag that is wrong', () => {
    const flags = { 'shell.prot': '1' };
    assert.throws(() => loadConfig({ file: null, flags }), /flag shell\.prot: .*"shell\.port"/);
    const range = { 'journal.syncEveryMs': 'often' };
    assert.throws(() => loadConfig({ file: null, flags: range }), /is "often"; it must be a whole/);
  });

  it('says when a named file cannot be read', () => {
    assert.throws(
      () => loadConfig({ file: '/none/x.jsonc' }),
      /x\.jsonc: cannot be read \(ENOENT\)/,
    );
  });

  it('reads the usual file when it exists, and none when told so', (t) => {
    const home = tempDir(t);
    const around = { environment: {}, platform: 'linux', home };
    assert.equal(loadConfig(around).file, null);
    const file = defaultConfigFile(around);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, '{"account": "two"}');
    assert.equal(loadConfig(around).account, 'two');
    assert.equal(loadConfig(around).file, file);
    assert.equal(loadConfig({ ...around, file: null }).account, 'main');
    assert.equal(
      loadConfig(around).dataFolder,
      path.join(home, '.local', 'share', 'tickdeck', 'sim-two'),
    );
  });
});

describe('folders', () => {
  const home = '/users/a';
  const cases: readonly { platform: string; environment: Record<string, string>; base: string }[] =
    [
      { platform: 'linux', environment: {}, base: '/users/a/.local/share/tickdeck' },
      { platform: 'linux', environment: { XDG_DATA_HOME: '/data' }, base: '/data/tickdeck' },
      {
        platform: 'linux',
        environment: { XDG_DATA_HOME: 'relative' },
        base: '/users/a/.local/share/tickdeck',
      },
      {
        platform: 'darwin',
        environment: {},
        base: '/users/a/Library/Application Support/Tickdeck',
      },
    ];
  for (const { platform, environment, base } of cases) {
    it(`on ${platform} with ${JSON.stringify(environment)}`, () => {
      assert.equal(defaultDataBase({ platform, environment, home }), path.normalize(base));
    });
  }

  it('keep modes and accounts apart', () => {
    assert.notEqual(dataFolderOf('/d', 'sim', 'a'), dataFolderOf('/d', 'paper', 'a'));
    assert.notEqual(dataFolderOf('/d', 'sim', 'a'), dataFolderOf('/d', 'sim', 'b'));
  });
});

describe('documentation of the settings', () => {
  it('describes every field in a sentence, and its default passes its own check', () => {
    const settings = describeConfig(SECTIONS);
    assert.equal(settings.length, Object.keys(CONFIG_FIELDS).length + 3);
    for (const setting of settings) {
      assert.match(setting.text, /^[A-Z`].*\.$/, setting.path);
      assert.notEqual(setting.kind, '', setting.path);
      if (setting.default === null) continue;
      const flags = { [setting.path]: setting.default };
      assert.doesNotThrow(
        () => loadConfig({ file: null, flags, sections: SECTIONS }),
        setting.path,
      );
    }
  });

  it('gives a sample file that is a configuration, also with everything switched on', (t) => {
    const sample = sampleConfig(SECTIONS);
    assert.deepEqual(parseConfigText(sample, 'sample').value, {
      venue: { binanceUsdm: {}, binanceSpot: {} },
      ...Object.fromEntries(
        ['feed', 'orders', 'exchange', 'journal', 'lease', 'shell', 'scalper', 'limits'].map(
          (group) => [group, {}],
        ),
      ),
    });
    const all = sample.replaceAll(/^( *)\/\/ ("\w+": (?!null).*)$/gm, '$1$2');
    assert.equal(load(t, all).shell.openBrowser, true);
    assert.ok(Object.keys(load(t, all).sources).length >= Object.keys(CONFIG_FIELDS).length);
  });
});

describe('nearest', () => {
  it('finds what was meant and nothing when nothing is near', () => {
    assert.equal(nearest('prot', ['port', 'mode']), 'port');
    assert.equal(nearest('SYMBOL', ['symbols', 'mode']), 'symbols');
    assert.equal(nearest('elephant', ['port', 'mode']), null);
  });
});
