/**
 * dialog: questions to the person. Each is kept and waits until the test answers it.
 *
 * Imports   nothing.
 */

interface BoxOptions {
  readonly message?: string;
  readonly detail?: string;
  readonly title?: string;
  readonly buttons?: readonly string[];
  readonly cancelId?: number;
  readonly defaultId?: number;
  readonly defaultPath?: string;
}

export interface HostQuestion {
  readonly number: number;
  readonly kind: 'message' | 'open' | 'save' | 'error';
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

const questions: HostQuestion[] = [];
const waiting = new Map<number, (answer: string) => void>();

function ask(kind: HostQuestion['kind'], options: BoxOptions): Promise<string> {
  const { message = options.title ?? '', detail = '', buttons = [] } = options;
  const number = questions.length;
  questions.push({ number, kind, message, detail, buttons });
  return new Promise((resolve) => waiting.set(number, resolve));
}

/** The window comes first when it is given. */
function optionsOf(args: readonly unknown[]): BoxOptions {
  return args.at(-1) as BoxOptions;
}

async function askForFile(kind: 'open' | 'save', args: readonly unknown[]) {
  const file = await ask(kind, optionsOf(args));
  return { canceled: file === '', file };
}

export const dialog = {
  showMessageBox: async (...args: unknown[]) => {
    const options = optionsOf(args);
    const answer = await ask('message', options);
    const response = (options.buttons ?? []).indexOf(answer);
    return { response: response < 0 ? (options.cancelId ?? 0) : response, checkboxChecked: false };
  },
  showMessageBoxSync: (): number => {
    throw new Error('the test host answers no question that stops the main process');
  },
  showErrorBox: (title: string, content: string): void => {
    void ask('error', { message: title, detail: content });
  },
  showOpenDialog: async (...args: unknown[]) => {
    const { canceled, file } = await askForFile('open', args);
    return { canceled, filePaths: canceled ? [] : [file] };
  },
  showSaveDialog: async (...args: unknown[]) => {
    const { canceled, file } = await askForFile('save', args);
    return { canceled, filePath: file };
  },
};

export function openQuestions(): readonly HostQuestion[] {
  return questions.filter(({ number }) => waiting.has(number));
}

export function allQuestions(): readonly HostQuestion[] {
  return questions;
}

/** A button's words, a file's path, or '' for "cancel". */
export function answerQuestion(number: number, answer: string): void {
  const resolve = waiting.get(number);
  if (resolve === undefined) throw new Error(`question ${number} is not open`);
  waiting.delete(number);
  resolve(answer);
}
