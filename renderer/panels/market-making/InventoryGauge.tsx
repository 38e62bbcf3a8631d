/**
 * InventoryGauge: what the quoter holds, between its hard limits; the soft limit is marked.
 *
 * Imports   contract, format.
 */
import type { QuoteStatus } from '../../../engine/contract/status.ts';
import { grouped } from '../../format/numbers.ts';

export function InventoryGauge({ quote }: { readonly quote: QuoteStatus }) {
  const { inventoryLots, hardLimitLots, softLimitLots, inventory } = quote;
  const share = hardLimitLots > 0 ? Math.max(-1, Math.min(1, inventoryLots / hardLimitLots)) : 0;
  const soft = hardLimitLots > 0 ? Math.min(1, softLimitLots / hardLimitLots) * 50 : 0;
  const width = `${Math.abs(share) * 50}%`;
  const isOverSoft = Math.abs(inventoryLots) > softLimitLots;
  const side = inventoryLots >= 0 ? { left: '50%' } : { right: '50%' };
  const look = inventoryLots >= 0 ? 'long' : 'short';
  return (
    <span className="inventory" title={`${inventory} held; hard limit ${hardLimitLots} lots`}>
      <span className="inventory__bar" aria-hidden="true">
        <i
          className={`inventory__fill inventory__fill--${isOverSoft ? 'over' : look}`}
          style={{ width, ...side }}
        />
        <i className="inventory__soft" style={{ left: `${50 - soft}%` }} />
        <i className="inventory__soft" style={{ left: `${50 + soft}%` }} />
      </span>
      <span className="num inventory__figure">{grouped(inventory)}</span>
    </span>
  );
}
