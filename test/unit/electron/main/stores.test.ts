/**
 * stores.test: what the shell keeps on disk: settings and their versions, sealed keys, the places
 * of windows, the log.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Log } from '../../../../electron/main/log.ts';
import {
  keeperRefusal,
  keyForMode,
  SecretStore,
  type Keeper,
} from '../../../../electron/main/secret-store.ts';
import {
  DEFAULT_SETTINGS,
  migrate,
  type Migrations,
} from '../../../../electron/main/settings-schema.ts';
import { SettingsStore } from '../../../../electron/main/settings-store.ts';
import { placeWindow, WindowState, type Place } from '../../../../electron/main/window-state.ts';
import { tempDir } from '../../../support/temp-dir.ts';

function settingsIn(t: TestContext, text: string | null, migrations?: Migrations) {
  const folder = tempDir(t);
  const file = path.join(folder, 'desktop-settings.json');
  if (text !== null) writeFileSync(file, text);
  const changes: string[] = [];
  const made = new SettingsStore({
    file,
    nowMs: () => 77,
    onChange: (now, before) => changes.push(`${before.tray.enabled} > ${now.tray.enabled}`),
    ...(migrations === undefined ? {} : { migrations }),
  });
  return { made, file, folder, changes };
}

describe('settings', () => {
  it('hold their defaults without a file, updates off', (t) => {
    const { made, file } = settingsIn(t, null);
    assert.deepEqual(made.settings, DEFAULT_SETTINGS);
    assert.equal(made.settings.updates.enabled, false);
    assert.equal(made.trouble, '');
    assert.equal(existsSync(file), false);
  });

  it('are changed as a whole or not at all, and are there after a restart', (t) => {
    const { made, file, changes } = settingsIn(t, null);
    assert.equal(made.change({ tray: { enabled: false } }).outcome, 'done');
    for (const wrong of [
      { tray: { enabled: 1 } },
      { tray: { enabled: true }, power: { disarmOnLock: 'no' } },
      { unknown: { x: 1 } },
      { tray: { more: true } },
      { version: 2 },
      { killKey: { accelerator: 'K' } },
      { killKey: { accelerator: 'Shift+K' } },
      { updates: { feedUrl: 'http://example.org' } },
    ]) {
      const answer = made.change(wrong);
      assert.equal(answer.outcome, 'refused', JSON.stringify(wrong));
    }
    assert.deepEqual(changes, ['true > false']);
    const again = new SettingsStore({ file, onChange: () => undefined });
    assert.equal(again.settings.tray.enabled, false);
    assert.deepEqual(again.settings.power, DEFAULT_SETTINGS.power);
  });

  it('of a damaged file are set aside, said once, and never overwritten', (t) => {
    for (const text of ['{"version":1,', '[]', '{"version":1,"tray":{"enabled":"x"}}', '{}']) {
      const { made, file, folder } = settingsIn(t, text);
      assert.deepEqual(made.settings, DEFAULT_SETTINGS);
      assert.match(made.trouble, /set aside as .*desktop-settings\.json\.aside-77/);
      assert.equal(existsSync(file), false);
      assert.equal(readFileSync(`${file}.aside-77`, 'utf8'), text);
      assert.equal(readdirSync(folder).length, 1);
    }
  });

  it('of a newer version are set aside too', (t) => {
    const { made, file } = settingsIn(t, '{"version":9}');
    assert.match(made.trouble, /version 9, this application knows 1/);
    assert.ok(existsSync(`${file}.aside-77`));
  });

  it('take the defaults for what an older file of this version lacks', (t) => {
    const { made } = settingsIn(t, '{"version":1,"power":{"disarmOnLock":false}}');
    assert.equal(made.trouble, '');
    assert.deepEqual(made.settings.power, { disarmOnLock: false, stayAwakeWhileArmed: true });
  });

  it('are exported and imported whole', (t) => {
    const { made, folder } = settingsIn(t, null);
    made.change({ power: { disarmOnLock: false } });
    const file = path.join(folder, 'export.json');
    assert.equal(made.exportTo(file).outcome, 'done');
    made.change({ power: { disarmOnLock: true } });
    assert.equal(made.importFrom(file).outcome, 'done');
    assert.equal(made.settings.power.disarmOnLock, false);
    writeFileSync(file, '{"version":1,"tray":{"enabled":"x"}}');
    assert.equal(made.importFrom(file).outcome, 'refused');
    assert.equal(made.importFrom(path.join(folder, 'none.json')).outcome, 'refused');
    assert.equal(made.settings.power.disarmOnLock, false);
  });

  it('of older versions go step by step; a missing step is no guess', () => {
    const steps: Migrations = {
      1: (older) => ({ ...older, name: String(older['title']) }),
      2: (older) => ({ ...older, title: undefined, size: 2 }),
    };
    assert.deepEqual(migrate({ version: 1, title: 'a' }, steps, 3), {
      outcome: 'migrated',
      from: 1,
      document: { version: 3, name: 'a', title: undefined, size: 2 },
    });
    assert.equal(migrate({ version: 3 }, steps, 3).outcome, 'current');
    assert.equal(migrate({ version: 4 }, steps, 3).outcome, 'newer');
    for (const bad of [{ version: 0 }, { version: 1.5 }, { version: '1' }, null, [], 'x']) {
      assert.equal(migrate(bad, steps, 3).outcome, 'damaged');
    }
    assert.equal(migrate({ version: 1 }, {}, 2).outcome, 'damaged');
  });
});

const CANARY = 'CANARY-a91f77';

/** A keeper that seals by turning bytes over, so that a test sees what was sealed. */
class FakeKeeper implements Keeper {
  isAvailable = true;
  backend = 'gnome_libsecret';
  isOldKey = false;
  sealed = 0;

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(this.isAvailable);
  }

  encryptStringAsync(text: string): Promise<Buffer> {
    this.sealed += 1;
    return Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0x5a) as Buffer);
  }

  decryptStringAsync(bytes: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const result = Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString('utf8');
    const shouldReEncrypt = this.isOldKey;
    this.isOldKey = false;
    return Promise.resolve({ result, shouldReEncrypt });
  }

  getSelectedStorageBackend(): string {
    return this.backend;
  }
}

