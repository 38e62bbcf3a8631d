/** Sequence rules of a depth stream, as tables: what each diff means to a book at a given id. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BookSync, SyncRule, SyncVerdict } from '../../../../engine/book/book-sync.ts';
import { BookState } from '../../../../engine/domain/modes.ts';

const { Ignore, Apply, Keep, Gap } = SyncVerdict;

interface Case {
  readonly name: string;
  readonly snapshot: number;
  /** [U, u] or [U, u, pu], and the verdict wanted. */
  readonly diffs: readonly (readonly [ids: readonly number[], verdict: number])[];
}

const SPOT: readonly Case[] = [
  {
    name: 'drops what the snapshot holds and begins with the diff that spans it',
    snapshot: 100,
    diffs: [
      [[90, 95], Ignore],
      [[96, 100], Ignore],
      [[99, 103], Apply],
      [[104, 104], Apply],
    ],
  },
  {
    name: 'begins with the adjacent diff, U = lastUpdateId + 1',
    snapshot: 100,
    diffs: [
      [[101, 105], Apply],
      [[106, 107], Apply],
    ],
  },
  { name: 'finds a gap at the very first diff', snapshot: 100, diffs: [[[102, 105], Gap]] },
  {
    name: 'finds a hole of one id later on, and keeps what follows',
    snapshot: 100,
    diffs: [
      [[101, 105], Apply],
      [[107, 110], Gap],
      [[111, 112], Keep],
    ],
  },
  {
    name: 'drops repeats and takes overlaps',
    snapshot: 100,
    diffs: [
      [[101, 105], Apply],
      [[101, 105], Ignore],
      [[103, 108], Apply],
      [[109, 109], Apply],
    ],
  },
];

const USDM: readonly Case[] = [
  {
    name: 'drops u < lastUpdateId, begins with U ≤ lastUpdateId ≤ u, then follows pu',
    snapshot: 100,
    diffs: [
      [[80, 99, 70], Ignore],
      [[95, 110, 93], Apply],
      [[150, 160, 110], Apply],
      [[161, 170, 160], Apply],
    ],
  },
  {
    name: 'begins with a diff that ends at the snapshot itself',
    snapshot: 100,
    diffs: [
      [[95, 100, 93], Apply],
      [[120, 130, 100], Apply],
    ],
  },
  {
    name: 'begins where no diff spans it: ids between two diffs belong to other instruments',
    snapshot: 100,
    diffs: [
      [[80, 97, 70], Ignore],
      [[105, 110, 97], Apply],
      [[115, 120, 110], Apply],
    ],
  },
  {
    name: 'begins with the adjacent diff, pu = lastUpdateId',
    snapshot: 100,
    diffs: [[[105, 110, 100], Apply]],
  },
  { name: 'finds a stale snapshot', snapshot: 100, diffs: [[[105, 110, 101], Gap]] },
  {
    name: 'does not ask U to follow u, only pu',
    snapshot: 100,
    diffs: [
      [[95, 110, 93], Apply],
      [[900, 910, 110], Apply],
    ],
  },
  {
    name: 'finds a missing diff though ids seem close, and a pu before the book',
    snapshot: 100,
    diffs: [
      [[95, 110, 93], Apply],
      [[112, 120, 111], Gap],
      [[121, 130, 120], Keep],
    ],
  },
  {
    name: 'takes an overlapping diff of another cut for a gap',
    snapshot: 100,
    diffs: [
      [[95, 110, 93], Apply],
      [[105, 120, 104], Gap],
    ],
  },
  {
    name: 'drops repeats, as of two overlapping connections',
    snapshot: 100,
    diffs: [
      [[95, 110, 93], Apply],
      [[95, 110, 93], Ignore],
      [[80, 90, 70], Ignore],
      [[111, 115, 110], Apply],
    ],
  },
];

for (const [rule, name, cases] of [
  [SyncRule.FirstId, 'spot rule', SPOT],
  [SyncRule.PreviousId, 'USD-M rule', USDM],
] as const) {
  describe(name, () => {
    for (const { name, snapshot, diffs } of cases) {
      it(name, () => {
        const sync = new BookSync(rule);
        sync.onConnected();
        sync.onSnapshot(snapshot);
        let id = snapshot;
        for (const [ids, verdict] of diffs) {
          const [first = 0, last = 0, previous = -1] = ids;
          assert.equal(
            sync.onDiff(new Float64Array([first, last, previous])),
            verdict,
            `u ${last}`,
          );
          if (verdict === Apply) id = last;
          assert.equal(sync.bookId[0], id);
        }
        const hasGap = diffs.some(([, verdict]) => verdict === Gap);
        assert.equal(sync.state, hasGap ? BookState.Resyncing : BookState.Synced);
      });
    }
  });
}

describe('life of a book', () => {
  it('keeps diffs until a snapshot comes, through connection, loss and reconnection', () => {
    const sync = new BookSync(SyncRule.FirstId);
    const diff = new Float64Array([101, 105, -1]);
    assert.equal(sync.state, BookState.Idle);
    assert.equal(sync.onDiff(diff), Keep);
    sync.onConnecting();
    assert.equal(sync.state, BookState.Connecting);
    sync.onConnected();
    assert.equal(sync.state, BookState.Buffering);
    assert.equal(sync.onDiff(diff), Keep);
    sync.onSnapshot(100);
    assert.equal(sync.state, BookState.Synced);
    sync.onConnected();
    assert.equal(sync.state, BookState.Synced, 'a renewed connection changes nothing');
    assert.equal(sync.onDiff(diff), Apply);
    sync.onLost();
    assert.equal(sync.state, BookState.Resyncing);
    assert.equal(sync.onDiff(diff), Keep);
    sync.onSnapshot(105);
    sync.onConnecting();
    assert.equal(sync.onDiff(diff), Keep, 'nothing is applied while the connection is down');
  });
});
