/**
 * workspaces.test: named arrangements: what may be done with them, how they are read whatever the
 * text, how they are kept when two windows write, and how they become the docking library's form.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { BUILT_INS } from '../../renderer/app/dock/built-ins.ts';
import { fromDockview, isSameLayout, toDockview } from '../../renderer/app/dock/dockview-layout.ts';
import {
  column,
  panelsOf,
  prune,
  readLayout,
  row,
  shareOut,
  tabs,
  type Layout,
} from '../../renderer/app/dock/layout-tree.ts';
import { useWorkspaces, WorkspaceKeeper } from '../../renderer/app/dock/workspace-store.ts';
import {
  activeWorkspace,
  copied,
  deleted,
  firstWorkspaces,
  layoutOf,
  merged,
  nameFault,
  readWorkspaces,
  renamed,
  switchTo,
  withLayout,
  writeWorkspaces,
  type Workspaces,
} from '../../renderer/app/dock/workspaces.ts';
import {
  EngineDocuments,
  type HeldDocument,
  type HeldWrite,
} from '../../renderer/app/documents/engine-documents.ts';
import { LocalDocuments } from '../../renderer/app/documents/local-documents.ts';
import { PANELS } from '../../renderer/app/panel-registry.tsx';
import { useDesk } from '../../renderer/stores/desk-store.ts';

const SIZE = { width: 1600, height: 800 };
const PLAIN: Layout = { root: row([tabs(['a']), tabs(['b', 'c'])]), floating: [] };

/** The host's side, as a list of texts. */
function hostDocuments() {
  const host = {
    bodies: [] as string[],
    fault: '',
    readVersion: async (_name: string, revision: number): Promise<HeldDocument> => ({
      revision,
      body: host.bodies[revision - 1] ?? null,
      savedAtMs: revision,
      versions: host.bodies
        .map((_body, at) => ({ revision: at + 1, savedAtMs: at + 1 }))
        .toReversed(),
    }),
    read: (name: string) => host.readVersion(name, host.bodies.length),
    write: async (name: string, base: number, body: string): Promise<HeldWrite> => {
      if (host.fault !== '') throw new Error(host.fault);
      if (base !== host.bodies.length) {
        return { kind: 'conflict', document: await host.read(name), reason: 'saved elsewhere' };
      }
      host.bodies.push(body);
      return { kind: 'saved', document: await host.read(name) };
    },
  };
  return host;
}

function known(id: string): boolean {
  return PANELS.some((entry) => entry.id === id);
}

function read(text: string): Workspaces {
  const result = readWorkspaces(text);
  if (!result.ok) throw new Error(result.reason);
  return result.workspaces;
}