function secretsIn(t: TestContext) {
  const folder = tempDir(t);
  const keeper = new FakeKeeper();
  const lines: string[] = [];
  const file = path.join(folder, 'venue-keys.json');
  const store = new SecretStore({
    file,
    keeper,
    platform: 'linux',
    nowMs: () => 5,
    onLog: (level, line) => lines.push(`${level} ${line}`),
  });
  return { store, keeper, lines, file };
}

describe('venue keys', () => {
  const KEY = { label: 'main', venue: 'binance-usdm', apiKey: `${CANARY}-id`, secret: CANARY };

  it('are refused where the system keeps no secret', () => {
    assert.equal(keeperRefusal('linux', true, 'gnome_libsecret'), null);
    assert.equal(keeperRefusal('linux', true, 'kwallet6'), null);
    assert.equal(keeperRefusal('darwin', true, ''), null);
    assert.match(keeperRefusal('linux', true, 'basic_text') ?? '', /basic_text/);
    assert.notEqual(keeperRefusal('linux', true, 'unknown'), null);
    for (const platform of ['linux', 'darwin', 'win32']) {
      assert.match(keeperRefusal(platform, false, 'kwallet') ?? '', /no encryption/);
    }
  });

  it('are neither stored nor opened on basic_text', async (t) => {
    const { store, keeper, file } = secretsIn(t);
    await store.store(KEY);
    keeper.backend = 'basic_text';
    const sealed = keeper.sealed;
    assert.equal((await store.store({ ...KEY, label: 'other' })).outcome, 'refused');
    assert.equal(await store.reveal('main'), null);
    assert.equal(keeper.sealed, sealed);
    const list = await store.list();
    assert.equal(list.canStore, false);
    assert.match(list.reason, /keyring/);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /other/);
  });

  it('come back to the engine whole; lists, files and logs hold labels only', async (t) => {
    const { store, lines, file } = secretsIn(t);
    const answer = await store.store(KEY);
    assert.deepEqual(await store.reveal('main'), KEY);
    const list = await store.list();
    assert.deepEqual(list.keys, [{ label: 'main', venue: 'binance-usdm', storedAtMs: 5 }]);
    assert.equal(await store.reveal('none'), null);
    const forgotten = [store.forget('main').outcome, store.forget('main').outcome];
    assert.deepEqual(forgotten, ['done', 'refused']);
    const said = [JSON.stringify([answer, list, forgotten]), lines.join('\n')];
    said.push(readFileSync(file, 'utf8'));
    for (const text of said) assert.ok(!text.includes(CANARY), text);
  });

  it('are sealed again when the system has changed its own key', async (t) => {
    const { store, keeper } = secretsIn(t);
    await store.store(KEY);
    keeper.isOldKey = true;
    assert.deepEqual(await store.reveal('main'), KEY);
    assert.equal(keeper.sealed, 2);
    assert.deepEqual(await store.reveal('main'), KEY);
    assert.equal(keeper.sealed, 2);
  });

  it('that cannot be sealed or opened tell nothing of what they are', async (t) => {
    const { store, keeper, lines } = secretsIn(t);
    await store.store(KEY);
    keeper.decryptStringAsync = () => Promise.reject(new Error(`bad ${CANARY}`));
    keeper.encryptStringAsync = (text) => Promise.reject(new Error(`bad ${text}`));
    assert.equal(await store.reveal('main'), null);
    const answer = await store.store(KEY);
    assert.equal(answer.outcome, 'refused');
    assert.ok(!JSON.stringify([answer, lines]).includes(CANARY));
  });

  it('of a damaged file are not overwritten', async (t) => {
    const { store, file } = secretsIn(t);
    writeFileSync(file, '{"version":1,"keys":[{}]}');
    const answer = await store.store(KEY);
    assert.match(answer.outcome === 'refused' ? answer.reason : '', /damaged/);
    assert.equal(readFileSync(file, 'utf8'), '{"version":1,"keys":[{}]}');
  });

  it('go to an engine of LIVE and to no other', () => {
    assert.equal(keyForMode('live', 'main'), 'main');
    assert.equal(keyForMode('live', ''), null);
    for (const mode of ['sim', 'replay', 'paper']) assert.equal(keyForMode(mode, 'main'), null);
  });
});

