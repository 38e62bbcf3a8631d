/**
 * pipeline-rig: a recorded market played through the engine, with paper fills, over and over.
 *
 * One step is one market message and the timer turns that are due before it; what the paper venue
 * answered becomes a turn of its own. Every request is encoded as for the live venue. Time is the
 * recording's, so a run is the same each time.
 *
 * Writer    benchmarks and the allocation gate. Units: engine ns of the recording.
 * Hot path: step. No allocation.
 * Imports   base, core, execution, memory, ./engine-rig.
 */
import { NS_PER_MS } from '../base/clock.ts';
import type { PipelineOptions } from '../core/pipeline-options.ts';
import type { Pipeline } from '../core/pipeline.ts';
import { ClientIds } from '../execution/client-ids.ts';
import { PaperGateway } from '../execution/paper/paper-gateway.ts';
import { OrderEncoder } from '../execution/venues/binance-usdm/encode.ts';
import { instrumentOf, RECORD_WORDS } from '../memory/market-record.ts';
import { TurnKind } from '../memory/slots.ts';
import { EncodingGateway } from './encoding-gateway.ts';
import { EngineRig } from './engine-rig.ts';
import type { RecordedMarket } from './recorded-market.ts';

const TIMER_NS = 10 * NS_PER_MS;
const Time = { Pass: 0, Timer: 1 } as const;

export class PipelineRig {
  readonly engine: EngineRig;
  readonly pipeline: Pipeline;
  readonly gateway: EncodingGateway;
  readonly #paper: PaperGateway;
  readonly #market: RecordedMarket;
  readonly #times = new Float64Array(2);
  #at = 0;

  constructor(market: RecordedMarket, pipeline: Partial<PipelineOptions> = {}) {
    this.#market = market;
    const made: { gateway?: EncodingGateway; paper?: PaperGateway } = {};
    this.engine = new EngineRig({
      specs: market.specs,
      anchorWallMs: market.startWallMs,
      pipeline,
      gateway: ({ table, instruments, markets, events }, options) => {
        const clientIds = new ClientIds(options.prefix);
        const { receiveWindowMs, anchorWallMs } = options;
        const parts = { table, instruments, clientIds, receiveWindowMs, anchorWallMs };
        made.paper = new PaperGateway({ table, instruments, markets, events });
        made.gateway = new EncodingGateway(new OrderEncoder(parts), made.paper);
        return made.gateway;
      },
    });
    this.pipeline = this.engine.frame.core.pipeline;
    this.#paper = made.paper!;
    this.gateway = made.gateway!;
    this.#times[Time.Timer] = TIMER_NS;
    this.engine.connect(market.snapshots);
  }

  /** One message, and the timer turns that are due before it. */
  step(): void {
    const market = this.#market;
    const times = this.#times;
    if (this.#at === market.count) {
      market.rewind();
      this.#at = 0;
      times[Time.Pass] = times[Time.Pass]! + market.passNs;
    }
    const at = this.#at++;
    const dueNs = times[Time.Pass]! + market.times[at]!;
    while (times[Time.Timer]! <= dueNs) {
      this.#timerTurn();
      times[Time.Timer] = times[Time.Timer]! + TIMER_NS;
    }
    const { now } = this.engine;
    now[0] = dueNs > now[0]! ? dueNs : now[0]! + 1;
    this.#message(market.starts[at]!, market.starts[at + 1]!);
  }

  #message(start: number, end: number): void {
    const { engine } = this;
    this.#paper.onTimer(engine.now);
    if (engine.frame.events.count > 0) engine.turn(TurnKind.Order);
    const rows = engine.receive(this.#market.bytes, start, end);
    if (rows > 0) {
      const last = engine.feed.batch.words[(rows - 1) * RECORD_WORDS]!;
      this.#paper.onMarket(instrumentOf(last));
    }
    engine.read();
  }

  #timerTurn(): void {
    const { engine } = this;
    const { now } = engine;
    const dueNs = this.#times[Time.Timer]!;
    now[0] = dueNs > now[0]! ? dueNs : now[0]! + 1;
    this.#paper.onTimer(now);
    engine.feed.tick(now, 0);
    engine.frame.beat(0);
    engine.turn(TurnKind.Timer);
    engine.read();
  }
}
