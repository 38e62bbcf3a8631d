/**
 * settings.test: the settings screen: search, the right control for each kind, what is saved and
 * what is refused, files and versions; and what settings do to the window.
 */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigurationField } from '../../engine/contract/configuration.ts';
import type { ServerMessage } from '../../engine/contract/events.ts';
import { NO_SETTINGS, parseSettings, settingsText } from '../../engine/contract/settings.ts';
import type { SettingsBody } from '../../engine/contract/settings.ts';
import { parseClientMessage } from '../../engine/contract/validate.ts';
import { applySettings } from '../../renderer/app/settings-keeper.ts';
import { startSoundCues } from '../../renderer/app/sound-cues.ts';
import { clock, setTimeZone } from '../../renderer/format/times.ts';
import { EngineLink, installLink, type LinkWorker } from '../../renderer/link/engine-link.ts';
import type { FromWorker, ToWorker } from '../../renderer/live/worker-protocol.ts';
import {
  differences,
  itemsOf,
  matching,
  pieces,
  sectionTitle,
  titleOf,
  valueOf,
  wordsOf,
} from '../../renderer/panels/settings/settings-model.ts';
import { SettingsPanel } from '../../renderer/panels/settings/SettingsPanel.tsx';
import { activityForgotten, alertsRaised } from '../../renderer/stores/activity-store.ts';
import { CONNECTION_START, useConnection } from '../../renderer/stores/connection-store.ts';
import { decisionsForgotten, decisionsMade } from '../../renderer/stores/decisions-store.ts';
import { keepDecisions, useDecisions } from '../../renderer/stores/decisions-store.ts';
import {
  configurationRead,
  SETTINGS_START,
  settingsFailed,
  settingsRead,
  useSettings,
} from '../../renderer/stores/settings-store.ts';
import { statusChanged } from '../../renderer/stores/status-store.ts';
import { useView } from '../../renderer/stores/view-store.ts';
import { FakeDocuments } from '../support/fake-documents.ts';
import { sampleDecision, sampleStatus } from './support/samples.ts';

const AGE: ConfigurationField = {
  key: 'feed.ageMs',
  section: 'feed',
  type: 'number',
  kind: 'whole number from 10 to 60000',
  unit: 'ms',
  min: 10,
  max: 60_000,
  options: [],
  default: 2000,
  value: 2000,
  effect: 'Older market data blocks entries.',
  source: 'default',
  place: '',
  needsRestart: true,
  barred: null,
};
const MODE: ConfigurationField = {
  ...AGE,
  key: 'mode',
  section: 'general',
  type: 'choice',
  options: ['sim', 'live'],
  min: null,
  max: null,
  default: 'sim',
  value: 'sim',
  effect: 'Where fills come from.',
  barred: 'the mode is chosen where the engine is started',
};
const FIELDS = [MODE, AGE];

/** A host that keeps documents, behind a worker that answers at once. */
class Host implements LinkWorker {
  readonly documents = new FakeDocuments();
  writes = 0;
  #listener: (event: MessageEvent<FromWorker>) => void = () => {};

  postMessage(message: ToWorker): void {
    if (message.kind !== 'send') return;
    const asked = parseClientMessage(message.text);
    if (asked.type !== 'document') return;
    if (asked.op === 'write') this.writes++;
    const answer = this.documents.answer(asked);
    queueMicrotask(() => this.say(answer));
  }

