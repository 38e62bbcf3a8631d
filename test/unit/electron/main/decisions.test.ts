/**
 * decisions.test: what the shell decides: whether to ask before quitting, to stay awake, to disarm,
 * to look for an update; what tray, menu and KILL key show and do.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KillKey } from '../../../../electron/main/kill-key.ts';
import { menuTemplate } from '../../../../electron/main/menu.ts';
import { mustStayAwake, PowerDesk, wakeText } from '../../../../electron/main/power.ts';
import {
  leftOpen,
  QuitDesk,
  quitQuestion,
  replaceQuestion,
  type Question,
} from '../../../../electron/main/quit.ts';
import { DEFAULT_SETTINGS } from '../../../../electron/main/settings-schema.ts';
import { takeInstance } from '../../../../electron/main/single-instance.ts';
import { trayFace } from '../../../../electron/main/tray-face.ts';
import { traySignBitmap, type TraySign } from '../../../../electron/main/tray-picture.ts';
import {
  loadUpdater,
  UpdateDesk,
  updateRefusal,
  type UpdateFacts,
  type Updater,
} from '../../../../electron/main/updates.ts';
import type { StopReport } from '../../../../electron/main/engine-process.ts';
import { sampleSummary } from '../sample-summary.ts';

const CALM = sampleSummary();
const BUSY = sampleSummary({ state: 'ARMED', armed: 2, openOrders: 1, positions: 3 });

function quitDesk(wantsToLeave: boolean, report: StopReport, summary = BUSY) {
  const steps: string[] = [];
  const quit = new QuitDesk({
    phase: () => 'running',
    summary: () => summary,
    lastSummary: () => summary,
    ask: async (question: Question) => {
      steps.push(`ask ${question.buttons[1]}`);
      return wantsToLeave;
    },
    say: async () => void steps.push('say'),
    stopEngine: async () => {
      steps.push('stop');
      return report;
    },
    finish: (isClean) => steps.push(`finish ${isClean}`),
  });
  return { quit, steps };
}

describe('quitting', () => {
  it('asks with the figures while anything is at stake', () => {
    assert.equal(quitQuestion('running', CALM, CALM), null);
    const question = quitQuestion('running', BUSY, BUSY);
    assert.match(question?.message ?? '', /3 positions open/);
    assert.match(question?.detail ?? '', /SIM, ARMED: 3 positions open, 1 order resting, 2 strat/);
    for (const one of [{ armed: 1 }, { openOrders: 1 }, { positions: 1 }, { unprotected: 1 }]) {
      assert.notEqual(quitQuestion('running', sampleSummary(one), null), null);
    }
  });

  it('asks while no engine speaks and the last one had something open', () => {
    for (const phase of ['restarting', 'starting', 'failed'] as const) {
      assert.match(quitQuestion(phase, null, BUSY)?.detail ?? '', /Last heard: 3 positions open/);
      assert.equal(quitQuestion(phase, null, CALM), null);
      assert.equal(quitQuestion(phase, null, null), null);
    }
    assert.equal(quitQuestion('stopping', null, BUSY), null);
  });

  it('offers to stay first', () => {
    assert.equal(quitQuestion('running', BUSY, BUSY)?.buttons[0], 'Stay');
    assert.equal(replaceQuestion(BUSY)?.buttons[0], 'Leave it');
    assert.equal(replaceQuestion(CALM), null);
    assert.equal(replaceQuestion(null), null);
  });

  it('says what is left, and that it is not known when the engine did not answer', () => {
    assert.equal(leftOpen({ left: [], isOrderly: true }), null);
    const left = leftOpen({ left: ['BTCUSDT 0.010 long'], isOrderly: true });
    assert.match(left?.detail ?? '', /BTCUSDT 0\.010 long/);
    assert.match(leftOpen({ left: ['?'], isOrderly: false })?.message ?? '', /did not confirm/);
  });

  it('stays when the person stays', async () => {
    const { quit, steps } = quitDesk(false, { left: [], isOrderly: true });
    assert.equal(await quit.request(), false);
    assert.deepEqual(steps, ['ask Disarm, cancel and quit']);
    assert.equal(quit.isDone, false);
  });

  it('asks, stops the engine, says what is left, and only then ends', async () => {
    const { quit, steps } = quitDesk(true, { left: ['x'], isOrderly: true });
    assert.deepEqual(await Promise.all([quit.request(), quit.request()]), [true, true]);
    assert.deepEqual(steps, ['ask Disarm, cancel and quit', 'stop', 'say', 'finish false']);
    assert.ok(quit.isDone);
  });

  it('asks nothing when nothing is at stake, or when the machine goes down', async () => {
    const calm = quitDesk(false, { left: [], isOrderly: true }, CALM);
    await calm.quit.request();
    assert.deepEqual(calm.steps, ['stop', 'finish true']);
    const down = quitDesk(false, { left: ['x'], isOrderly: true });
    await down.quit.withoutAsking();
    assert.deepEqual(down.steps, ['stop', 'finish false']);
  });
});

function powerDesk() {
  const did: string[] = [];
  const around = { nowMs: 1000, power: DEFAULT_SETTINGS.power };
  const power = new PowerDesk({
    blocker: {
      start: () => did.push('stay awake'),
      stop: (id) => did.push(`may sleep ${id}`),
    },
    power: () => around.power,
    disarm: (reason) => did.push(`disarm: ${reason}`),
    say: (level, text) => did.push(`${level} ${text}`),
    endNow: () => did.push('end'),
    nowMs: () => around.nowMs,
  });
  return { power, did, around };
}

describe('power', () => {
  it('disarms before sleep, again after it, and says how long it was', () => {
    const { power, did, around } = powerDesk();
    power.slept();
    around.nowMs += 600_000;
    power.woke();
    assert.equal(did[0], 'disarm: the machine goes to sleep');
    assert.equal(did[1], 'disarm: the machine has slept');
    assert.match(did[2] ?? '', /^warn the machine slept for 10 min/);
    assert.match(wakeText(4000), /slept for 4 s/);
  });

  it('disarms when the screen is locked, unless that is switched off', () => {
    const { power, did, around } = powerDesk();
    power.locked();
    assert.equal(did[0], 'disarm: the screen was locked');
    // Only the engine can say that it is done.
    assert.doesNotMatch(did.join(), /was disarmed|were disarmed/);
    around.power = { ...around.power, disarmOnLock: false };
    power.locked();
    assert.equal(did.length, 2);
  });

  it('ends in good order when the machine goes down', () => {
    const { power, did } = powerDesk();
    const listeners = new Map<string, (event?: { preventDefault: () => void }) => void>();
    power.listen({ on: (event, listener) => listeners.set(event, listener) });
    listeners.get('shutdown')!({ preventDefault: () => did.push('wait') });
    listeners.get('suspend')!();
    assert.deepEqual(did, ['wait', 'end', 'disarm: the machine goes to sleep']);
  });

  it('stays awake while something is armed or open, and no longer', () => {
    const { power, did } = powerDesk();
    for (const summary of [CALM, BUSY, BUSY, null, BUSY, CALM]) power.summaryChanged(summary);
    assert.deepEqual(did, ['stay awake', 'may sleep 1', 'stay awake', 'may sleep 3']);
    const off = { ...DEFAULT_SETTINGS.power, stayAwakeWhileArmed: false };
    assert.equal(mustStayAwake(off, BUSY), false);
  });
});

function killKey(isFree = true) {
  const taken = new Map<string, () => void>();
  const did: string[] = [];
  const shortcuts = {
    register: (name: string, press: () => void) => {
      if (isFree) taken.set(name, press);
      return isFree;
    },
    unregister: (name: string) => void taken.delete(name),
  };
  const made = new KillKey(
    shortcuts,
    () => did.push('KILL'),
    (line) => did.push(line),
  );
  return { made, taken, did };
}

describe('the KILL key', () => {
  it('is taken while it is wanted, moved when it changes, and let go', () => {
    const { made, taken, did } = killKey();
    made.apply(DEFAULT_SETTINGS.killKey);
    made.apply(DEFAULT_SETTINGS.killKey);
    assert.deepEqual([...taken.keys()], ['CommandOrControl+Shift+Backspace']);
    taken.get('CommandOrControl+Shift+Backspace')!();
    assert.deepEqual(did, ['KILL']);
    made.apply({ enabled: true, accelerator: 'Alt+Shift+K' });
    assert.deepEqual([...taken.keys()], ['Alt+Shift+K']);
    made.apply({ enabled: false, accelerator: 'Alt+Shift+K' });
    assert.equal(taken.size, 0);
    assert.equal(made.isActive, false);
  });

  it('says so when another program has it', () => {
    const { made, did } = killKey(false);
    made.apply(DEFAULT_SETTINGS.killKey);
    assert.match(did[0] ?? '', /could not be taken/);
    assert.equal(made.isActive, false);
  });
});

/** Where a sign has ink, whatever its colour. */
function inkOf(sign: TraySign): string {
  return [...traySignBitmap(sign, 32)].filter((_, i) => i % 4 === 3).join('');
}

