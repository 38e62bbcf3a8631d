/**
 * document-store: documents on disk, each whole or the one before, with the last versions.
 *
 *   <folder>/<name>.json                 the document as it stands, and the list of its versions
 *   <folder>/<name>.versions/<n>.json    each revision; made first, and only once: of two engines
 *                                        that write the same revision one finds it taken
 *
 * A file that cannot be understood is set aside as `.damaged`, said once, and the newest version
 * that can be takes its place. Read anew each time: engines of other modes write here too.
 *
 * Writer    host thread. Times: epoch ms.
 * Errors    EngineError 'journal/write-failed'; a conflict is an outcome, not an error.
 * Imports   contract, journal, ./document-file.
 */
import fs from 'node:fs';
import path from 'node:path';
import {
  DOCUMENT_VERSIONS_MAX,
  type DocumentName,
  type DocumentVersion,
} from '../../contract/documents.ts';
import { readFileIfAny, writeFileAtomic } from '../../journal/atomic-file.ts';
import { errorCodeOf, nodeFs, type JournalFs } from '../../journal/journal-fs.ts';
import { EngineError } from '../../base/errors.ts';
import { DOCUMENT_FORMAT, documentText, parseDocumentFile } from './document-file.ts';
import type { DocumentFile, ParsedDocument } from './document-file.ts';

export interface DocumentStoreOptions {
  readonly folder: string;
  readonly nowMs: () => number;
  /** One line about a file that was set aside. */
  readonly onDamaged: (text: string) => void;
  readonly disk?: JournalFs;
}

export type WriteOutcome =
  | { readonly kind: 'saved'; readonly file: DocumentFile }
  | { readonly kind: 'conflict'; readonly current: DocumentFile | null };