describe('an arrangement', () => {
  it('leaves out panels that are not known, and closes up', () => {
    const layout: Layout = {
      root: row([tabs(['a']), column([tabs(['x']), row([tabs(['b', 'y']), tabs(['z'])])])]),
      floating: [{ panels: ['q'], active: 'q', left: 0, top: 0, width: 0.5, height: 0.5 }],
    };
    const pruned = prune(layout, (id) => 'abc'.includes(id));
    expect(panelsOf(pruned)).toEqual(['a', 'b']);
    expect(pruned.root).toEqual(row([tabs(['a']), tabs(['b'])]));
    expect(pruned.floating).toEqual([]);
    expect(prune(layout, () => false).root).toBeNull();
  });

  it('shows a panel once', () => {
    const twice: Layout = { root: row([tabs(['a', 'b']), tabs(['b', 'a'])]), floating: [] };
    expect(panelsOf(prune(twice, () => true))).toEqual(['a', 'b']);
  });

  it.each([
    [[{ px: 100 }, { part: 1 }, { part: 3 }], 500, [100, 100, 300]],
    [[{ px: 100 }, { px: 100 }], 300, [150, 150]],
    [[{ part: 1 }, { part: 1 }, { part: 1 }], 100, [33, 33, 34]],
    [[{ px: 900 }, { part: 1 }], 500, [440, 60]],
  ] as const)('shares %j out of %d pixels', (sizes, length, expected) => {
    const nodes = sizes.map((size) => tabs(['a'], size));
    expect(shareOut(nodes, length)).toEqual(expected);
  });

  it.each(BUILT_INS.map(({ id }) => [id]))('built in as %s survives the library’s form', (id) => {
    for (const [width, height] of [
      [1280, 700],
      [1920, 990],
    ] as const) {
      const workspace = { id, name: id, origin: id, layout: null };
      const layout = prune(layoutOf(workspace, width, height), known);
      expect(panelsOf(layout).length).toBeGreaterThan(4);
      const saved = toDockview(layout, { width, height }, (panel) => panel);
      const back = fromDockview(saved);
      expect(panelsOf(back)).toEqual(panelsOf(layout));
      const again = fromDockview(toDockview(back, { width, height }, (panel) => panel));
      expect(isSameLayout(again, back)).toBe(true);
    }
  });

  it('names later panels already, and only once each', () => {
    for (const { make } of BUILT_INS) {
      const panels = panelsOf(make(1920, 990));
      expect(new Set(panels).size).toBe(panels.length);
    }
    expect(BUILT_INS.flatMap(({ make }) => panelsOf(make(1920, 990)))).toContain('liquidity');
  });

  it('keeps floating groups by their share of the dock', () => {
    const group = { panels: ['a'], active: 'a', left: 0.25, top: 0.5, width: 0.25, height: 0.25 };
    const layout: Layout = { root: tabs(['b']), floating: [group] };
    const saved = toDockview(layout, SIZE, (panel) => panel);
    expect(saved.floatingGroups?.[0]?.position).toEqual({
      left: 400,
      top: 400,
      width: 400,
      height: 200,
    });
    expect(fromDockview(saved).floating).toEqual([group]);
  });

  it.each([
    null,
    7,
    { root: null },
    { root: { kind: 'tabs' }, floating: [] },
    { root: { kind: 'row', size: { part: 1 }, children: [] }, floating: [] },
    { root: { kind: 'tabs', size: { part: -1 }, panels: ['a'], active: 'a' }, floating: [] },
    { root: { kind: 'tabs', size: { part: 1 }, panels: [1], active: 'a' }, floating: [] },
    {
      root: null,
      floating: [{ panels: ['a'], active: 'a', left: 9, top: 0, width: 1, height: 1 }],
    },
  ])('is not read from %j', (value) => {
    expect(readLayout(value)).toBeNull();
  });
});

