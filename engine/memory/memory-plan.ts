/**
 * memory-plan: every byte that threads share, decided once at start, before the first thread runs.
 *
 * A plan is data: regions with a shape, an offset, who writes and who reads. `allocate` makes one
 * SharedArrayBuffer and formats each region; a thread gets {buffer, plan} and attaches by name:
 * `new RingReader(memory.buffer, memory.offsetOf('journal.0'))`. Nothing is added later.
 *
 * Sizes that belong to other rooms (doubles of a view, bytes of the histograms) come as arguments.
 * Units     bytes, slots, records, doubles as the names say.
 * Imports   base, memory.
 */
import { assert } from '../base/assert.ts';
import { counterBytes } from './counters.ts';
import { formatLatest, latestBytes } from './latest-layout.ts';
import { LINE_BYTES, PAD_BYTES, roundUp } from './padding.ts';
import { formatRing, ringBytes } from './ring-layout.ts';
import { SHARED_WORDS_BYTES } from './shared-words.ts';
import { formatView, viewBytes } from './view-layout.ts';

export type ThreadName = 'host' | 'trading' | 'journal';

export type RegionShape =
  | { readonly kind: 'ring'; readonly slots: number }
  | { readonly kind: 'view'; readonly doubles: number }
  | { readonly kind: 'latest'; readonly records: number }
  | { readonly kind: 'counters'; readonly count: number }
  | { readonly kind: 'words' }
  | { readonly kind: 'raw'; readonly bytes: number };

export interface RegionRequest {
  readonly name: string;
  readonly shape: RegionShape;
  /** The thread whose work fills it. */
  readonly ownerThread: ThreadName;
  readonly writers: readonly ThreadName[];
  readonly readers: readonly ThreadName[];
}

export interface Region extends RegionRequest {
  readonly bytes: number;
  readonly alignment: number;
  readonly byteOffset: number;
}

export interface MemoryPlan {
  readonly regions: readonly Region[];
  readonly totalBytes: number;
}

export interface MemoryPlanOptions {
  readonly instruments: number;
  /** Trading threads; instruments are sharded over them. */
  readonly tradingThreads?: number;
  /** Payload of an instrument's shared view (touch, five levels, readings), published each turn. */
  readonly marketDoubles: number;
  /** Payload of an instrument's deep view (the ladder's scroll window); 0 makes none. */
  readonly deepDoubles: number;
  /** Payload of each trading thread's own view (state, PnL, scalps, quotes). */
  readonly engineDoubles: number;
  readonly histogramBytes: number;
  readonly counterCount: number;
  /** 32-byte slots; powers of two. */
  readonly journalSlots?: number;
  readonly commandSlots?: number;
  readonly snapshotSlots?: number;
  /** Trades kept for the screen, each trading thread. */
  readonly tradeRecords?: number;
  /** Regions of other rooms. */
  readonly extra?: readonly RegionRequest[];
}

/** 2 MB: at 1,000 messages a second of ten records, over a second of a stalled disk. */
export const JOURNAL_SLOTS_DEFAULT = 65_536;
export const COMMAND_SLOTS_DEFAULT = 1_024;
export const SNAPSHOT_SLOTS_DEFAULT = 32_768;
export const TRADE_RECORDS_DEFAULT = 4_096;

/** The names by which threads find their regions. */
export const RegionName = {
  sharedWords: (thread = 0): string => `shared-words.${thread}`,
  counters: (thread = 0): string => `counters.${thread}`,
  histograms: (thread = 0): string => `histograms.${thread}`,
  journal: (thread = 0): string => `journal.${thread}`,
  commands: (thread = 0): string => `commands.${thread}`,
  snapshots: (thread = 0): string => `snapshots.${thread}`,
  trades: (thread = 0): string => `trades.${thread}`,
  engineView: (thread = 0): string => `engine-view.${thread}`,
  marketView: (instrument: number): string => `market-view.${instrument}`,
  deepView: (instrument: number): string => `deep-view.${instrument}`,
} as const;

export function planMemory(options: MemoryPlanOptions): MemoryPlan {
  assert(Number.isInteger(options.instruments) && options.instruments > 0, 'instruments ≥ 1');
  const requests: RegionRequest[] = [];
  const threads = options.tradingThreads ?? 1;
  for (let thread = 0; thread < threads; thread++) requests.push(...ofThread(options, thread));
  for (let instrument = 0; instrument < options.instruments; instrument++) {
    requests.push(...ofInstrument(options, instrument));
  }
  requests.push(...(options.extra ?? []));
  return placeRegions(requests);
}

/** Lays regions one behind the other, each on a pad border. */
export function placeRegions(requests: readonly RegionRequest[]): MemoryPlan {
  const regions: Region[] = [];
  const names = new Set<string>();
  let byteOffset = 0;
  for (const request of requests) {
    assert(!names.has(request.name), `region ${request.name} is asked for once`);
    names.add(request.name);
    const bytes = roundUp(bytesOfShape(request.shape), PAD_BYTES);
    regions.push({ ...request, bytes, alignment: LINE_BYTES, byteOffset });
    byteOffset += bytes;
  }
  return { regions, totalBytes: byteOffset };
}

