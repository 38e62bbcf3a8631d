/**
 * Switch: on or off as the engine says; busy while a change is asked for and not answered.
 *
 * Imports   react.
 */
export interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isBusy: boolean;
  readonly isDisabled?: boolean;
  readonly isOwn?: boolean;
  readonly title?: string;
  readonly onToggle: () => void;
}

export function Switch(props: SwitchProps) {
  const { label, isOn, isBusy, isDisabled = false, isOwn = false, title, onToggle } = props;
  return (
    <button
      type="button"
      role="switch"
      className={`switch ${isOwn ? 'switch--own' : ''}`}
      aria-label={label}
      aria-checked={isOn}
      aria-busy={isBusy}
      disabled={isDisabled}
      title={title ?? label}
      onClick={onToggle}
    />
  );
}
