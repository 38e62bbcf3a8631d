/** memory-plan, counters, shared-words: where regions lie, and what stands in them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { counterBytes, CounterBlock, CounterReader } from '../../../../engine/memory/counters.ts';
import { LatestReader } from '../../../../engine/memory/latest-ring.ts';
import {
  allocate,
  memoryPlanText,
  placeRegions,
  planMemory,
  RegionName,
  SharedMemory,
  type MemoryPlanOptions,
  type RegionRequest,
} from '../../../../engine/memory/memory-plan.ts';
import { PAD_BYTES } from '../../../../engine/memory/padding.ts';
import { Beat, CommandBit, SharedWords } from '../../../../engine/memory/shared-words.ts';
import { ViewReader, ViewWriter } from '../../../../engine/memory/slot-view.ts';
import { RingReader, RingWriter } from '../../../../engine/memory/spsc-ring.ts';
import { SlotKind } from '../../../../engine/memory/slots.ts';

const OPTIONS: MemoryPlanOptions = {
  instruments: 8,
  marketDoubles: 96,
  deepDoubles: 512,
  engineDoubles: 640,
  histogramBytes: 1000,
  counterCount: 25,
};

describe('memory plan', () => {
  const plan = planMemory(OPTIONS);

  it('places regions one behind the other without overlap, each on a pad border', () => {
    let end = 0;
    for (const region of plan.regions) {
      assert.equal(region.byteOffset, end, region.name);
      assert.equal(region.byteOffset % PAD_BYTES, 0);
      assert.equal(region.byteOffset % region.alignment, 0);
      end += region.bytes;
    }
    assert.equal(plan.totalBytes, end);
  });

  it('has every region once, by name, with one writing thread (the shared words have two)', () => {
    const names = plan.regions.map((region) => region.name);
    assert.equal(new Set(names).size, names.length);
    for (const region of plan.regions) {
      assert.equal(region.writers.length, region.shape.kind === 'words' ? 2 : 1, region.name);
    }
    for (let i = 0; i < 8; i++) assert.ok(names.includes(RegionName.marketView(i)));
    const twice = { ...plan.regions[0]! };
    assert.throws(() => placeRegions([twice, twice]), /asked for once/);
  });

  it('stays small: under 8 MB for eight instruments', () => {
    assert.ok(plan.totalBytes < 8 * 1024 * 1024, `${plan.totalBytes} bytes`);
  });

  it('gives working rings and views in one buffer, and again from plain data', () => {
    const made = allocate(plan);
    const memory = new SharedMemory(made.buffer, structuredClone(plan));
    const ringAt = memory.offsetOf(RegionName.journal());
    const writer = new RingWriter(memory.buffer, ringAt);
    const at = writer.claim(1);
    writer.words[at * 2] = SlotKind.TurnEnd;
    writer.publish();
    assert.ok(new RingReader(memory.buffer, ringAt).peek() >= 0);
    for (let i = 0; i < 8; i++) {
      const view = new ViewWriter(memory.buffer, memory.offsetOf(RegionName.marketView(i)));
      view.doubles[view.begin()] = i;
      view.commit();
    }
    const out = new Float64Array(96);
    for (let i = 0; i < 8; i++) {
      const offset = memory.offsetOf(RegionName.marketView(i));
      assert.ok(new ViewReader(memory.buffer, offset).read(out));
      assert.equal(out[0], i);
    }
    assert.equal(
      new LatestReader(memory.buffer, memory.offsetOf(RegionName.trades())).next(),
      false,
    );
    assert.throws(() => memory.offsetOf('nothing'), /no region nothing/);
  });

  it('lets each region be filled to its last byte without touching its neighbours', () => {
    const requests: RegionRequest[] = [64, 100, 4].map((bytes, at) => ({
      name: `r${at}`,
      shape: { kind: 'raw', bytes },
      ownerThread: 'host',
      writers: ['host'],
      readers: [],
    }));
    const memory = allocate(placeRegions(requests));
    for (const region of memory.plan.regions) {
      const bytes = new Uint8Array(memory.buffer, region.byteOffset, region.bytes);
      assert.ok(bytes.every((byte) => byte === 0));
      bytes.fill(0xff);
    }
    assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 0xff));
  });

  it('prints a line a region and the total', () => {
    const lines = memoryPlanText(plan).split('\n');
    assert.equal(lines.length, plan.regions.length + 2);
    assert.match(lines.at(-1)!, /total [\d,]+ bytes/);
    assert.match(lines[4]!, /journal\.0\s+2,09\d,\d+  trading\s+journal/);
  });

  it('leaves deep views out when they have no doubles, and takes several threads', () => {
    const names = planMemory({ ...OPTIONS, deepDoubles: 0, tradingThreads: 2 }).regions.map(
      (region) => region.name,
    );
    assert.ok(!names.some((name) => name.startsWith('deep-view')));
    assert.ok(names.includes('journal.1'));
  });
});

describe('counters', () => {
  it('counts, sets and totals beyond 2^32', () => {
    const block = CounterBlock.create(3);
    const reader = new CounterReader(block);
    block.bump(0);
    block.add(0, 4);
    block.addShared(1, 7);
    block.set(2, 9);
    reader.poll();
    assert.deepEqual([...reader.totals], [5, 7, 9]);
    for (let i = 0; i < 5; i++) {
      block.add(0, 0x7000_0000);
      reader.poll();
    }
    assert.equal(reader.totals[0], 5 + 5 * 0x7000_0000);
    assert.equal(block.load(0), (5 + 5 * 0x7000_0000) % 2 ** 32);
  });

  it('ends in padding', () => {
    for (const count of [1, 31, 32, 33]) assert.ok(counterBytes(count) - count * 4 >= PAD_BYTES);
  });
});

describe('shared words', () => {
  it('raises and lowers single bits', () => {
    const words = SharedWords.create();
    words.raise(CommandBit.Fence | CommandBit.Disarm);
    words.lower(CommandBit.Disarm);
    assert.equal(words.bits(), CommandBit.Fence);
  });

  it('knows an acknowledged kill from one that came after it', () => {
    const words = SharedWords.create();
    assert.equal(words.killRequest(), 0);
    words.raise(CommandBit.Kill);
    assert.equal(words.killAcknowledged(), false);
    const request = words.killRequest();
    words.raise(CommandBit.Kill);
    words.acknowledgeKill(request);
    assert.equal(words.killAcknowledged(), false);
    words.acknowledgeKill(words.killRequest());
    assert.equal(words.killAcknowledged(), true);
  });

  it('keeps the beats of the threads apart', () => {
    const words = SharedWords.create();
    words.beat(Beat.Trading);
    words.beat(Beat.Trading);
    words.beat(Beat.Journal);
    assert.deepEqual(
      [Beat.Trading, Beat.Host, Beat.Journal].map((beat) => words.beatOf(beat)),
      [2, 0, 1],
    );
  });
});