/** Shared memory as a thread sees it. Plain data goes in, so it can be rebuilt in any thread. */
export class SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly plan: MemoryPlan;
  readonly #byName: ReadonlyMap<string, Region>;

  constructor(buffer: SharedArrayBuffer, plan: MemoryPlan) {
    assert(buffer.byteLength >= plan.totalBytes, 'the buffer holds the whole plan');
    this.buffer = buffer;
    this.plan = plan;
    this.#byName = new Map(plan.regions.map((region) => [region.name, region]));
  }

  region(name: string): Region {
    const region = this.#byName.get(name);
    if (region === undefined) assert(false, `the memory plan has no region ${name}`);
    return region;
  }

  offsetOf(name: string): number {
    return this.region(name).byteOffset;
  }
}

/** Takes all of it at once and formats every region. Called once, by the host. */
export function allocate(plan: MemoryPlan): SharedMemory {
  const buffer = new SharedArrayBuffer(plan.totalBytes);
  for (const { shape, byteOffset } of plan.regions) {
    if (shape.kind === 'ring') formatRing(buffer, byteOffset, shape.slots);
    else if (shape.kind === 'view') formatView(buffer, byteOffset, shape.doubles);
    else if (shape.kind === 'latest') formatLatest(buffer, byteOffset, shape.records);
  }
  return new SharedMemory(buffer, plan);
}

/** The plan as lines of text, for `doctor` and the start-up report. */
export function memoryPlanText(plan: MemoryPlan): string {
  const rows = plan.regions.map((region) => [
    region.name,
    region.bytes.toLocaleString('en-US'),
    region.writers.join(', '),
    region.readers.join(', '),
  ]);
  const heads = ['region', 'bytes', 'written by', 'read by'];
  const widths = heads.map((head, at) =>
    rows.reduce((width, row) => Math.max(width, row[at]!.length), head.length),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => (at === 1 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  const total = `total ${plan.totalBytes.toLocaleString('en-US')} bytes in one shared buffer`;
  return [line(heads), ...rows.map(line), total].join('\n');
}

function ofThread(options: MemoryPlanOptions, thread: number): RegionRequest[] {
  const journalSlots = options.journalSlots ?? JOURNAL_SLOTS_DEFAULT;
  const commandSlots = options.commandSlots ?? COMMAND_SLOTS_DEFAULT;
  const snapshotSlots = options.snapshotSlots ?? SNAPSHOT_SLOTS_DEFAULT;
  const tradeRecords = options.tradeRecords ?? TRADE_RECORDS_DEFAULT;
  return [
    {
      name: RegionName.sharedWords(thread),
      shape: { kind: 'words' },
      ownerThread: 'host',
      writers: ['host', 'trading'],
      readers: ['host', 'trading', 'journal'],
    },
    fromTrading(RegionName.counters(thread), { kind: 'counters', count: options.counterCount }),
    fromTrading(RegionName.histograms(thread), { kind: 'raw', bytes: options.histogramBytes }),
    {
      name: RegionName.journal(thread),
      shape: { kind: 'ring', slots: journalSlots },
      ownerThread: 'trading',
      writers: ['trading'],
      readers: ['journal'],
    },
    toTrading(RegionName.commands(thread), { kind: 'ring', slots: commandSlots }),
    toTrading(RegionName.snapshots(thread), { kind: 'ring', slots: snapshotSlots }),
    fromTrading(RegionName.trades(thread), { kind: 'latest', records: tradeRecords }),
    fromTrading(RegionName.engineView(thread), { kind: 'view', doubles: options.engineDoubles }),
  ];
}

function ofInstrument(options: MemoryPlanOptions, instrument: number): RegionRequest[] {
  const { marketDoubles, deepDoubles } = options;
  const requests = [
    fromTrading(RegionName.marketView(instrument), { kind: 'view', doubles: marketDoubles }),
  ];
  if (deepDoubles > 0) {
    requests.push(
      fromTrading(RegionName.deepView(instrument), { kind: 'view', doubles: deepDoubles }),
    );
  }
  return requests;
}

function fromTrading(name: string, shape: RegionShape): RegionRequest {
  return { name, shape, ownerThread: 'trading', writers: ['trading'], readers: ['host'] };
}

function toTrading(name: string, shape: RegionShape): RegionRequest {
  return { name, shape, ownerThread: 'host', writers: ['host'], readers: ['trading'] };
}

function bytesOfShape(shape: RegionShape): number {
  switch (shape.kind) {
    case 'ring':
      return ringBytes(shape.slots);
    case 'view':
      return viewBytes(shape.doubles);
    case 'latest':
      return latestBytes(shape.records);
    case 'counters':
      return counterBytes(shape.count);
    case 'words':
      return SHARED_WORDS_BYTES;
    case 'raw':
      return shape.bytes + PAD_BYTES;
  }
}
