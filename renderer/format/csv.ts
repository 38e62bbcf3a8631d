/**
 * csv: rows as comma-separated text (RFC 4180), every value exactly as it was sent.
 *
 * Imports   nothing.
 */
export type CsvValue = string | number | boolean | null;

export function csvText(heads: readonly string[], rows: readonly (readonly CsvValue[])[]): string {
  return [heads, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: CsvValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An epoch time as a spreadsheet reads it, to the millisecond. */
export function isoMs(wallMs: number): string {
  return Number.isFinite(wallMs) ? new Date(wallMs).toISOString() : '';
}
