/** Overrides of the settings screen: above the file, below flags, never in the way of a start. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig, type Config } from '../../../../engine/config/config.ts';
import { PRODUCT_SECTIONS } from '../../../../engine/cli/product-config.ts';
import { configurationOf } from '../../../../engine/cli/engine-launch.ts';
import { CONFIG_FIELDS } from '../../../../engine/config/fields.ts';
import { overrideBar } from '../../../../engine/config/override-rules.ts';
import { Mode } from '../../../../engine/domain/modes.ts';
import { parseSettings, settingsText } from '../../../../engine/contract/settings.ts';
import { Configuration } from '../../../../engine/runtime/desk/configuration.ts';
import { DocumentStore } from '../../../../engine/runtime/desk/document-store.ts';
import { tempDir } from '../../../support/temp-dir.ts';

function load(
  t: TestContext,
  overrides: Record<string, unknown>,
  flags: Record<string, unknown> = {},
): Config {
  const file = path.join(tempDir(t), 'tickdeck.jsonc');
  fs.writeFileSync(file, '{ "feed": { "ageMs": 300, "loopLagMs": 70 } }');
  return loadConfig({ file, flags, overrides, sections: PRODUCT_SECTIONS });
}

const SLOW = PRODUCT_SECTIONS['signals']!.fields['emaFastMs']!;
const HARD = PRODUCT_SECTIONS['quoter']!.fields['hardLimitNotional']!;

describe('an override', () => {
  it('counts above the file and below a flag, and says where it comes from', (t) => {
    const known = Object.keys(PRODUCT_SECTIONS['exits']!.fields)[0]!;
    const { min } = PRODUCT_SECTIONS['exits']!.fields[known]!;
    const config = load(
      t,
      { 'feed.ageMs': 400, 'feed.venueLagMs': 600, [`exits.${known}`]: min },
      { 'feed.venueLagMs': '700' },
    );
    assert.equal(config.feed.ageMs, 400);
    assert.equal(config.feed.venueLagMs, 700);
    assert.equal(config.feed.loopLagMs, 70);
    assert.equal(config.parameters['exits']![known], min);
    assert.equal(config.sources['feed.ageMs'], 'settings feed.ageMs');
    assert.equal(config.sources['feed.venueLagMs'], 'flag feed.venueLagMs');
    assert.match(config.sources['feed.loopLagMs']!, /tickdeck\.jsonc:1/);
    assert.deepEqual(config.ignored, []);
  });

  const bad: readonly [key: string, value: unknown, why: RegExp][] = [
    ['feed.ageMs', 5, /settings feed\.ageMs is 5; it must be a whole number from 10 to 60000/],
    ['feed.ageMs', '300', /must be a whole number/],
    ['feed.agems', 300, /is no setting; is "feed\.ageMs" meant\?/],
    ['mode', 'live', /the mode is chosen where the engine is started/],
    ['account', 'other', /names the folder/],
    ['dataDir', 'elsewhere', /these settings lie in that folder/],
    ['venue.binanceUsdm.rest', 'http://127.0.0.1:1', /decides where orders go/],
  ];
  for (const [key, value, why] of bad) {
    it(`that is wrong is left out and said: ${key} = ${String(value)}`, (t) => {
      const config = load(t, { [key]: value, 'feed.venueLagMs': 600 });
      assert.equal(config.ignored.length, 1);
      assert.match(config.ignored[0]!, why);
      assert.equal(config.feed.ageMs, 300);
      assert.equal(config.feed.venueLagMs, 600, 'the others count');
      assert.equal(config.mode, 'sim');
    });
  }

  it('that is wrong only together with another leaves all of them out', (t) => {
    const config = load(t, { 'orders.countdownMs': 5000, 'orders.countdownRenewMs': 4000 });
    assert.equal(config.orders.countdownMs, 30_000);
    assert.match(config.ignored[0]!, /must be at most half/);
  });

  it('of a risk limit counts outside LIVE only', (t) => {
    const limits = PRODUCT_SECTIONS['limits']!.fields;
    const name = Object.keys(limits)[0]!;
    const value = limits[name]!.default;
    assert.deepEqual(load(t, { [`limits.${name}`]: value }).ignored, []);
    const live = load(t, { [`limits.${name}`]: value }, { mode: 'live' });
    assert.match(live.ignored[0]!, /in LIVE what guards money comes from the configuration file/);
    assert.equal(live.parameters['limits']![name], undefined);
  });

  it('never hides that the file itself is wrong', (t) => {
    const file = path.join(tempDir(t), 'tickdeck.jsonc');
    fs.writeFileSync(file, '{ "feed": { "ageMs": 5 } }');
    const overrides = { 'feed.ageMs': 400 };
    assert.throws(
      () => loadConfig({ file, overrides, sections: PRODUCT_SECTIONS }),
      /tickdeck\.jsonc:1:/,
    );
  });
});

/** What an engine would start with over these saved settings. */
function start(folder: string, body: string): ReturnType<typeof configurationOf> {
  const desk = path.join(folder, 'desk');
  const store = new DocumentStore({ folder: desk, nowMs: () => 1, onDamaged: () => undefined });
  assert.equal(store.write('settings', 0, body).kind, 'saved');
  return configurationOf({ 'data-dir': folder, mode: 'sim', set: ['feed.loopLagMs=90'] });
}