  addEventListener(_type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void {
    this.#listener = listener;
  }

  say(message: ServerMessage): void {
    const heard = { data: { kind: 'text', text: JSON.stringify(message) } };
    this.#listener(heard as MessageEvent<FromWorker>);
  }

  body(): SettingsBody {
    const text = this.documents.versions('settings')[0]?.body;
    const body = text === undefined ? NO_SETTINGS : parseSettings(text);
    if (typeof body === 'string') throw new Error(body);
    return body;
  }

  /** Gives the store what is saved. */
  read(): void {
    const [newest] = this.documents.versions('settings');
    settingsRead({
      revision: newest?.revision ?? 0,
      savedAtMs: newest?.savedAtMs ?? 0,
      body: newest?.body ?? null,
      versions: this.documents.versions('settings'),
    });
  }
}

let host: Host;

beforeEach(() => {
  host = new Host();
  useConnection.setState({ ...CONNECTION_START, phase: 'live', terminal: 'terminal 1' });
  useSettings.setState(SETTINGS_START);
  installLink(new EngineLink(host));
  host.say({ type: 'status', status: sampleStatus() });
});

afterEach(() => {
  cleanup();
  installLink(null);
  setTimeZone('UTC');
  keepDecisions(200);
});

function show(): void {
  configurationRead(FIELDS);
  host.read();
  render(<SettingsPanel />);
}

function setting(id: string): HTMLElement {
  const node = document.querySelector<HTMLElement>(`[data-setting="${id}"]`);
  if (node === null) throw new Error(`${id} is not shown`);
  return node;
}

function type(id: string, text: string): void {
  const input = within(setting(id)).getByRole('textbox');
  fireEvent.change(input, { target: { value: text } });
  fireEvent.keyDown(input, { key: 'Enter' });
}

describe('the settings screen', () => {
  it('finds by key, title and effect, and marks what it found', () => {
    show();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'older BLOCKS' } });
    expect(document.querySelectorAll('[data-setting]')).toHaveLength(1);
    const marks = [...setting('engine.feed.ageMs').querySelectorAll('mark')];
    expect(marks.map(({ textContent }) => textContent)).toEqual(['Older', 'blocks']);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nothing like it' } });
    expect(screen.getByText('No setting says “nothing like it”')).toBeTruthy();
  });

  it('saves a change, says so, marks it, and takes it back', async () => {
    show();
    type('engine.feed.ageMs', '900');
    expect(within(setting('engine.feed.ageMs')).getByText('saving…')).toBeTruthy();
    await waitFor(() => within(setting('engine.feed.ageMs')).getByText('saved'));
    expect(host.body().engine).toEqual({ 'feed.ageMs': 900 });
    expect(within(setting('engine.feed.ageMs')).getByText('needs a restart')).toBeTruthy();
    expect(screen.getByText('1 change needs a restart')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Reset Age' }));
    await waitFor(() => expect(host.body().engine).toEqual({}));
    await waitFor(() => expect(screen.queryByText('changed')).toBeNull());
  });

  it('does not send what is out of range, and shows what the engine refuses', async () => {
    show();
    type('engine.feed.ageMs', '5');
    expect(screen.getByText('must be a number from 10 to 60000')).toBeTruthy();
    expect(host.writes).toBe(0);
    host.documents.refusal = 'the disk is full';
    type('engine.feed.ageMs', '900');
    await waitFor(() => screen.getByText('the disk is full'));
    expect(setting('engine.feed.ageMs').dataset['changed']).toBe('false');
  });

  it('puts its change on top of what another window has saved', async () => {
    show();
    const theirs = { ...NO_SETTINGS, terminal: { sound: true } };
    host.documents.save('settings', settingsText(theirs));
    type('engine.feed.ageMs', '900');
    await waitFor(() => expect(host.body().engine).toEqual({ 'feed.ageMs': 900 }));
    expect(host.body().terminal).toEqual({ sound: true });
  });

  it('offers no control for what is barred, nor for the engine without the lease', () => {
    statusChanged(sampleStatus({}, { mine: false, holder: 'terminal 9' }));
    show();
    expect(within(setting('engine.mode')).queryByRole('button')).toBeNull();
    expect(within(setting('engine.mode')).getByText(/chosen where the engine/)).toBeTruthy();
    const input = within(setting('engine.feed.ageMs')).getByRole('textbox');
    expect(input.hasAttribute('disabled')).toBe(true);
    const sound = within(setting('terminal.sound')).getByRole('switch');
    expect(sound.hasAttribute('disabled')).toBe(false);
  });

  it('takes back what was typed on Esc, and nothing else happens', () => {
    show();
    const input = within(setting('engine.feed.ageMs')).getByRole('textbox');
    fireEvent.change(input, { target: { value: '7' } });
    let heard = 0;
    const listen = (): void => void heard++;
    globalThis.addEventListener('keydown', listen);
    fireEvent.keyDown(input, { key: 'Escape' });
    globalThis.removeEventListener('keydown', listen);
    expect((input as HTMLInputElement).value).toBe('2000');
    expect(heard).toBe(0);
  });

  it('compares an older version and restores it', async () => {
    for (const scale of [1.25, 1.5]) {
      host.documents.save('settings', settingsText({ ...NO_SETTINGS, terminal: { scale } }));
    }
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Versions' }));
    fireEvent.click(screen.getByRole('button', { name: 'Compare revision 1' }));
    await waitFor(() => screen.getByRole('region', { name: 'Differences to revision 1' }));
    fireEvent.click(screen.getByRole('button', { name: 'Apply 1' }));
    await waitFor(() => expect(host.body().terminal).toEqual({ scale: 1.25 }));
    expect(host.documents.versions('settings')[0]?.revision).toBe(3);
  });

  it('imports a file only after it was shown, and refuses one that makes no sense', async () => {
    show();
    const input = screen.getByLabelText('Settings file');
    const give = (text: string): void => {
      const file = new File([text], 'mine.json');
      fireEvent.change(input, { target: { files: [file] } });
    };
    give('{"version":7}');
    await waitFor(() => screen.getByText(/mine\.json: settings of version 7/));
    give(settingsText({ version: 1, terminal: { sound: true }, engine: { mode: 'live' } }));
    await waitFor(() =>
      screen.getByText('the mode is chosen where the engine is started', {
        selector: 'em',
      }),
    );
    expect(screen.getByRole('button', { name: 'Apply 2' }).hasAttribute('disabled')).toBe(true);
    expect(host.writes).toBe(0);
  });

  it('says that it reads, and why it could not', () => {
    render(<SettingsPanel />);
    expect(screen.getByText('Reading the settings')).toBeTruthy();
    cleanup();
    settingsFailed('the engine has not answered');
    render(<SettingsPanel />);
    expect(screen.getByRole('alert').textContent).toContain('the engine has not answered');
  });
});