describe('workspaces', () => {
  const start = firstWorkspaces();

  it('begin as the built-in ones, the compact one first on a small screen', () => {
    expect(start.list.map(({ name }) => name)).toEqual([
      'scalping',
      'market making',
      'analysis',
      'compact',
    ]);
    expect(activeWorkspace(start).id).toBe('scalping');
    expect(activeWorkspace(firstWorkspaces(1280)).id).toBe('compact');
  });

  it('are copied under a free name, renamed, deleted down to the last', () => {
    const two = copied(copied(start, 'scalping', 'scalping', 'n1'), 'n1', 'scalping', 'n2');
    expect(two.list.slice(-2).map(({ name }) => name)).toEqual(['scalping 2', 'scalping 3']);
    expect(two.active).toBe('n2');
    expect(nameFault(two, ' Scalping ', 'n2')).toMatch(/already/);
    expect(renamed(two, 'n2', 'scalping')).toBe(two);
    expect(activeWorkspace(renamed(two, 'n2', '  night   desk ')).name).toBe('night desk');
    expect(nameFault(two, '   ', 'n2')).toMatch(/needs a name/);

    let rest = two;
    for (const { id } of two.list) rest = deleted(rest, id);
    expect(rest.list).toHaveLength(1);
    expect(rest.list.some(({ id }) => id === rest.active)).toBe(true);
  });

  it('come back from their text as they were', () => {
    const kept = withLayout(switchTo(start, 'analysis'), 'analysis', PLAIN);
    expect(read(writeWorkspaces(kept))).toEqual(kept);
  });

  it('are brought up from version 1', () => {
    const old = { version: 1, active: 'night', workspaces: { scalping: null, night: PLAIN } };
    const workspaces = read(JSON.stringify(old));
    expect(workspaces.active).toBe('night');
    expect(workspaces.list).toEqual([
      { id: 'scalping', name: 'scalping', origin: 'scalping', layout: null },
      { id: 'night', name: 'night', origin: 'scalping', layout: PLAIN },
    ]);
  });

  it('lose only the damaged one', () => {
    const text = writeWorkspaces(withLayout(start, 'scalping', PLAIN)).replace('"part":1', '"p":1');
    const result = readWorkspaces(text);
    expect(result).toMatchObject({ ok: true, dropped: 1 });
    expect(read(text).list.map(({ id }) => id)).toEqual(['market-making', 'analysis', 'compact']);
  });

  it.each([
    ['{', /no JSON/],
    ['[]', /no JSON/],
    ['{}', /no version/],
    ['{"version":99}', /newer/],
    ['{"version":2,"list":[1,{"id":""}]}', /no workspace/],
  ])('are refused from %s, with the reason', (text, reason) => {
    const result = readWorkspaces(text);
    expect(result.ok ? '' : result.reason).toMatch(reason);
  });

  it('merge: theirs, and on top the one that was worked on here', () => {
    const ours = withLayout(start, 'scalping', PLAIN);
    const theirs = deleted(copied(start, 'compact', 'theirs', 'x'), 'analysis');
    const both = merged(theirs, ours);
    expect(both.list.map(({ name }) => name)).toEqual([
      'scalping',
      'market making',
      'compact',
      'theirs',
    ]);
    expect(activeWorkspace(both)).toMatchObject({ id: 'scalping', layout: PLAIN });
  });
});

