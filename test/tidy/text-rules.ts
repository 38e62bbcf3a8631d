/**
 * text-rules: words that may stand in no text file of the repository.
 *
 * The patterns are written so that this file does not match itself.
 *
 * Imports   ./source-tree.
 */
import type { FileMap, Violation } from './source-tree.ts';

interface TextRule {
  readonly pattern: RegExp;
  readonly message: string;
}

export const TEXT_RULES: Readonly<Record<string, TextRule>> = {
  'no-unfinished-work': {
    pattern: /\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b/,
    message: 'unfinished work is an issue, not a comment',
  },
  'no-machine-path': {
    pattern: /(^|[\s"'`(=:])\/(work|home|Users|root|tmp)\/(?!\.{3})[\w.-]+|[A-Z]:\\\\?Users\\/,
    message: 'a path of one machine',
  },
  'no-registry-host': {
    pattern: /registry\.npm[j]s|npmm[i]rror|:48[7]3\b|\bver[d]accio\b|\barti[f]actory\b/i,
    message: 'the registry is the business of the machine that installs',
  },
};

/**
 * Which files a rule does not read: recorded messages, and texts that name such things to explain.
 */
const UNREAD = /^(test\/fixtures|test\/golden\/.*\.json)/;

export function checkTexts(texts: FileMap): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [file, text] of texts) {
    if (UNREAD.test(file)) continue;
    text.split('\n').forEach((content, index) => {
      for (const [rule, { pattern, message }] of Object.entries(TEXT_RULES)) {
        const found = pattern.exec(content);
        if (found === null) continue;
        violations.push({
          rule,
          file,
          line: index + 1,
          message: `${found[0].trim()}: ${message}`,
        });
      }
    });
  }
  return violations;
}
