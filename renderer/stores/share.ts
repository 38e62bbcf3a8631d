/**
 * share: keeps the old object where a new one says the same, so that a panel whose part of the
 * status did not change is not rendered again.
 *
 * Imports   nothing.
 */

/** `next`, with every part of it that equals the part of `previous` replaced by that part. */
export function share<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next) as T;
  if (isRecord(previous) && isRecord(next)) return shareRecord(previous, next) as T;
  return next;
}

function shareArray(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let same = previous.length === next.length;
  const result = next.map((item, index) => {
    const shared = share(previous[index], item);
    if (!Object.is(shared, previous[index])) same = false;
    return shared;
  });
  return same ? previous : result;
}

type PlainRecord = Readonly<Record<string, unknown>>;

function shareRecord(previous: PlainRecord, next: PlainRecord): PlainRecord {
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(previous).length;
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    result[key] = share(previous[key], next[key]);
    if (!Object.is(result[key], previous[key])) same = false;
  }
  return same ? previous : result;
}

function isRecord(value: unknown): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
