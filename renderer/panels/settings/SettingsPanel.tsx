/**
 * SettingsPanel: everything that can be set, with search: the window's own settings, which count at
 * once, and overrides of the engine's configuration, which count from its next start.
 *
 * Imports   stores, ui, ./FileTools, ./SettingField, ./settings-model.
 */
import { useMemo, useRef, useState } from 'react';
import { useConnection } from '../../stores/connection-store.ts';
import { useSettings } from '../../stores/settings-store.ts';
import { useStatus } from '../../stores/status-store.ts';
import { Panel } from '../../ui/Panel.tsx';
import { FileTools } from './FileTools.tsx';
import { SettingField } from './SettingField.tsx';
import {
  itemsOf,
  matching,
  sectionsOf,
  sectionTitle,
  wordsOf,
  type Item,
  type Part,
  type SectionLine,
} from './settings-model.ts';
import './settings.css';

const PART_TITLES: Readonly<Record<Part, string>> = {
  terminal: 'This terminal',
  engine: 'Engine, from its next start',
};

export function SettingsPanel() {
  const phase = useSettings((state) => state.phase);
  const problem = useSettings((state) => state.problem);
  return (
    <Panel name="settings" title="Settings" isStill right={<Waiting />}>
      {phase === 'loading' && <p className="empty">Reading the settings</p>}
      {phase === 'failed' && (
        <p className="empty down" role="alert">
          The settings could not be read: {problem}
        </p>
      )}
      {phase === 'ready' && <Screen problem={problem} />}
    </Panel>
  );
}

/** How many changes wait for a start of the engine. */
function Waiting() {
  const items = useItems();
  const count = items.filter(({ waitsForRestart }) => waitsForRestart).length;
  if (count === 0) return null;
  return (
    <span className="chip chip--warn" data-role="waiting">
      {count === 1 ? '1 change needs a restart' : `${count} changes need a restart`}
    </span>
  );
}

function useItems(): readonly Item[] {
  const body = useSettings((state) => state.body);
  const fields = useSettings((state) => state.fields);
  return useMemo(() => itemsOf(body, fields), [body, fields]);
}

function Screen({ problem }: { readonly problem: string }) {
  const [search, setSearch] = useState('');
  const items = useItems();
  const words = useMemo(() => wordsOf(search), [search]);
  const found = useMemo(() => matching(items, words), [items, words]);
  const sections = useMemo(() => sectionsOf(items, found), [items, found]);
  const list = useRef<HTMLDivElement>(null);
  const isLive = useConnection((state) => state.phase === 'live');
  const isMine = useStatus((status) => status.lease.mine) === true;
  const offline = isLive ? '' : 'not connected';
  const noLease = isMine ? '' : 'take control first';
  const goTo = ({ part, section }: SectionLine): void => {
    const id = sectionId(part, section);
    [...(list.current?.querySelectorAll('section') ?? [])]
      .find((node) => node.id === id)
      ?.scrollIntoView({ block: 'start' });
  };
  return (
    <div className="settings">
      <nav className="settings__side" aria-label="Sections">
        <input
          ref={focusInDialog}
          data-autofocus
          type="search"
          className="field settings__search"
          aria-label="Search settings"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' || search === '') return;
            event.stopPropagation();
            event.preventDefault();
            setSearch('');
          }}
        />
        <SectionList sections={sections} onChoose={goTo} />
        <FileTools locked={offline} />
      </nav>
      <div className="settings__list" ref={list} tabIndex={-1}>
        {problem !== '' && <p className="settings__problem down">{problem}</p>}
        {found.length === 0 && <p className="empty">No setting says “{search}”</p>}
        {sections
          .filter(({ count }) => count > 0)
          .map(({ part, section }) => (
            <section key={sectionId(part, section)} id={sectionId(part, section)}>
              <h3>
                {sectionTitle(section)} <small>{PART_TITLES[part].toLowerCase()}</small>
              </h3>
              {found
                .filter((item) => item.part === part && item.section === section)
                .map((item) => (
                  <SettingField
                    key={item.key}
                    item={item}
                    words={words}
                    locked={offline === '' && part === 'engine' ? noLease : offline}
                  />
                ))}
            </section>
          ))}
      </div>
    </div>
  );
}

/**
 * Whoever opened the settings wants to search, also when they were still being read; a panel among
 * others takes nobody's focus.
 */
function focusInDialog(input: HTMLInputElement | null): void {
  if (input?.closest('dialog') !== null) input?.focus();
}

interface SectionListProps {
  readonly sections: readonly SectionLine[];
  readonly onChoose: (line: SectionLine) => void;
}

function SectionList({ sections, onChoose }: SectionListProps) {
  return (
    <div className="settings__sections">
      {(['terminal', 'engine'] as const).map((part) => (
        <div key={part} role="group" aria-label={PART_TITLES[part]}>
          <h3>{PART_TITLES[part]}</h3>
          {sections
            .filter((line) => line.part === part)
            .map((line) => (
              <button
                key={line.section}
                type="button"
                disabled={line.count === 0}
                onClick={() => onChoose(line)}
              >
                <span>{sectionTitle(line.section)}</span>
                {line.changed > 0 && <i title={`${line.changed} changed`} />}
                <small className="num">{line.count}</small>
              </button>
            ))}
        </div>
      ))}
    </div>
  );
}

function sectionId(part: Part, section: string): string {
  return `settings ${part} ${section}`;
}