function at(x: number, y: number, change: Partial<Place> = {}): Place {
  return { x, y, width: 800, height: 600, isMaximised: false, ...change };
}

describe('places of windows', () => {
  const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
  const SECOND = { x: 1920, y: -200, width: 1280, height: 1024 };
  const USUAL = { width: 1600, height: 950 };
  it('hold while their display is there', () => {
    for (const place of [at(0, 0), at(2000, -150), at(-600, 10), at(1800, 1040)]) {
      assert.deepEqual(placeWindow(place, [SCREEN, SECOND], USUAL), place);
    }
  });

  it('are given up when the window could not be grabbed there', () => {
    for (const place of [
      at(2000, -150),
      at(-790, 10),
      at(100, 1079),
      at(100, -300),
      at(9e4, 9e4),
    ]) {
      const { x, y, width, height } = placeWindow(place, [SCREEN], USUAL);
      assert.deepEqual({ x, y, width, height }, { x: 560, y: 240, width: 800, height: 600 });
    }
  });

  it('are in the middle at first, and no larger than the display', () => {
    const small = { x: 10, y: 20, width: 1280, height: 800 };
    assert.deepEqual(placeWindow(null, [small], USUAL), at(10, 20, small));
    assert.equal(placeWindow(null, [SCREEN], USUAL).x, 160);
    assert.deepEqual(placeWindow(null, [], USUAL), at(0, 0, USUAL));
    assert.equal(placeWindow(at(5, 5, { width: 10 }), [SCREEN], USUAL).width, 480);
  });

  it('are there after a restart; a damaged file is made anew and said', (t) => {
    const file = path.join(tempDir(t), 'window-places.json');
    const errors: string[] = [];
    const state = new WindowState(file, (line) => errors.push(line));
    assert.equal(state.placeOf('main'), null);
    state.keep('main', at(1, 2));
    assert.deepEqual(new WindowState(file, () => undefined).placeOf('main'), at(1, 2));
    assert.equal(errors.join(), '');
    writeFileSync(file, '{"version":1,"places":{"main":{"x":"1"}}}');
    const fresh = new WindowState(file, (line) => errors.push(line));
    assert.equal(fresh.placeOf('main'), null);
    assert.equal(errors.length, 1);
  });
});

describe('the log', () => {
  it('keeps lines, one each, and stays small', (t) => {
    const file = path.join(tempDir(t), 'logs', 'desktop.log');
    const log = new Log(file);
    log.write('warn', 'first\n  second');
    assert.match(readFileSync(file, 'utf8'), /^\S+ warn first \| second\n$/);
    for (let i = 0; i < 300; i++) log.write('info', 'x'.repeat(5000));
    assert.ok(existsSync(`${file}.old`));
    assert.ok(readFileSync(file, 'utf8').length < 1_010_000);
  });
});
