/** Tapes: what is written is read, damage is found, and nothing half-written is left. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../engine/base/random.ts';
import { MarketBatch, MessageClass, RecordKind } from '../../../../engine/memory/market-record.ts';
import { TurnKind } from '../../../../engine/memory/slots.ts';
import { TAPE_VERSION, type TapeHeader } from '../../../../engine/tape/tape-format.ts';
import { TapeReader } from '../../../../engine/tape/tape-reader.ts';
import { TapeWriter } from '../../../../engine/tape/tape-writer.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { rowsOf, specOf, type Row } from '../feeds/frame-model.ts';

const HEADER: TapeHeader = {
  version: TAPE_VERSION,
  venue: 'binance-usdm',
  instruments: [specOf('ABCUSDT', '0.1', '0.001', 'binance-usdm')],
  increments: { ABCUSDT: 'inferred' },
  anchorWallMs: 1_700_000_000_000.5,
  source: 'a test',
};

interface Turn {
  readonly ns: number;
  readonly kind: number;
  readonly rows: readonly Row[];
}

/** Fills the batch with `count` records of every kind of number. */
function fill(batch: MarketBatch, count: number, random: SeededRandom): void {
  batch.clear();
  for (let i = 0; i < count; i++) {
    const isLast = i === count - 1;
    const kind = isLast ? RecordKind.EndOfMessage : RecordKind.BidLevel;
    // The first two words read as a double may be any bit pattern, NaN included.
    const ticks = random.int(2) === 0 ? -1 : random.int(0x7fff_ffff);
    const row = batch.claim(kind, isLast ? MessageClass.Depth : 0, random.int(0x1_0000), ticks);
    batch.doubles.set([random.int(9) + 0.5, 2 ** 53 - 1, 1.7e12], row * 4 + 1);
  }
}

function write(file: string, turns: number, seed = 1): readonly Turn[] {
  const random = new SeededRandom(seed);
  const writer = new TapeWriter(file, HEADER);
  const batch = new MarketBatch();
  const clock = new Float64Array(1);
  const written: Turn[] = [];
  for (let n = 0; n < turns; n++) {
    fill(batch, n % 50 === 49 ? 4096 : random.int(40), random);
    clock[0] = n * 1000.5;
    const kind = n % 3 === 0 ? TurnKind.Snapshot : TurnKind.Message;
    writer.writeTurn(kind, clock, batch);
    written.push({ ns: clock[0], kind, rows: rowsOf(batch) });
  }
  assert.equal(existsSync(file), false, 'a tape appears only when it is whole');
  writer.finish();
  return written;
}

function read(reader: TapeReader): Turn[] {
  const turns: Turn[] = [];
  while (reader.next()) {
    turns.push({ ns: reader.nowNs, kind: reader.turnKind, rows: rowsOf(reader.batch) });
  }
  return turns;
}

describe('tape', () => {
  it('gives back every turn, to the bit, twice', (t) => {
    const file = path.join(tempDir(t), 'a.tape');
    const written = write(file, 400);
    const reader = new TapeReader(file);
    t.after(() => reader.close());
    assert.deepEqual(reader.header, HEADER);
    assert.equal(reader.instruments[0]!.symbol, 'ABCUSDT');
    assert.deepEqual(read(reader), written);
    assert.equal(reader.warning, null);
    assert.equal(reader.next(), false, 'the end stays the end');
    reader.rewind();
    assert.deepEqual(read(reader), written);
    assert.ok(reader.progress > 0.9);
  });

  it('writes the same bytes for the same turns', (t) => {
    const folder = tempDir(t);
    write(path.join(folder, 'a.tape'), 120);
    write(path.join(folder, 'b.tape'), 120);
    const [a, b] = ['a.tape', 'b.tape'].map((name) => readFileSync(path.join(folder, name)));
    assert.ok(a!.equals(b!));
    assert.deepEqual(readdirSync(folder).toSorted(), ['a.tape', 'b.tape'], 'and nothing else');
  });

  it('can be empty', (t) => {
    const file = path.join(tempDir(t), 'a.tape');
    write(file, 0);
    const reader = new TapeReader(file);
    assert.deepEqual(read(reader), []);
    assert.equal(reader.warning, null);
    reader.close();
  });

  it('leaves nothing when it is given up', (t) => {
    const folder = tempDir(t);
    const writer = new TapeWriter(path.join(folder, 'a.tape'), HEADER);
    const batch = new MarketBatch();
    fill(batch, 10, new SeededRandom(1));
    writer.writeTurn(TurnKind.Message, new Float64Array(1), batch);
    writer.abort();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('is not begun where nothing can be written', (t) => {
    const file = path.join(tempDir(t), 'no', 'such', 'folder', 'a.tape');
    assert.throws(() => new TapeWriter(file, HEADER), {
      code: 'journal/write-failed',
      message: /a\.tape: cannot be created/,
    });
  });

  it('gives what is whole of a tape that was cut off, with one warning', (t) => {
    const file = path.join(tempDir(t), 'a.tape');
    const written = write(file, 400);
    const bytes = readFileSync(file);
    for (const part of [0.3, 0.6, 0.95]) {
      writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * part)));
      const reader = new TapeReader(file);
      const turns = read(reader);
      reader.close();
      assert.ok(turns.length > 0 && turns.length < written.length, `${part}`);
      assert.deepEqual(turns, written.slice(0, turns.length));
      assert.match(reader.warning!, /was cut off after \d+ turns/);
    }
    writeFileSync(file, bytes.subarray(0, bytes.length - 32));
    const reader = new TapeReader(file);
    assert.equal(read(reader).length, written.length, 'only the end block is missing');
    assert.notEqual(reader.warning, null);
    reader.close();
  });

  it('refuses a damaged tape with the place of the damage', (t) => {
    const file = path.join(tempDir(t), 'a.tape');
    write(file, 400);
    const bytes = readFileSync(file);
    // The last is the end block's count of turns.
    for (const at of [1000, 300_000, Math.floor(bytes.length / 2), bytes.length - 20]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = damaged[at]! ^ 0x10;
      writeFileSync(file, damaged);
      const reader = new TapeReader(file);
      assert.throws(() => read(reader), {
        code: 'input/malformed',
        message: /damaged at byte \d+/,
      });
      reader.close();
    }
  });

  it('refuses what is no tape, a damaged header, another version, and no file', (t) => {
    const file = path.join(tempDir(t), 'a.tape');
    write(file, 10);
    const bytes = readFileSync(file);
    const refused: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from('{"t":"header"}\n{"t":"recv"}'), /it is no tape/],
      [Buffer.alloc(0), /it is no tape/],
      [bytes.subarray(0, 200), /ends within its header/],
      [
        Buffer.concat([bytes.subarray(0, 40), Buffer.from('x'), bytes.subarray(41)]),
        /header is damaged/,
      ],
    ];
    for (const [content, message] of refused) {
      writeFileSync(file, content);
      assert.throws(() => new TapeReader(file), { message });
    }
    assert.throws(() => new TapeReader(`${file}.none`), { message: /cannot be opened/ });
    const other = { ...HEADER, version: 9 } as unknown as TapeHeader;
    const writer = new TapeWriter(file, other);
    writer.finish();
    assert.throws(() => new TapeReader(file), { message: /version 9 cannot be read/ });
  });
});