describe('the model', () => {
  const items = itemsOf({ ...NO_SETTINGS, engine: { 'feed.ageMs': 900 } }, FIELDS);
  const age = items.find(({ key }) => key === 'feed.ageMs')!;

  it('tells the saved value from the running one', () => {
    expect([age.value, age.isChanged, age.waitsForRestart]).toEqual([900, true, true]);
    const running = { ...AGE, value: 900, source: 'settings' } as const;
    const [same] = itemsOf({ ...NO_SETTINGS, engine: { 'feed.ageMs': 900 } }, [running]).slice(-1);
    expect([same!.isChanged, same!.waitsForRestart]).toEqual([true, false]);
    const [reset] = itemsOf(NO_SETTINGS, [running]).slice(-1);
    expect([reset!.value, reset!.waitsForRestart]).toEqual([2000, true]);
  });

  it('searches and cuts texts', () => {
    expect(matching(items, wordsOf('  ')).length).toBe(items.length);
    expect(matching(items, wordsOf('ageMs older')).map(({ key }) => key)).toEqual(['feed.ageMs']);
    expect(pieces('Feed age', ['ed a', 'age']).map(({ text, isHit }) => [text, isHit])).toEqual([
      ['Fe', false],
      ['ed age', true],
    ]);
    expect(titleOf('orders.countdownRenewMs')).toBe('Countdown renew');
    expect(sectionTitle('venue.binanceUsdm')).toBe('Venue · binance usdm');
  });

  it('reads what was typed', () => {
    expect(valueOf(age, ' 12,5 ')).toEqual({ value: 12.5 });
    expect(valueOf(age, '')).toHaveProperty('problem');
    expect(valueOf({ ...age, type: 'list' }, 'a, b,,')).toEqual({ value: ['a', 'b'] });
  });

  it('names every difference, and what cannot be taken', () => {
    const before = { ...NO_SETTINGS, engine: { 'feed.ageMs': 900 } };
    const after: SettingsBody = {
      ...NO_SETTINGS,
      terminal: { theme: 'pink', nonsense: 1 },
      engine: { 'feed.ageMs': 5, 'feed.no': 1 },
    };
    const list = differences(before, after, FIELDS);
    expect(list.map(({ key, problem }) => [key, problem])).toEqual([
      ['nonsense', 'is no setting'],
      ['theme', 'must be one of dark, light, system'],
      ['feed.ageMs', 'must be a number from 10 to 60000'],
      ['feed.no', 'is no setting'],
    ]);
    expect(differences(after, after, FIELDS)).toEqual([]);
  });
});

/** What the window does when these are read. */
function apply(terminal: SettingsBody['terminal']): void {
  const body = settingsText({ ...NO_SETTINGS, terminal });
  settingsRead({ revision: 1, savedAtMs: 1, versions: [], body });
  applySettings(document.documentElement);
}

function raise(text: string): void {
  alertsRaised([{ atMs: Date.now(), level: 'danger', code: 'x', text }]);
}

describe('settings of the window', () => {
  it('count at once; what the window does not know is left alone', () => {
    const keys = Object.keys(useView.getState());
    apply({ palette: 'blue-orange', theme: 'light', motion: 'none', decisionsKept: 50 });
    expect(useView.getState().palette).toBe('blue-orange');
    expect(Object.keys(useView.getState())).toEqual(keys);
    expect(document.documentElement.dataset['motion']).toBe('none');
    decisionsForgotten();
    decisionsMade(Array.from({ length: 80 }, (_, sequence) => sampleDecision({ sequence })));
    expect(useDecisions.getState().decisions).toHaveLength(50);
  });

  it('that make no sense are the defaults; a body that makes none is said', () => {
    apply({ palette: 'pink', decisionsKept: 1 });
    expect(useView.getState().palette).toBe('teal-red');
    settingsRead({ revision: 2, savedAtMs: 1, versions: [], body: 'x' });
    expect(useSettings.getState()).toMatchObject({ revision: 2, body: NO_SETTINGS });
    expect(useSettings.getState().problem).toContain('no JSON');
  });

  it('show the local time where it is wanted', () => {
    const atMs = Date.UTC(2026, 6, 1, 12, 0, 0);
    expect(clock(atMs)).toBe('12:00:00');
    apply({ timeZone: 'local' });
    expect(clock(atMs)).toBe(new Date(atMs).toTimeString().slice(0, 8));
  });

  it('sound only when they are asked to', () => {
    activityForgotten();
    const played: number[] = [];
    let isWanted = false;
    const end = startSoundCues(
      () => isWanted,
      (hertz) => played.push(hertz),
    );
    raise('one');
    isWanted = true;
    raise('two');
    end();
    raise('three');
    expect(played).toHaveLength(1);
  });
});