describe('tray and menu', () => {
  it('show the state in words and in forms that differ without colour', () => {
    assert.equal(trayFace('running', BUSY).sign, 'armed');
    assert.match(trayFace('running', BUSY).tooltip, /^Tickdeck SIM ARMED · 3 positions open/);
    assert.equal(trayFace('running', sampleSummary({ state: 'HALTED' })).sign, 'halted');
    for (const face of [trayFace('restarting', BUSY), trayFace('running', null)]) {
      assert.equal(face.sign, 'none');
    }
    const signs: readonly TraySign[] = ['none', 'disarmed', 'armed', 'reducing', 'halted'];
    assert.equal(new Set(signs.map(inkOf)).size, signs.length);
  });

  it('offer show, disarm, KILL and quit, and tools in a checkout only', () => {
    const did: string[] = [];
    const actions = {
      show: () => did.push('show'),
      disarm: () => did.push('disarm'),
      kill: () => did.push('kill'),
      startEngineAgain: () => did.push('again'),
      quit: () => did.push('quit'),
      checkForUpdate: () => did.push('update'),
    };
    const facts = { platform: 'linux', isPackaged: true, productName: 'Tickdeck' };
    const text = JSON.stringify(menuTemplate(facts, actions));
    assert.doesNotMatch(text, /toggleDevTools|"reload"/);
    assert.match(
      JSON.stringify(menuTemplate({ ...facts, isPackaged: false }, actions)),
      /DevTools/,
    );
    for (const menu of menuTemplate(facts, actions)) {
      for (const item of Array.isArray(menu.submenu) ? menu.submenu : []) {
        item.click?.(undefined as never, undefined, undefined as never);
      }
    }
    assert.deepEqual(did, ['show', 'update', 'quit', 'disarm', 'kill', 'again']);
  });

  it('belong to one application: a second start shows the first and ends', () => {
    const listeners: (() => void)[] = [];
    const app = (isFirst: boolean): Electron.App =>
      ({
        requestSingleInstanceLock: () => isFirst,
        on: (_event: string, listener: () => void) => listeners.push(listener),
      }) as unknown as Electron.App;
    let shown = 0;
    assert.equal(
      takeInstance(app(false), () => shown++),
      false,
    );
    assert.equal(
      takeInstance(app(true), () => shown++),
      true,
    );
    listeners[0]!();
    assert.equal(shown, 1);
  });
});

