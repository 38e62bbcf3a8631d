/**
 * LadderOrders: own orders of an instrument as a table, hidden from sight: for screen readers and
 * for programs that read the screen.
 *
 * Imports   stores.
 */
import { useStatus } from '../../stores/status-store.ts';

export function LadderOrders({ symbol }: { readonly symbol: string }) {
  const orders = useStatus((status) => status.orders);
  return (
    <table className="hidden" data-role="ladder-orders" data-symbol={symbol}>
      <caption>Own orders, {symbol}</caption>
      <thead>
        <tr>
          <th scope="col">Owner</th>
          <th scope="col">Side</th>
          <th scope="col">Price</th>
          <th scope="col">Size</th>
          <th scope="col">Filled</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        {(orders ?? [])
          .filter((order) => order.symbol === symbol)
          .map(({ clientId, owner, side, price, size, filled, state }) => (
            <tr key={clientId} data-order={clientId} data-owner={owner} data-state={state}>
              <td>{owner}</td>
              <td>{side}</td>
              <td>{price}</td>
              <td>{size}</td>
              <td>{filled}</td>
              <td>{state}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
