/**
 * describe-config: the settings in words: for `doctor`, the README's table and a sample file.
 *
 * Imports   config.
 */
import { CONFIG_FIELDS, kindOf } from './fields.ts';
import { sectionKind, type ConfigSections } from './sections.ts';

export interface SettingDescription {
  readonly path: string;
  readonly kind: string;
  readonly unit: string;
  readonly default: unknown;
  readonly text: string;
}

/** Every setting, in the order in which a file would hold them. */
export function describeConfig(sections: ConfigSections = {}): SettingDescription[] {
  const settings: SettingDescription[] = Object.entries(CONFIG_FIELDS).map(([path, field]) => ({
    path,
    kind: kindOf(field.schema),
    unit: field.unit,
    default: field.default,
    text: field.text,
  }));
  for (const [section, { fields }] of Object.entries(sections)) {
    for (const [name, field] of Object.entries(fields)) {
      settings.push({
        path: `${section}.${name}`,
        kind: sectionKind(field),
        unit: field.unit,
        default: field.default,
        text: field.effect,
      });
    }
  }
  return settings;
}

/** A file with every setting, its documentation as comments, all of it commented out. */
export function sampleConfig(sections: ConfigSections = {}): string {
  const lines = [
    '// Tickdeck configuration: JSON with comments. What is left out takes its default.',
    '{',
  ];
  const open: string[] = [];
  for (const setting of describeConfig(sections)) {
    const groups = setting.path.split('.').slice(0, -1);
    closeGroups(lines, open, commonDepth(open, groups));
    for (const group of groups.slice(open.length)) {
      lines.push(`${indent(open.length + 1)}"${group}": {`);
      open.push(group);
    }
    const pad = indent(open.length + 1);
    const unit = setting.unit === '' ? '' : ` (${setting.unit})`;
    const name = setting.path.slice(setting.path.lastIndexOf('.') + 1);
    lines.push(`${pad}// ${setting.text} ${capital(setting.kind)}${unit}.`);
    lines.push(`${pad}// "${name}": ${JSON.stringify(setting.default)},`);
  }
  closeGroups(lines, open, 0);
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

function closeGroups(lines: string[], open: string[], depth: number): void {
  while (open.length > depth) {
    lines.push(`${indent(open.length)}},`);
    open.pop();
  }
}

function commonDepth(a: readonly string[], b: readonly string[]): number {
  let depth = 0;
  while (depth < a.length && a[depth] === b[depth]) depth++;
  return depth;
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
