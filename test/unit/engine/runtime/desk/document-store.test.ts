/** Documents on disk: revisions, conflicts, versions, damage, migrations, and the desk's words. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import {
  DOCUMENT_BYTES_MAX,
  DOCUMENT_VERSIONS_MAX,
} from '../../../../../engine/contract/documents.ts';
import { parseClientMessage } from '../../../../../engine/contract/validate.ts';
import { DocumentDesk } from '../../../../../engine/runtime/desk/document-desk.ts';
import {
  DOCUMENT_FORMAT,
  documentText,
  parseDocumentFile,
} from '../../../../../engine/runtime/desk/document-file.ts';
import { DocumentStore } from '../../../../../engine/runtime/desk/document-store.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { smallDisk } from '../../journal/journals.ts';

const NAME = 'workspaces';

function bench(t: TestContext) {
  const folder = path.join(tempDir(t), 'desk');
  const told: string[] = [];
  let nowMs = 1000;
  const options = { folder, nowMs: () => nowMs++, onDamaged: (text: string) => told.push(text) };
  const main = path.join(folder, `${NAME}.json`);
  const version = (n: number): string =>
    path.join(folder, `${NAME}.versions`, `${String(n).padStart(8, '0')}.json`);
  return { store: new DocumentStore(options), options, told, main, version };
}

/** Writes bodies "1", "2", … up to `count`. */
function fill(store: DocumentStore, count: number): void {
  for (let n = 1; n <= count; n++) {
    assert.equal(store.write(NAME, n - 1, String(n)).kind, 'saved');
  }
}

