/**
 * Ring: how much of a span is left, as a small pie.
 *
 * Imports   react.
 */
import type { CSSProperties } from 'react';

export function Ring({ share }: { readonly share: number }) {
  const part = Math.round(Math.max(0, Math.min(1, share)) * 100);
  const style = { '--part': part } as CSSProperties;
  return <span className="ring" style={style} aria-hidden="true" />;
}
