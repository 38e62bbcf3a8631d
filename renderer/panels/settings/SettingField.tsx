/**
 * SettingField: one setting: what it does, its value in the right kind of control, its range, and
 * what became of a change: saving, saved, or refused with the reason.
 *
 * Imports   contract, ui, ./settings-model, ./settings-writer.
 */
import { memo, useState, type KeyboardEvent } from 'react';
import type { SettingValue } from '../../../engine/contract/settings.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { changed, isSame, pieces, textOf, valueOf, type Item } from './settings-model.ts';
import { saveChange } from './settings-writer.ts';

interface FieldProps {
  readonly item: Item;
  readonly words: readonly string[];
  /** Why nothing can be changed now; '' when it can. */
  readonly locked: string;
}

type Outcome =
  | { readonly kind: 'idle' | 'saving' | 'saved' }
  | { readonly kind: 'refused'; readonly problem: string };

export const SettingField = memo(function SettingField({ item, words, locked }: FieldProps) {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'idle' });
  const { part, key } = item;
  const save = async (value: SettingValue | null): Promise<void> => {
    setOutcome({ kind: 'saving' });
    const problem = await saveChange((body) => changed(body, part, key, value));
    setOutcome(problem === null ? { kind: 'saved' } : { kind: 'refused', problem });
  };
  const refuse = (problem: string): void => setOutcome({ kind: 'refused', problem });
  return (
    <div className="setting" data-setting={`${part}.${key}`} data-changed={item.isChanged}>
      <div className="setting__words">
        <h4>
          <Highlighted text={item.title} words={words} />
          <Marks item={item} />
        </h4>
        <p>
          <Highlighted text={item.effect} words={words} />
        </p>
        <code>
          <Highlighted text={key} words={words} />
          {item.origin !== '' && <span> · {item.origin}</span>}
        </code>
      </div>
      <div className="setting__value">
        <Control
          item={item}
          isBusy={outcome.kind === 'saving'}
          locked={item.barred ?? locked}
          onValue={(value) => void save(value)}
          onProblem={refuse}
        />
        <Below item={item} outcome={outcome} locked={locked} onReset={() => void save(null)} />
      </div>
    </div>
  );
});

function Highlighted({
  text,
  words,
}: {
  readonly text: string;
  readonly words: readonly string[];
}) {
  return (
    <>
      {pieces(text, words).map(({ text: part, at, isHit }) =>
        isHit ? <mark key={at}>{part}</mark> : <span key={at}>{part}</span>,
      )}
    </>
  );
}

function Marks({ item }: { readonly item: Item }) {
  return (
    <>
      {item.isChanged && <span className="chip chip--own">changed</span>}
      {item.waitsForRestart && <span className="chip chip--warn">needs a restart</span>}
      {item.barred !== null && <span className="chip">not from here</span>}
    </>
  );
}

interface BelowProps {
  readonly item: Item;
  readonly outcome: Outcome;
  readonly locked: string;
  readonly onReset: () => void;
}

function Below({ item, outcome, locked, onReset }: BelowProps) {
  if (item.barred !== null) return <small>{item.barred}</small>;
  const range = [item.kind, item.unit].filter((part) => part !== '').join(' ');
  return (
    <small>
      <span className="num">
        default {textOf(item.default) === '' ? 'unset' : textOf(item.default)}
        {item.type === 'number' && range !== '' && ` · ${range}`}
      </span>
      {item.isChanged && (
        <button
          type="button"
          className="setting__reset"
          disabled={locked !== ''}
          aria-label={`Reset ${item.title}`}
          onClick={onReset}
        >
          reset
        </button>
      )}
      {locked !== '' && <span>{locked}</span>}
      <span role="status" className={`setting__outcome setting__outcome--${outcome.kind}`}>
        {outcome.kind === 'saving' && 'saving…'}
        {outcome.kind === 'saved' && 'saved'}
        {outcome.kind === 'refused' && outcome.problem}
      </span>
    </small>
  );
}

interface ControlProps {
  readonly item: Item;
  readonly isBusy: boolean;
  /** Why it cannot be changed; '' when it can. */
  readonly locked: string;
  readonly onValue: (value: SettingValue) => void;
  readonly onProblem: (problem: string) => void;
}

function Control(props: ControlProps) {
  const { item, isBusy, locked, onValue } = props;
  if (locked !== '' && item.type === 'choice') {
    return <span className="setting__fixed num">{textOf(item.value)}</span>;
  }
  switch (item.type) {
    case 'flag':
      return (
        <Switch
          label={item.title}
          isOn={item.value === true}
          isBusy={isBusy}
          isDisabled={locked !== ''}
          isOwn
          title={locked === '' ? item.title : locked}
          onToggle={() => onValue(item.value !== true)}
        />
      );
    case 'choice':
      return (
        <Menu
          label={item.title}
          className="setting__menu num"
          value={textOf(item.value)}
          options={item.options}
          onChoose={(value) => value !== item.value && onValue(value)}
        />
      );
    case 'number':
    case 'text':
    case 'list':
      return <TextControl {...props} />;
  }
}

/** Typed, and said with Enter or by leaving; Esc takes back what was typed. */
function TextControl({ item, isBusy, locked, onValue, onProblem }: ControlProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    if (typed === null) return;
    const result = valueOf(item, typed);
    if ('problem' in result) {
      onProblem(result.problem);
      return;
    }
    setTyped(null);
    if (!isSame(result.value, item.value)) onValue(result.value);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit();
    if (event.key !== 'Escape' || event.shiftKey || typed === null) return;
    event.stopPropagation();
    event.preventDefault();
    setTyped(null);
  };
  return (
    <span className="setting__input">
      <input
        className="field num"
        aria-label={item.title}
        aria-busy={isBusy}
        inputMode={item.type === 'number' ? 'decimal' : 'text'}
        spellCheck={false}
        autoComplete="off"
        disabled={locked !== ''}
        title={locked}
        value={typed ?? textOf(item.value)}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={onKey}
      />
      {item.unit !== '' && <span className="dim">{item.unit}</span>}
    </span>
  );
}
