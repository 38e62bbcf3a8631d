/**
 * document-file: the envelope in which a document lies on disk, its check and its migrations.
 *
 * A text is one of three: a document, damage, or the work of a newer version of the product, which
 * is neither read nor overwritten.
 * Imports   contract.
 */
import { DOCUMENT_BYTES_MAX, type DocumentVersion } from '../../contract/documents.ts';

export const DOCUMENT_FORMAT = 1;

export interface DocumentFile {
  readonly format: number;
  readonly name: string;
  readonly revision: number;
  readonly savedAtMs: number;
  /** What else can be read, newest first, itself included; not in the file of a version. */
  readonly versions: readonly DocumentVersion[];
  readonly body: string;
}

/** From format n (the key) to n + 1. A format is never changed without its step here. */
export type Migrations = Readonly<Record<number, (old: object) => object>>;
export const DOCUMENT_MIGRATIONS: Migrations = {};

export type ParsedDocument =
  | { readonly kind: 'document'; readonly file: DocumentFile }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'newer'; readonly format: number };

const DAMAGED: ParsedDocument = { kind: 'damaged' };

export function parseDocumentFile(
  text: string,
  name: string,
  migrations: Migrations = DOCUMENT_MIGRATIONS,
  format: number = DOCUMENT_FORMAT,
): ParsedDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return DAMAGED;
  }
  if (!isRecord(value) || !isCount(value['format'])) return DAMAGED;
  if (value['format'] > format) return { kind: 'newer', format: value['format'] };
  const migrated = migrate(value, migrations, format);
  if (migrated === null || !isDocument(migrated) || migrated.name !== name) return DAMAGED;
  return { kind: 'document', file: migrated };
}

export function documentText(file: DocumentFile): string {
  return `${JSON.stringify(file, null, 1)}\n`;
}

function migrate(value: object, migrations: Migrations, format: number): object | null {
  let current: unknown = value;
  for (;;) {
    if (!isRecord(current) || !isCount(current['format'])) return null;
    const from = current['format'];
    if (from === format) return current;
    const step = migrations[from];
    if (step === undefined) return null;
    current = { ...step(current), format: from + 1 };
  }
}

function isDocument(value: object): value is DocumentFile {
  if (!isRecord(value) || !isVersion(value)) return false;
  const { name, versions, body } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || typeof body !== 'string') return false;
  if (Buffer.byteLength(body) > DOCUMENT_BYTES_MAX) return false;
  return Array.isArray(versions) && versions.every(isVersion);
}

function isVersion(value: unknown): value is DocumentVersion {
  return isRecord(value) && isCount(value['revision']) && isCount(value['savedAtMs']);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
