/**
 * Brand: mark and name.
 *
 * Imports   react.
 */
export function Brand() {
  return (
    <div className="brand">
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
        <rect x="1" y="2" width="9" height="2.6" rx="1" fill="var(--ask)" />
        <rect x="1" y="6" width="13" height="2.6" rx="1" fill="var(--ask)" opacity=".55" />
        <rect x="1" y="10" width="16" height="2.6" rx="1" fill="var(--bid)" />
        <rect x="1" y="14" width="7" height="2.6" rx="1" fill="var(--bid)" opacity=".55" />
      </svg>
      Tickdeck
    </div>
  );
}
