/**
 * Bar: a value from −1 to 1 as a bar from the middle: right and bid-coloured above zero, left and
 * ask-coloured below.
 *
 * Imports   react.
 */
export function Bar({ value }: { readonly value: number }) {
  const width = `${Math.min(1, Math.abs(value)) * 50}%`;
  const style = value >= 0 ? { left: '50%', width } : { right: '50%', width };
  return (
    <span className="bar" aria-hidden="true">
      <i className={value >= 0 ? 'bar__up' : 'bar__down'} style={style} />
    </span>
  );
}
