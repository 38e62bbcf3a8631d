/**
 * MarketMakingPanel: the two-sided quoter on each instrument: on or off, what rests, what it
 * holds, why it does not quote.
 *
 * Imports   commands, contract, format, stores, ui.
 */
import { memo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { EngineStatus, QuoteStatus } from '../../../engine/contract/status.ts';
import { arm, disarm } from '../../commands/commands.ts';
import { groupedOrNone, signedMoney, signOf } from '../../format/numbers.ts';
import { verdictWords } from '../../format/words.ts';
import { useCommands } from '../../stores/commands-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { focusInstrument } from '../../stores/view-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { InventoryGauge } from './InventoryGauge.tsx';
import './market-making.css';

export function MarketMakingPanel() {
  const symbols = useStatus(useShallow((status) => status.quotes.map(({ symbol }) => symbol)));
  const quoting = useStatus((status) => status.quotes.filter((q) => q.state === 'quoting').length);
  return (
    <Panel
      name="market-making"
      title="Market making"
      aside={<span className="chip chip--own">{quoting ?? 0} quoting</span>}
      right={<Total />}
    >
      {symbols === null || symbols.length === 0 ? (
        <p className="empty">No instrument to quote.</p>
      ) : (
        <table className="table table--fixed quotes" aria-label="Market making">
          <thead>
            <tr>
              <th scope="col" className="quotes__switch" aria-label="On" />
              <th scope="col" className="quotes__name">
                Instrument
              </th>
              <th scope="col" className="quotes__state">
                State
              </th>
              <th scope="col" className="n quotes__size">
                Size
              </th>
              <th scope="col" className="n quotes__price">
                Bid
              </th>
              <th scope="col" className="n quotes__price quotes__fair">
                Reservation
              </th>
              <th scope="col" className="n quotes__price">
                Ask
              </th>
              <th scope="col" className="quotes__inventory">
                Inventory
              </th>
              <th scope="col" className="n quotes__money">
                Realised
              </th>
              <th scope="col" className="quotes__reason">
                Why not
              </th>
            </tr>
          </thead>
          <tbody>
            {symbols.map((symbol) => (
              <Row key={symbol} symbol={symbol} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Total() {
  const text = useStatus((status) => status.pnl.marketMaking);
  const fills = useStatus((status) => status.quotes.reduce((sum, quote) => sum + quote.fills, 0));
  if (text === null) return null;
  return (
    <span className="num panel__text">
      {fills} fills · {signedMoney(text)}
    </span>
  );
}

const Row = memo(function Row({ symbol }: { readonly symbol: string }) {
  const quote = useStatus((status) => status.quotes.find((q) => q.symbol === symbol) ?? null);
  return quote === null ? null : <Cells quote={quote} />;
});

const LOOKS: Readonly<Record<string, string>> = {
  quoting: 'own',
  pulled: 'warn',
  unwinding: 'warn',
  off: '',
};

function Cells({ quote }: { readonly quote: QuoteStatus }) {
  const sign = signOf(quote.realised);
  const money = sign > 0 ? 'up' : sign < 0 ? 'down' : 'dim';
  const reason = quote.reason === null ? '' : verdictWords(quote.reason);
  const fills = quote.fills === 1 ? '1 fill' : `${quote.fills} fills`;
  return (
    <tr
      data-symbol={quote.symbol}
      data-state={quote.state}
      onClick={() => focusInstrument(quote.symbol)}
    >
      <td>
        <QuoteSwitch quote={quote} />
      </td>
      <th scope="row">{quote.symbol}</th>
      <td>
        <span className={`code code--${LOOKS[quote.state] ?? ''}`}>
          {quote.state.toUpperCase()}
        </span>
      </td>
      <Prices quote={quote} reason={reason} />
      <td>
        <InventoryGauge quote={quote} />
      </td>
      <td className={`n ${money}`} title={fills}>
        {signedMoney(quote.realised)}
      </td>
      <td className="quotes__reason dim" title={quote.reason ?? ''}>
        {reason}
      </td>
    </tr>
  );
}

interface PricesProps {
  readonly quote: QuoteStatus;
  readonly reason: string;
}

/** What rests at the venue; where nothing does, there is room for the reason. */
function Prices({ quote, reason }: PricesProps) {
  if (quote.bid === null && quote.ask === null) {
    return (
      <>
        <td>
          <span className="quotes__inline dim">{reason}</span>
        </td>
        <td />
        <td className="quotes__fair" />
        <td />
      </>
    );
  }
  return (
    <>
      <td className="n dim">{groupedOrNone(quote.bidSize ?? quote.askSize)}</td>
      <td className="n up">{groupedOrNone(quote.bid)}</td>
      <td className="n quotes__fair">{groupedOrNone(quote.reservation)}</td>
      <td className="n down">{groupedOrNone(quote.ask)}</td>
    </>
  );
}

function QuoteSwitch({ quote }: { readonly quote: QuoteStatus }) {
  const mayArm = useStatus(({ lease, state }: EngineStatus) => lease.mine && state !== 'HALTED');
  const isBusy = useCommands(({ requests }) =>
    requests.some(({ command, state }) => {
      if (state !== 'pending' || (command.kind !== 'arm' && command.kind !== 'disarm'))
        return false;
      if (command.strategy === 'scalper') return false;
      return command.symbol === null || command.symbol === quote.symbol;
    }),
  );
  const { symbol, enabled } = quote;
  return (
    <Switch
      label={`Market making on ${symbol}: ${quote.state}`}
      isOn={enabled}
      isBusy={isBusy}
      isOwn
      isDisabled={!enabled && mayArm !== true}
      onToggle={() => (enabled ? disarm('market-making', symbol) : arm('market-making', symbol))}
    />
  );
}
