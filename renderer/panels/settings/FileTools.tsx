/**
 * FileTools: settings as a file, in and out, and the versions before. Whatever replaces the whole
 * is shown first, key by key, and can be left.
 *
 * Imports   commands, contract, format, stores, ./settings-model, ./settings-writer.
 */
import { useRef, useState } from 'react';
import {
  parseSettings,
  settingsText,
  type SettingsBody,
} from '../../../engine/contract/settings.ts';
import { readDocumentVersion } from '../../commands/documents.ts';
import { clock } from '../../format/times.ts';
import { useSettings } from '../../stores/settings-store.ts';
import { differences } from './settings-model.ts';
import { saveWhole } from './settings-writer.ts';

const FILE_BYTES_MAX = 262_144;

interface Offer {
  readonly from: string;
  readonly body: SettingsBody;
}

export function FileTools({ locked }: { readonly locked: string }) {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [problem, setProblem] = useState('');
  const [isOpen, setOpen] = useState(false);
  const take = (from: string, text: string): void => {
    const body = parseSettings(text);
    setProblem(typeof body === 'string' ? `${from}: ${body}` : '');
    setOffer(typeof body === 'string' ? null : { from, body });
  };
  return (
    <div className="settings__tools">
      <div className="settings__buttons">
        <button type="button" className="button" onClick={exportFile}>
          Export
        </button>
        <ImportButton locked={locked} onText={take} onProblem={setProblem} />
        <button
          type="button"
          className="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          Versions
        </button>
      </div>
      {isOpen && <Versions onText={take} onProblem={setProblem} />}
      {problem !== '' && (
        <p role="alert" className="down">
          {problem}
        </p>
      )}
      {offer !== null && (
        <OfferBox key={offer.from} offer={offer} locked={locked} onDone={() => setOffer(null)} />
      )}
    </div>
  );
}

function exportFile(): void {
  const text = settingsText(useSettings.getState().body);
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'tickdeck-settings.json';
  link.click();
  URL.revokeObjectURL(url);
}

interface SourceProps {
  readonly onText: (from: string, text: string) => void;
  readonly onProblem: (problem: string) => void;
}

function ImportButton({ locked, onText, onProblem }: SourceProps & { readonly locked: string }) {
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File): Promise<void> => {
    if (file.size > FILE_BYTES_MAX) onProblem(`${file.name} is longer than settings can be`);
    else onText(file.name, await file.text());
  };
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={locked !== ''}
        title={locked}
        onClick={() => input.current?.click()}
      >
        Import…
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        className="hidden"
        tabIndex={-1}
        aria-label="Settings file"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = '';
          if (file !== undefined) void read(file);
        }}
      />
    </>
  );
}

function Versions({ onText, onProblem }: SourceProps) {
  const versions = useSettings((state) => state.versions);
  if (versions.length === 0) return <p className="dim">Nothing was saved yet</p>;
  const show = async (revision: number): Promise<void> => {
    try {
      const { body } = await readDocumentVersion('settings', revision);
      onText(`revision ${revision}`, body ?? '');
    } catch (error) {
      onProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <ul className="settings__versions" aria-label="Versions">
      {versions.map(({ revision, savedAtMs }, index) => (
        <li key={revision} className="num">
          <span>
            {revision} · {new Date(savedAtMs).toISOString().slice(0, 10)} {clock(savedAtMs)}
          </span>
          {index === 0 ? (
            <span className="dim">now</span>
          ) : (
            <button
              type="button"
              className="setting__reset"
              aria-label={`Compare revision ${revision}`}
              onClick={() => void show(revision)}
            >
              compare
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface OfferProps {
  readonly offer: Offer;
  readonly locked: string;
  readonly onDone: () => void;
}

function OfferBox({ offer, locked, onDone }: OfferProps) {
  const body = useSettings((state) => state.body);
  const fields = useSettings((state) => state.fields);
  const [outcome, setOutcome] = useState('');
  const list = differences(body, offer.body, fields);
  const hasProblem = list.some(({ problem }) => problem !== null);
  const apply = async (): Promise<void> => {
    setOutcome('saving…');
    const problem = await saveWhole(offer.body);
    if (problem === null) onDone();
    else setOutcome(problem);
  };
  return (
    <section className="settings__offer" aria-label={`Differences to ${offer.from}`}>
      <h4>{offer.from}</h4>
      {list.length === 0 && <p className="dim">The same as now</p>}
      <ul>
        {list.map(({ part, key, before, after, problem }) => (
          <li key={`${part} ${key}`}>
            <code>{key}</code>
            <span className="num">
              <s>{before}</s> → <b>{after}</b>
            </span>
            {problem !== null && <em className="down">{problem}</em>}
          </li>
        ))}
      </ul>
      <div className="settings__buttons">
        <button
          type="button"
          className="button"
          disabled={locked !== '' || hasProblem || list.length === 0}
          onClick={() => void apply()}
        >
          Apply {list.length}
        </button>
        <button type="button" className="button" onClick={onDone}>
          Leave as it is
        </button>
      </div>
      <p role="status" className="down">
        {outcome}
      </p>
    </section>
  );
}