const DIGITS = 8;
/** A carrier without hard links answers one of these. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK']);

export class DocumentStore {
  readonly #folder: string;
  readonly #nowMs: () => number;
  readonly #onDamaged: (text: string) => void;
  readonly #disk: JournalFs;

  constructor(options: DocumentStoreOptions) {
    this.#folder = options.folder;
    this.#nowMs = options.nowMs;
    this.#onDamaged = options.onDamaged;
    this.#disk = options.disk ?? nodeFs;
  }

  /** The document as it stands, or null when there is none. */
  read(name: DocumentName): DocumentFile | null {
    const file = this.#fileOf(name);
    const main = this.#load(file, name);
    const newest = this.#revisions(name).at(0) ?? 0;
    const known = main.kind === 'document' ? main.file : null;
    if (newest <= (known?.revision ?? 0)) return known;
    // A write that never came to its end, or a damaged file: the version is whole, it counts.
    return this.#restored(name, known);
  }

  /** One revision, or null when it is not kept. */
  version(name: DocumentName, revision: number): DocumentFile | null {
    const current = this.read(name);
    if (current?.revision === revision) return current;
    const parsed = this.#load(this.#versionFile(name, revision), name);
    return parsed.kind === 'document' ? parsed.file : null;
  }

  write(name: DocumentName, base: number, body: string): WriteOutcome {
    const current = this.read(name);
    if (current !== null && current.body === body && current.revision === base + 1) {
      // The same write again, because its answer was lost.
      return { kind: 'saved', file: current };
    }
    if ((current?.revision ?? 0) !== base) return { kind: 'conflict', current };
    const own: DocumentVersion = { revision: base + 1, savedAtMs: this.#nowMs() };
    const versions = [own, ...(current?.versions ?? [])].slice(0, DOCUMENT_VERSIONS_MAX);
    const file: DocumentFile = { format: DOCUMENT_FORMAT, name, ...own, versions, body };
    if (!this.#claim(name, file)) return { kind: 'conflict', current: this.read(name) };
    writeFileAtomic(this.#fileOf(name), documentText(file), this.#disk);
    this.#prune(name);
    return { kind: 'saved', file };
  }

  /** Makes the version's file; false when another engine has made it in this moment. */
  #claim(name: DocumentName, file: DocumentFile): boolean {
    const target = this.#versionFile(name, file.revision);
    const fresh = `${target}.${process.pid}`;
    writeFileAtomic(fresh, documentText({ ...file, versions: [] }), this.#disk);
    try {
      fs.linkSync(fresh, target);
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === 'EEXIST') return false;
      if (!NO_LINKS.has(code) || fs.existsSync(target)) throw failed(target, code, error);
      fs.copyFileSync(fresh, target, fs.constants.COPYFILE_EXCL);
    } finally {
      fs.rmSync(fresh, { force: true });
    }
    return true;
  }

  /** The newest version that is whole, put in the place of the document. */
  #restored(name: DocumentName, known: DocumentFile | null): DocumentFile | null {
    const least = known?.revision ?? 0;
    for (const revision of this.#revisions(name)) {
      if (revision <= least) break;
      const parsed = this.#load(this.#versionFile(name, revision), name);
      if (parsed.kind !== 'document') continue;
      const file = { ...parsed.file, versions: this.#versionsUpTo(name, revision) };
      writeFileAtomic(this.#fileOf(name), documentText(file), this.#disk);
      return file;
    }
    return known;
  }

  #versionsUpTo(name: DocumentName, newest: number): readonly DocumentVersion[] {
    const versions: DocumentVersion[] = [];
    for (const revision of this.#revisions(name)) {
      if (revision > newest) continue;
      const parsed = this.#load(this.#versionFile(name, revision), name);
      if (parsed.kind !== 'document') continue;
      versions.push({ revision, savedAtMs: parsed.file.savedAtMs });
    }
    return versions.slice(0, DOCUMENT_VERSIONS_MAX);
  }

  #load(file: string, name: DocumentName): ParsedDocument {
    const text = readFileIfAny(file);
    if (text === null) return { kind: 'damaged' };
    const parsed = parseDocumentFile(text, name);
    if (parsed.kind === 'newer') throw newer(file, parsed.format);
    if (parsed.kind === 'damaged') this.#setAside(file, name);
    return parsed;
  }

  #setAside(file: string, name: DocumentName): void {
    const aside = `${file}.damaged`;
    this.#disk.renameSync(file, aside);
    this.#onDamaged(
      `${file} could not be understood and was set aside as ${path.basename(aside)}; ` +
        `the newest whole version of the ${name} is used`,
    );
  }

  /** Newest first. */
  #revisions(name: DocumentName): readonly number[] {
    let files: readonly string[];
    try {
      files = fs.readdirSync(this.#versionFolder(name));
    } catch (error) {
      if (errorCodeOf(error) === 'ENOENT') return [];
      throw error;
    }
    return files
      .map((file) => /^(\d+)\.json$/.exec(file)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number)
      .toSorted((a, b) => b - a);
  }

  #prune(name: DocumentName): void {
    for (const revision of this.#revisions(name).slice(DOCUMENT_VERSIONS_MAX)) {
      fs.rmSync(this.#versionFile(name, revision), { force: true });
    }
  }

  #fileOf(name: DocumentName): string {
    return path.join(this.#folder, `${name}.json`);
  }

  #versionFolder(name: DocumentName): string {
    return path.join(this.#folder, `${name}.versions`);
  }

  #versionFile(name: DocumentName, revision: number): string {
    const digits = String(revision).padStart(DIGITS, '0');
    return path.join(this.#versionFolder(name), `${digits}.json`);
  }
}

function newer(file: string, format: number): EngineError {
  const text =
    `${file} has format ${format}, this version knows ${DOCUMENT_FORMAT}: it was saved by a ` +
    'newer version and is left as it is; update, or move the file away';
  return new EngineError('journal/corrupt', text, { file, format });
}

function failed(file: string, reason: string, cause: unknown): EngineError {
  const text = `${file} could not be made (${reason}); make room or check the rights of its folder`;
  return new EngineError('journal/write-failed', text, { file, reason }, cause);
}
