/**
 * doors.test: everything by which something could come in or get out: addresses, navigation, new
 * windows, permissions, files of the scheme, messages of windows.
 */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { answer, APP_HEADERS } from '../../../../electron/main/app-files.ts';
import {
  lockContents,
  refusedSwitch,
  webPreferences,
  windowOptions,
} from '../../../../electron/main/hardening.ts';
import {
  isOwnAddress,
  isOwnPage,
  mayNavigate,
  popOutOf,
} from '../../../../electron/main/navigation.ts';
import { lockSession, mayHave } from '../../../../electron/main/permissions.ts';
import { checkedMessage, wrongSender } from '../../../../electron/main/window-messages.ts';
import { Channel } from '../../../../electron/protocol/channels.ts';
import { repositoryRoot } from '../../../support/repository.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const PAGE = 'app://main/index.html';
const FOREIGN = [
  'https://main/index.html',
  'app://other/index.html',
  'app://main.evil.example/index.html',
  'app://evil@other/index.html',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  'http://127.0.0.1:8080/',
  '',
  'no address',
];

/** A command line with this one switch. */
const only = (name: string) => (asked: string) => asked === name;

describe('addresses', () => {
  it('knows its own page, whatever follows the hash', () => {
    for (const own of [PAGE, 'app://main/', `${PAGE}#panel=scalps`]) {
      assert.ok(isOwnPage(own), own);
      assert.ok(mayNavigate(own, true), own);
    }
  });

  it('takes nothing else for its own', () => {
    for (const address of FOREIGN) {
      assert.equal(isOwnPage(address), false, address);
      assert.equal(isOwnAddress(address), false, address);
      assert.equal(mayNavigate(address, true), false, address);
    }
    assert.equal(isOwnPage('app://main/assets/x.js'), false);
    assert.equal(isOwnPage('app://main/index.html?x=1'), false);
  });

  it('lets no sub-frame go anywhere', () => assert.equal(mayNavigate(PAGE, false), false));

  it('opens a panel in a window of its own, and nothing else', () => {
    assert.equal(popOutOf(`${PAGE}#panel=ladder-left`), 'ladder-left');
    for (const none of [PAGE, `${PAGE}#panel=`, `${PAGE}#panel=../x`, `${PAGE}#other=scalps`]) {
      assert.equal(popOutOf(none), null, none);
    }
    for (const address of FOREIGN) assert.equal(popOutOf(`${address}#panel=scalps`), null, address);
  });
});

/** Web contents that only keep their listeners. */
class FakeContents extends EventEmitter {
  url = PAGE;
  open: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: '' });

  getURL(): string {
    return this.url;
  }

  setWindowOpenHandler(handler: FakeContents['open']): void {
    this.open = handler;
  }

  /** True when the event was prevented. */
  refuses(event: string, details: object = {}): boolean {
    let isPrevented = false;
    const preventDefault = (): void => {
      isPrevented = true;
    };
    this.emit(event, { ...details, preventDefault });
    return isPrevented;
  }
}

function locked(): { contents: FakeContents; opened: string[] } {
  const contents = new FakeContents();
  const opened: string[] = [];
  lockContents(contents as unknown as Electron.WebContents, (panel) => opened.push(panel));
  return { contents, opened };
}

