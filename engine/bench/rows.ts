/**
 * rows: every figure that `tickdeck bench` knows: its id, name, unit, budget, and the figure that
 * the product was asked to beat.
 *
 * Budgets are for a warm engine in one process on a two-core development machine. They exclude the
 * kernel and the network; null where none was set.
 * Imports   nothing.
 */
export interface BenchRow {
  readonly id: string;
  readonly name: string;
  readonly unit: 'ns' | 'µs' | 'bytes' | 'collections' | '% of a core' | 'MB';
  readonly budget: number | null;
  readonly brief: number | null;
}

/** Signal generation was asked to take less than a tenth of a second. */
const CYCLE_NS = 1e8;
const PATH = 'buffer received → order encoded, 40 levels';

export const BENCH_ROWS: readonly BenchRow[] = [
  row('queue.push32', 'queue: push a 32-byte record, published', 'ns', 15, 20),
  row('queue.pop32', 'queue: pop a 32-byte record', 'ns', 5, 20),
  row('book.update', 'book: update a level near the touch, 1 instrument', 'ns', 30, null),
  row('book.update64', 'book: the same, 64 instruments in turn', 'ns', 60, null),
  row('book.capture', 'book: update a level, real captures', 'ns', 100, null),
  row('book.top5', 'book: 5-level imbalance and microprice', 'ns', 30, 2e5),
  row('decode.depth20x2', 'decode: depth update of 20 × 2 levels', 'ns', 700, null),
  row('decode.trade', 'decode: trade', 'ns', 150, null),
  row('tick.full', 'full analysis: 8 signals, validation, exits, risk', 'ns', 150, 800),
  row('view.write', 'shared view: write 84 doubles', 'ns', null, null),
  row('view.read', 'shared view: read 84 doubles', 'ns', null, null),
  row('path.inline.p50', `${PATH}, p50`, 'ns', 1500, CYCLE_NS),
  row('path.inline.p99', `${PATH}, p99`, 'ns', 5000, CYCLE_NS),
  row('alloc.perTick', 'allocation a message, buffer to order', 'bytes', 0.01, 0),
  row('gc.per10M', 'garbage collections in 10 M messages', 'collections', 0, 0),
  row('cpu.1000', 'engine at 1,000 messages/s, no window', '% of a core', 4, 8),
  row('mem.privateDirtyMb', 'engine: private dirty memory', 'MB', 45, 45),
  row('mem.rssMb', 'engine: resident memory', 'MB', null, 45),
  row('frame.build', 'frame built and posted, 8 instruments', 'µs', 200, null),
];

function row(
  id: string,
  name: string,
  unit: BenchRow['unit'],
  budget: number | null,
  brief: number | null,
): BenchRow {
  return { id, name, unit, budget, brief };
}