function fakeUpdater(did: string[]): Updater {
  return {
    check: async () => {
      did.push('check');
      return '9.9.9';
    },
    download: async () => void did.push('download'),
    installAtQuit: (wanted) => did.push(`install ${wanted}`),
  };
}

describe('updates', () => {
  const ON: UpdateFacts = {
    updates: { enabled: true, feedUrl: 'https://updates.example/' },
    isPackaged: true,
    summary: CALM,
    isEngineSettled: false,
  };

  it('are not looked for unless switched on, packaged, and nothing is at stake', () => {
    assert.equal(updateRefusal(ON), null);
    const refused: readonly Partial<UpdateFacts>[] = [
      { updates: DEFAULT_SETTINGS.updates },
      { updates: { enabled: true, feedUrl: '' } },
      { updates: { enabled: true, feedUrl: 'http://updates.example/' } },
      { isPackaged: false },
      { summary: sampleSummary({ armed: 1 }) },
      { summary: sampleSummary({ openOrders: 1 }) },
      { summary: sampleSummary({ positions: 1 }) },
      { summary: null },
    ];
    for (const change of refused) assert.notEqual(updateRefusal({ ...ON, ...change }), null);
    assert.equal(updateRefusal({ ...ON, summary: null, isEngineSettled: true }), null);
  });

  it('ask again before each step: armed meanwhile means not fetched', async () => {
    const did: string[] = [];
    const looks: UpdateFacts[] = [ON, ON, { ...ON, summary: BUSY }];
    const desk = new UpdateDesk({
      facts: () => looks.shift() ?? ON,
      load: async () => fakeUpdater(did),
      say: () => undefined,
    });
    assert.match(await desk.check(), /9\.9\.9 is offered; not fetched: not while 3 positions/);
    assert.deepEqual(did, ['check']);
  });

  it('are installed at the end, but not when something was left open', async () => {
    const did: string[] = [];
    const load = async (): Promise<Updater> => fakeUpdater(did);
    const desk = new UpdateDesk({ facts: () => ON, load, say: () => undefined });
    await desk.check();
    desk.atQuit(true);
    assert.deepEqual(did, ['check', 'download', 'install true']);
    desk.atQuit(false);
    assert.equal(did.at(-1), 'install false');
  });

  it('say honestly when the updater is not there', async () => {
    assert.equal(await loadUpdater('tickdeck-no-such-package'), null);
    const desk = new UpdateDesk({ facts: () => ON, load: async () => null, say: () => undefined });
    assert.match(await desk.check(), /not part of this build/);
  });
});