describe('a document', () => {
  it('is not there before the first write, and there after it, for another engine too', (t) => {
    const { store, options } = bench(t);
    assert.equal(store.read(NAME), null);
    fill(store, 1);
    const read = new DocumentStore(options).read(NAME);
    assert.deepEqual([read?.revision, read?.body, read?.savedAtMs], [1, '1', 1000]);
    assert.deepEqual(read?.versions, [{ revision: 1, savedAtMs: 1000 }]);
    assert.equal(store.read('settings'), null);
  });

  it('is not written over a revision that the writer has not seen', (t) => {
    const { store, options } = bench(t);
    fill(store, 2);
    const other = new DocumentStore(options);
    assert.equal(other.write(NAME, 2, 'theirs').kind, 'saved');
    const outcome = store.write(NAME, 2, 'ours');
    assert.equal(outcome.kind, 'conflict');
    assert.equal(outcome.kind === 'conflict' && outcome.current?.body, 'theirs');
    assert.equal(store.read(NAME)?.revision, 3);
  });

  it('is saved once when the same write comes twice', (t) => {
    const { store } = bench(t);
    fill(store, 2);
    const again = store.write(NAME, 1, '2');
    assert.equal(again.kind, 'saved');
    assert.equal(store.read(NAME)?.revision, 2);
  });

  it('finds the revision taken when another engine makes it in the same moment', (t) => {
    const { store, main, version } = bench(t);
    fill(store, 1);
    const before = fs.readFileSync(main, 'utf8');
    fill2(store);
    // The other engine's version is made, its document is not yet.
    fs.writeFileSync(main, before);
    assert.equal(fs.existsSync(version(2)), true);
    const outcome = store.write(NAME, 1, 'late');
    assert.equal(outcome.kind, 'conflict');
    assert.equal(store.read(NAME)?.body, 'second');
  });

  it('keeps the last versions and no more', (t) => {
    const { store, version } = bench(t);
    fill(store, 14);
    const kept = store.read(NAME)!.versions.map(({ revision }) => revision);
    assert.equal(kept.length, DOCUMENT_VERSIONS_MAX);
    assert.deepEqual(kept, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
    assert.equal(store.version(NAME, 5)?.body, '5');
    assert.equal(store.version(NAME, 4), null);
    assert.equal(fs.existsSync(version(4)), false);
  });

  it('leaves no half-made file when the disk is full', (t) => {
    const { store, options } = bench(t);
    fill(store, 1);
    const full = new DocumentStore({ ...options, disk: smallDisk(40, 'ENOSPC') });
    assert.throws(() => full.write(NAME, 1, 'x'.repeat(500)), /ENOSPC/);
    assert.equal(store.read(NAME)?.body, '1');
    assert.equal(store.write(NAME, 1, '2').kind, 'saved');
  });
});

function fill2(store: DocumentStore): void {
  assert.equal(store.write(NAME, 1, 'second').kind, 'saved');
}

describe('a damaged file', () => {
  for (const text of ['', '{"format":1', '[]', '{"format":1,"name":"workspaces"}']) {
    it(`is set aside, said once, and the newest version counts: ${JSON.stringify(text)}`, (t) => {
      const { store, told, main } = bench(t);
      fill(store, 3);
      fs.writeFileSync(main, text);
      const read = store.read(NAME);
      assert.deepEqual([read?.revision, read?.body], [3, '3']);
      assert.deepEqual(
        read?.versions.map(({ revision }) => revision),
        [3, 2, 1],
      );
      assert.equal(fs.readFileSync(`${main}.damaged`, 'utf8'), text);
      assert.equal(store.read(NAME)?.revision, 3);
      assert.equal(told.length, 1);
      assert.match(told[0]!, /workspaces\.json could not be understood.*\.damaged/);
    });
  }

  it('of a version too: the one before counts', (t) => {
    const { store, told, main, version } = bench(t);
    fill(store, 3);
    fs.writeFileSync(main, 'x');
    fs.writeFileSync(version(3), 'y');
    assert.equal(store.read(NAME)?.body, '2');
    assert.equal(told.length, 2);
    assert.equal(store.write(NAME, 2, 'new').kind, 'saved');
  });

  it('with nothing else to take leaves no document', (t) => {
    const { store, main, version } = bench(t);
    fill(store, 1);
    fs.writeFileSync(main, 'x');
    fs.rmSync(version(1));
    assert.equal(store.read(NAME), null);
    assert.equal(store.write(NAME, 0, 'fresh').kind, 'saved');
  });
});

describe('formats', () => {
  const file = {
    format: DOCUMENT_FORMAT,
    name: NAME,
    revision: 4,
    savedAtMs: 5,
    versions: [],
    body: 'b',
  };

  it('of before are brought up step by step', () => {
    const text = JSON.stringify({ format: 1, name: NAME, revision: 4, savedAtMs: 5, text: 'b' });
    const parsed = parseDocumentFile(
      text,
      NAME,
      {
        1: (old) => ({ ...old, body: (old as { text: string }).text }),
        2: (old) => ({ ...old, versions: [] }),
      },
      3,
    );
    assert.equal(parsed.kind === 'document' && parsed.file.body, 'b');
    assert.equal(parsed.kind === 'document' && parsed.file.format, 3);
  });

  it('without a step are damage, not a guess', () => {
    assert.equal(parseDocumentFile(documentText(file), NAME, {}, 2).kind, 'damaged');
  });

  it('of a newer version are neither read nor overwritten', (t) => {
    const { store, main, told } = bench(t);
    fill(store, 1);
    const text = JSON.stringify({ ...file, format: DOCUMENT_FORMAT + 1 });
    fs.writeFileSync(main, text);
    assert.throws(() => store.read(NAME), /saved by a newer version/);
    assert.throws(() => store.write(NAME, 1, 'x'), /saved by a newer version/);
    assert.equal(fs.readFileSync(main, 'utf8'), text);
    assert.deepEqual(told, []);
  });

  it('are of one name: another document is damage', () => {
    assert.equal(parseDocumentFile(documentText(file), 'settings').kind, 'damaged');
  });
});

describe('the desk', () => {
  it('answers reads, versions, writes and conflicts with what is there', (t) => {
    const { store } = bench(t);
    const desk = new DocumentDesk(store);
    const write = (id: string, base: number, body: string) =>
      desk.answer({ type: 'document', id, op: 'write', name: NAME, base, body }, false);
    assert.equal(write('a', 0, 'one').error, null);
    assert.equal(write('b', 1, 'two').revision, 2);
    const late = write('c', 1, 'late');
    assert.match(late.error!, /changed elsewhere: revision 2, not 1, is current/);
    assert.deepEqual([late.revision, late.body], [2, 'two']);
    const old = desk.answer(
      { type: 'document', id: 'd', op: 'readVersion', name: NAME, revision: 1 },
      false,
    );
    assert.deepEqual([old.revision, old.body, old.versions.length], [1, 'one', 2]);
    const none = desk.answer(
      { type: 'document', id: 'e', op: 'readVersion', name: NAME, revision: 9 },
      false,
    );
    assert.match(none.error!, /revision 9 of the workspaces is not kept/);
  });

  it('saves nothing that its check refuses', (t) => {
    const { store } = bench(t);
    const desk = new DocumentDesk(store, ({ holdsLease }) => (holdsLease ? null : 'take control'));
    const asked = {
      type: 'document',
      id: 'a',
      op: 'write',
      name: NAME,
      base: 0,
      body: 'x',
    } as const;
    assert.equal(desk.answer(asked, false).error, 'take control');
    assert.equal(store.read(NAME), null);
    assert.equal(desk.answer(asked, true).error, null);
  });

  it('says so when there is no folder', () => {
    const desk = new DocumentDesk(null);
    const answer = desk.answer({ type: 'document', id: 'a', op: 'read', name: NAME }, true);
    assert.match(answer.error!, /keeps no documents/);
  });
});

function written(body: string): string {
  return JSON.stringify({ type: 'document', id: 'a', op: 'write', name: NAME, base: 0, body });
}

describe('what a terminal may send', () => {
  it('is a document up to its bound, escapes included', () => {
    assert.equal(parseClientMessage(written('"'.repeat(DOCUMENT_BYTES_MAX))).type, 'document');
    assert.throws(() => parseClientMessage(written('x'.repeat(DOCUMENT_BYTES_MAX + 1))), /body/);
    assert.throws(() => parseClientMessage(written('é'.repeat(DOCUMENT_BYTES_MAX - 1))), /body/);
  });

  it('and nothing else that is long', () => {
    const long = JSON.stringify({ type: 'hello', contract: 1, name: 'x' }).padEnd(20_000);
    assert.throws(() => parseClientMessage(long), /too long/);
  });

  for (const bad of [
    { op: 'read', name: 'secrets' },
    { op: 'write', name: NAME, base: -1, body: '' },
    { op: 'write', name: NAME, body: '' },
    { op: 'readVersion', name: NAME, revision: 1.5 },
    { op: 'delete', name: NAME },
  ]) {
    it(`is refused: ${JSON.stringify(bad)}`, () => {
      const text = JSON.stringify({ type: 'document', id: 'a', ...bad });
      assert.throws(() => parseClientMessage(text), /message/);
    });
  }
});