describe('the configuration of an engine that starts', () => {
  it('takes the saved overrides and describes every field', (t) => {
    const body = settingsText({
      version: 1,
      terminal: {},
      engine: { 'feed.ageMs': 400, mode: 'live' },
    });
    const { config, configuration } = start(tempDir(t), body);
    assert.equal(config.feed.ageMs, 400);
    assert.match(configuration.notes.join(), /mode is chosen/);
    const fields = configuration.fields();
    const field = (key: string) => fields.find((each) => each.key === key)!;
    assert.deepEqual(
      [field('feed.ageMs').value, field('feed.ageMs').default, field('feed.ageMs').source],
      [400, 2000, 'settings'],
    );
    assert.deepEqual(
      [field('feed.ageMs').type, field('feed.ageMs').min, field('feed.ageMs').max],
      ['number', 10, 60_000],
    );
    assert.equal(field('feed.loopLagMs').source, 'flag');
    assert.deepEqual(field('feed.depthSpeed').options, ['100ms', '250ms', '500ms']);
    assert.equal(field('shell.openBrowser').type, 'flag');
    assert.equal(field('symbols').type, 'list');
    assert.match(field('mode').barred!, /started/);
    assert.equal(field('feed.ageMs').barred, null);
    assert.ok(fields.every(({ effect, section }) => effect !== '' && section !== ''));
    assert.equal(new Set(fields.map(({ key }) => key)).size, fields.length);
  });

  it('starts all the same when values are right one by one and wrong together', (t) => {
    for (const engine of [
      { 'signals.emaFastMs': SLOW.max, 'feed.ageMs': 400 },
      { 'quoter.softLimitNotional': HARD.max, 'quoter.hardLimitNotional': HARD.min },
    ]) {
      const body = settingsText({ version: 1, terminal: {}, engine });
      const { config, configuration } = start(tempDir(t), body);
      assert.match(configuration.notes.join(), /it must (not )?be/);
      assert.deepEqual([config.parameters['signals'], config.parameters['quoter']], [{}, {}]);
      assert.equal(config.feed.ageMs, 2000, 'none of them is taken');
      const asked = { name: 'settings', body, current: null, holdsLease: true } as const;
      assert.match(configuration.check(asked) ?? '', /it must (not )?be/, 'nor saved at all');
    }
  });

  it('lets nothing that guards money be weakened in LIVE', () => {
    const paths = [
      ...Object.keys(PRODUCT_SECTIONS['limits']!.fields).map((name) => `limits.${name}`),
      ...Object.keys(CONFIG_FIELDS).filter((key) => /^(feed|orders|lease)\./.test(key)),
    ];
    assert.ok(paths.length > 25);
    for (const key of paths) {
      assert.match(overrideBar(key, Mode.Live) ?? '', /configuration file alone/, key);
      assert.equal(overrideBar(key, Mode.Sim), null, key);
    }
  });

  it('starts all the same when the saved settings make no sense', (t) => {
    const { config, configuration } = start(tempDir(t), '{"version":9}');
    assert.equal(config.feed.ageMs, 2000);
    assert.match(configuration.notes.join(), /version 9 cannot be read/);
  });
});

describe('saving settings', () => {
  const configuration = new Configuration({
    config: loadConfig({ file: null, sections: PRODUCT_SECTIONS }),
    sections: PRODUCT_SECTIONS,
    modeDefaults: {},
    load: (overrides) => loadConfig({ file: null, overrides, sections: PRODUCT_SECTIONS }),
    notes: [],
  });
  const ask = (name: 'settings' | 'workspaces', body: string) =>
    configuration.check({ name, body, current: null, holdsLease: true });
  const check = (engine: object, holdsLease: boolean, current: string | null = null) => {
    const body = JSON.stringify({ version: 1, terminal: { theme: 'dark' }, engine });
    return configuration.check({ name: 'settings', body, current, holdsLease });
  };

  it('of the terminal alone needs no lease', () => {
    assert.equal(check({}, false), null);
    const current = settingsText({ version: 1, terminal: {}, engine: { 'feed.ageMs': 400 } });
    assert.equal(check({ 'feed.ageMs': 400 }, false, current), null);
    assert.match(check({}, false, current)!, /take control first/);
  });

  it('of the engine needs the lease and the schema', () => {
    assert.match(check({ 'feed.ageMs': 400 }, false)!, /need the lease/);
    assert.equal(check({ 'feed.ageMs': 400 }, true), null);
    assert.match(check({ 'feed.ageMs': 1 }, true)!, /whole number from 10 to 60000/);
    assert.match(check({ mode: 'live' }, true)!, /cannot be set from the settings screen/);
  });

  it('refuses what is no settings body, and leaves other documents alone', () => {
    assert.match(ask('settings', 'x')!, /no JSON/);
    assert.match(ask('settings', '{"version":1,"terminal":{}}')!, /no part "engine"/);
    assert.equal(ask('workspaces', 'x'), null);
  });
});

describe('a settings body', () => {
  it('of an older version is brought up step by step', () => {
    const text = '{"version":1,"terminal":{"dark":true},"engine":{}}';
    const body = parseSettings(text, { 1: (old) => ({ ...old, terminal: { theme: 'dark' } }) }, 2);
    assert.deepEqual(typeof body === 'string' ? body : body.terminal, { theme: 'dark' });
  });

  for (const [text, why] of [
    ['[]', /must be an object/],
    ['{"terminal":{},"engine":{}}', /carry no version/],
    ['{"version":2,"terminal":{},"engine":{}}', /version 2 cannot be read/],
    ['{"version":1,"terminal":{"a":null},"engine":{}}', /terminal\.a must be/],
    ['{"version":1,"terminal":{},"engine":{},"more":1}', /more.* is no part/],
  ] as const) {
    it(`is refused in words: ${text}`, () =>
      assert.match(JSON.stringify(parseSettings(text)), why));
  }
});