describe('a page under lock', () => {
  it('is kept where it is', () => {
    const { contents } = locked();
    for (const event of ['will-navigate', 'will-frame-navigate']) {
      assert.equal(contents.refuses(event, { url: PAGE, isMainFrame: true }), false);
      assert.ok(contents.refuses(event, { url: PAGE, isMainFrame: false }));
      for (const url of FOREIGN)
        assert.ok(contents.refuses(event, { url, isMainFrame: true }), url);
    }
    assert.ok(contents.refuses('will-redirect', { url: PAGE }));
    assert.ok(contents.refuses('will-attach-webview'));
  });

  it('gets no Bluetooth device', () => {
    const { contents } = locked();
    const given: string[] = [];
    let isPrevented = false;
    const event = { preventDefault: () => (isPrevented = true) };
    contents.emit('select-bluetooth-device', event, [], (id: string) => given.push(id));
    assert.ok(isPrevented);
    assert.deepEqual(given, ['']);
  });

  it('packed, is not started with a switch that opens it', () => {
    for (const name of ['remote-debugging-port', 'disable-web-security', 'load-extension']) {
      assert.match(refusedSwitch(true, only(name)) ?? '', new RegExp(`^--${name} `));
      assert.equal(refusedSwitch(false, only(name)), null, 'a developer may');
    }
    assert.equal(refusedSwitch(true, only('data-dir')), null);
  });

  it('opens no window itself; a panel is opened for it', () => {
    const { contents, opened } = locked();
    assert.deepEqual(contents.open({ url: `${PAGE}#panel=scalps` }), { action: 'deny' });
    assert.deepEqual(contents.open({ url: 'https://example.org/' }), { action: 'deny' });
    assert.deepEqual(opened, ['scalps']);
    contents.url = 'https://example.org/';
    contents.open({ url: `${PAGE}#panel=scalps` });
    assert.deepEqual(opened, ['scalps']);
  });

  it('is made in the sandbox, isolated, without Node', () => {
    const preferences = webPreferences('/p/preload.cjs', false);
    assert.deepEqual(
      Object.entries(preferences).filter(([, value]) => value === true),
      [
        ['sandbox', true],
        ['contextIsolation', true],
        ['webSecurity', true],
        ['safeDialogs', true],
      ],
    );
    assert.equal('enableBlinkFeatures' in preferences, false);
    const place = { x: 1, y: 2, width: 3, height: 4, isMaximised: false };
    const options = windowOptions(place, 'T', preferences);
    assert.equal(options.webPreferences, preferences);
    assert.equal(options.show, false);
  });
});

describe('permissions', () => {
  it('grants copying from the page itself and nothing else to anybody', () => {
    assert.ok(mayHave('clipboard-sanitized-write', PAGE, true));
    assert.equal(mayHave('clipboard-sanitized-write', PAGE, false), false);
    for (const url of FOREIGN) assert.equal(mayHave('clipboard-sanitized-write', url, true), false);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb']) {
      assert.equal(mayHave(permission, PAGE, true), false, permission);
    }
  });

  it('sets every handler of a session, each refusing', () => {
    const handlers = new Map<string, (...args: unknown[]) => unknown>();
    const keep = (name: string) => (handler: (...args: unknown[]) => unknown) =>
      void handlers.set(name, handler);
    const session = {
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('display'),
      setBluetoothPairingHandler: keep('bluetooth'),
      setSpellCheckerEnabled: (isOn: boolean) => handlers.set('spell', () => isOn),
      on: (_event: string, handler: (...args: unknown[]) => unknown) => keep('download')(handler),
    };
    lockSession(session as unknown as Electron.Session);
    const answers: unknown[] = [];
    const details = { requestingUrl: PAGE, isMainFrame: true };
    handlers.get('request')!(null, 'media', (granted: boolean) => answers.push(granted), details);
    answers.push(handlers.get('check')!(null, 'geolocation', PAGE, details));
    answers.push(
      handlers.get('check')!(null, 'clipboard-sanitized-write', '', { isMainFrame: false }),
    );
    answers.push(handlers.get('device')!({}), handlers.get('spell')!());
    assert.deepEqual(answers, [false, false, false, false, false]);
    handlers.get('display')!({}, (streams: unknown) => assert.equal(streams, null));
    let isPrevented = false;
    handlers.get('download')!({ preventDefault: () => (isPrevented = true) });
    assert.ok(isPrevented);
  });
});

function served(t: TestContext): (address: string, method?: string) => Promise<Response> {
  const folder = tempDir(t);
  const root = path.join(folder, 'renderer');
  mkdirSync(path.join(root, 'assets'), { recursive: true });
  writeFileSync(path.join(root, 'index.html'), '<p>page</p>');
  writeFileSync(path.join(root, 'assets', 'worker.js'), 'export {};');
  writeFileSync(path.join(root, '.hidden.js'), 'no');
  writeFileSync(path.join(folder, 'secret.json'), 'no');
  symlinkSync(path.join(folder, 'secret.json'), path.join(root, 'link.json'));
  return (address, method = 'GET') => answer(root, new Request(address, { method }));
}

