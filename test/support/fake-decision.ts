/**
 * fake-decision: plausible entries and vetoes.
 *
 * Imports   engine contract, domain; ./fake-market.
 */
import type { DecisionEvent } from '../../engine/contract/events.ts';
import { SIGNAL_NAMES } from '../../engine/domain/readings.ts';
import type { VerdictName } from '../../engine/domain/verdict.ts';
import type { FakeMarket } from './fake-market.ts';

const KINDS: readonly VerdictName[] = [
  'EDGE_BELOW_COST',
  'SCORE_BELOW_THRESHOLD',
  'EDGE_BELOW_COST',
  'TOO_FEW_AGREE',
  'PASS',
  'CORRELATED',
  'SPREAD_TOO_WIDE',
  'STATE_FORBIDS',
];

export function fakeDecision(market: FakeMarket, sequence: number): DecisionEvent {
  const random = market.random;
  const book = market.books[random.int(market.books.length)];
  if (book === undefined) throw new Error('no fake books');
  const verdict = KINDS[random.int(KINDS.length)] ?? 'PASS';
  const direction = book.lean >= 0 ? 1 : -1;
  const readings = SIGNAL_NAMES.map((signal) => {
    const strength = Math.tanh(book.lean + random.normal() * 0.4);
    return {
      signal,
      strength,
      confidence: 0.3 + 0.6 * random.next(),
      agrees: strength * direction > 0.15,
    };
  });
  const edgeTicks = 1 + random.next() * 2;
  const feeTicks = 1.4;
  const halfSpreadTicks = 0.5;
  const slipTicks = 0.2;
  const costTicks = feeTicks + halfSpreadTicks + slipTicks;
  const rest = edgeTicks - costTicks;
  return {
    sequence,
    atMs: Date.now(),
    nanos: random.int(1_000_000),
    symbol: book.instrument.symbol,
    strategy: 'scalper',
    side: direction > 0 ? 'long' : 'short',
    verdict,
    entered: verdict === 'PASS',
    score: direction * (0.3 + 0.5 * random.next()),
    agree: readings.filter(({ agrees }) => agrees).length,
    edgeTicks,
    costTicks,
    feeTicks,
    halfSpreadTicks,
    slipTicks,
    price: book.instrument.priceText(book.bidTicks),
    size: book.instrument.sizeText(200),
    readings,
    why: why(verdict, [edgeTicks, feeTicks, halfSpreadTicks, slipTicks, rest]),
  };
}

function why(verdict: VerdictName, sum: readonly number[]): string {
  const [edge, fees, half, slip, rest] = sum.map((value) => value.toFixed(1));
  if (verdict === 'CORRELATED') return 'portfolio sigma 0.82 % would become 1.14 % (limit 1.00 %)';
  if (verdict === 'STATE_FORBIDS') return 'the scope is DISARMED';
  return `edge ${edge} − fees ${fees} − half spread ${half} − slip ${slip} = ${rest} ticks`;
}