describe('documents in the browser', () => {
  beforeEach(() => {
    localStorage.clear();
    useDesk.setState({ notice: null });
    useWorkspaces.setState({ all: firstWorkspaces(), applied: 0 });
  });

  it('keep revisions and the last ten versions', async () => {
    const documents = new LocalDocuments(localStorage, () => 5);
    expect(await documents.read('d')).toBeNull();
    for (let i = 0; i < 13; i++) {
      expect(await documents.write('d', i, `text ${i}`)).toEqual({ ok: true, revision: i + 1 });
    }
    expect(await documents.read('d')).toEqual({ revision: 13, body: 'text 12', atMs: 5 });
    const versions = await documents.versions('d');
    expect(versions.map(({ revision }) => revision)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  it('refuse a write on an old revision and give the newest', async () => {
    const documents = new LocalDocuments(localStorage, () => 5);
    await documents.write('d', 0, 'a');
    const result = await documents.write('d', 0, 'b');
    expect(result).toEqual({
      ok: false,
      why: 'conflict',
      newest: { revision: 1, body: 'a', atMs: 5 },
    });
    expect((await documents.read('d'))?.body).toBe('a');
  });

  it('say why when the storage is full', async () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('quota');
      },
      removeItem: () => {},
    };
    const documents = new LocalDocuments(full as unknown as Storage);
    expect(await documents.write('d', 0, 'a')).toEqual({
      ok: false,
      why: 'failed',
      reason: 'quota',
    });
  });

  it('put a damaged entry aside', async () => {
    localStorage.setItem('tickdeck.document.d', '[{"revision":1}]');
    expect(await new LocalDocuments(localStorage).read('d')).toBeNull();
    expect(localStorage.getItem('tickdeck.document.d.damaged')).toBe('[{"revision":1}]');
  });

  it('two windows: the later takes over what the other saved, and says so', async () => {
    const documents = new LocalDocuments(localStorage);
    const here = new WorkspaceKeeper(documents);
    await here.open();
    const other = copied(firstWorkspaces(), 'compact', 'other desk', 'x');
    await documents.write('workspaces', 0, writeWorkspaces(other));

    here.layoutChanged(PLAIN);
    await here.flush();
    const kept = read((await documents.read('workspaces'))?.body ?? '');
    expect(kept.list.map(({ name }) => name)).toContain('other desk');
    expect(activeWorkspace(kept).layout).toEqual(PLAIN);
    expect(useDesk.getState().notice?.text).toMatch(/Another window saved workspaces first/);
  });

  it('a damaged document leaves the built-in workspaces, a notice, and its text', async () => {
    const documents = new LocalDocuments(localStorage);
    await documents.write('workspaces', 0, '{"version":2,"list":7}');
    const keeper = new WorkspaceKeeper(documents);
    await keeper.open();
    expect(useWorkspaces.getState().all).toEqual(firstWorkspaces());
    expect(useDesk.getState().notice?.text).toMatch(/cannot be used: no workspace/);
    keeper.layoutChanged(PLAIN);
    await keeper.flush();
    expect((await keeper.versions()).map(({ body }) => body)).toEqual(['{"version":2,"list":7}']);
  });

  it('a former version is put back as a new one', async () => {
    const keeper = new WorkspaceKeeper(new LocalDocuments(localStorage));
    keeper.layoutChanged(PLAIN);
    await keeper.flush();
    keeper.change(deleted(useWorkspaces.getState().all, 'scalping'));
    await keeper.flush();
    const [former] = await keeper.versions();
    expect(former?.revision).toBe(1);
    if (former !== undefined) keeper.restore(former);
    expect(activeWorkspace(useWorkspaces.getState().all)).toMatchObject({
      id: 'scalping',
      layout: PLAIN,
    });
  });

  it('move to the engine’s host; another window’s change there is taken over', async () => {
    const here = new LocalDocuments(localStorage);
    const host = hostDocuments();
    const keeper = new WorkspaceKeeper(here);
    await keeper.open();
    await keeper.follow(new EngineDocuments(host));
    await keeper.flush();
    expect(host.bodies).toHaveLength(1);
    const { active } = useWorkspaces.getState().all;

    const theirs = copied(firstWorkspaces(), 'compact', 'theirs', 'x');
    await host.write('workspaces', 1, writeWorkspaces(theirs));
    await keeper.reread();
    const { all } = useWorkspaces.getState();
    expect(all.list.map(({ name }) => name)).toContain('theirs');
    expect(all.active).toBe(active);

    keeper.layoutChanged(PLAIN);
    await keeper.flush();
    expect(read(host.bodies.at(-1) ?? '')).toEqual(useWorkspaces.getState().all);
    expect((await here.read('workspaces'))?.body).toBe(host.bodies.at(-1));
    expect(await keeper.versions()).toHaveLength(2);
  });

  it('a host that refuses or is gone is named', async () => {
    const host = hostDocuments();
    const keeper = new WorkspaceKeeper(new EngineDocuments(host));
    host.fault = 'the disk is full';
    keeper.layoutChanged(PLAIN);
    await keeper.flush();
    expect(useDesk.getState().notice?.text).toMatch(/could not be kept: the disk is full/);
  });

  it('the dock is told only of what changes the picture', () => {
    const keeper = new WorkspaceKeeper(new LocalDocuments(localStorage));
    const { all } = useWorkspaces.getState();
    keeper.change(renamed(all, 'scalping', 'mine'));
    keeper.change(copied(useWorkspaces.getState().all, 'scalping', 'mine', 'y'));
    expect(useWorkspaces.getState().applied).toBe(0);
    keeper.change(switchTo(useWorkspaces.getState().all, 'compact'));
    expect(useWorkspaces.getState().applied).toBe(1);
  });
});