describe('files of the scheme', () => {
  it('serves the page isolated and shut, and workers too', async (t) => {
    const get = served(t);
    for (const address of ['app://main/', PAGE, 'app://main/assets/worker.js']) {
      const response = await get(address);
      assert.equal(response.status, 200, address);
      assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(response.headers.get('cross-origin-embedder-policy'), 'require-corp');
      assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    }
    assert.equal(await (await get('app://main/')).text(), '<p>page</p>');
    assert.match((await get(PAGE)).headers.get('content-type') ?? '', /^text\/html/);
  });

  it('lets the page connect to itself only, and run nothing but its files', () => {
    const policy = APP_HEADERS['content-security-policy'] ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    assert.match(policy, /; connect-src 'self';/);
    assert.match(policy, /; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval'? |https?:|ws:|\*/);
  });

  it('answers nothing outside its folder, hidden or linked out', async (t) => {
    const get = served(t);
    for (const address of [
      'app://main/%2e%2e/secret.json',
      'app://main/..%2fsecret.json',
      'app://main/assets/..%2f..%2fsecret.json',
      'app://main/%5c..%5csecret.json',
      'app://main/link.json',
      'app://main/.hidden.js',
      'app://main/assets/none.js',
      'app://main/assets/%00worker.js',
      'app://other/index.html',
    ]) {
      const response = await get(address);
      assert.equal(response.status, 404, address);
      assert.doesNotMatch(await response.text(), /^no$/);
    }
    assert.equal((await get(PAGE, 'POST')).status, 405);
    assert.equal(await (await get(PAGE, 'HEAD')).text(), '');
  });
});

function frame(url: string, parent: unknown = null): { senderFrame: never } {
  return { senderFrame: { url, parent } } as never;
}

describe('messages of windows', () => {
  it('are heard from the main frame of our own page only', () => {
    assert.equal(wrongSender(frame(`${PAGE}#panel=scalps`)), null);
    assert.match(wrongSender({ senderFrame: null }) ?? '', /gone/);
    assert.match(wrongSender(frame(PAGE, {})) ?? '', /main frame/);
    for (const url of FOREIGN) assert.match(wrongSender(frame(url)) ?? '', /not our page/, url);
  });

  it('are taken in their form only', () => {
    const nonce = '0a1b2c3d-0000-4000-8000-000000000000';
    assert.deepEqual(checkedMessage(Channel.PortRequest, { nonce }), { nonce });
    for (const wrong of [null, {}, { nonce: 1 }, { nonce: 'short' }, { nonce, more: 1 }, nonce]) {
      assert.throws(() => checkedMessage(Channel.PortRequest, wrong), /is not as it must be/);
    }
    assert.throws(() => checkedMessage(Channel.Settings, {}), /settings/);
    assert.throws(() => checkedMessage(Channel.SettingsChange, { tray: 1 }), /tray/);
  });

  it('are refused without a word of what they held', () => {
    const key = { label: 'main', venue: 'binance-usdm', apiKey: '', secret: 'CANARY-5f0e' };
    assert.throws(
      () => checkedMessage(Channel.VenueKeyStore, key),
      (error: Error) => /apiKey/.test(error.message) && !error.message.includes('CANARY'),
    );
    assert.throws(() => checkedMessage(Channel.VenueKeyStore, { ...key, label: '../x' }), /label/);
  });
});

describe('the sources of the shell', () => {
  const folder = path.join(repositoryRoot, 'electron');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')] as const);
  const using = (words: RegExp): readonly string[] =>
    texts.filter(([, text]) => words.test(text)).map(([name]) => path.basename(name));

  it('lead out of the application nowhere, and listen to windows in one place', () => {
    assert.ok(texts.length > 30);
    assert.deepEqual(
      using(/import \{[^}]*\bshell\b[^}]*\} from 'electron'|\bopen(?:External|Path)\(/),
      [],
    );
    assert.deepEqual(using(/\bipcMain\.(?:on|once|handle|handleOnce)\(/), ['ipc-main.ts']);
    assert.deepEqual(using(/\bnew BrowserWindow\(/), ['window.ts']);
    assert.deepEqual(using(/\bapp\.enableSandbox\(\)/), ['main.ts']);
  });
});
