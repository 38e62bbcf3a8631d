/**
 * documents.test: reading and writing what the window keeps with its engine, over a link that may
 * break, and hearing of what others saved.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DocumentAnswer } from '../../engine/contract/documents.ts';
import type { ClientMessage, ServerMessage } from '../../engine/contract/events.ts';
import { DOCUMENT_BYTES_MAX } from '../../engine/contract/documents.ts';
import { parseClientMessage } from '../../engine/contract/validate.ts';
import { CONTRACT_VERSION } from '../../engine/contract/version.ts';
import {
  onDocumentChange,
  readDocument,
  readDocumentVersion,
  writeDocument,
} from '../../renderer/commands/documents.ts';
import { EngineLink, installLink, type LinkWorker } from '../../renderer/link/engine-link.ts';
import { QUESTION_WITHIN_MS } from '../../renderer/link/questions.ts';
import type { FromWorker, ToWorker } from '../../renderer/live/worker-protocol.ts';
import { sampleStatus } from './support/samples.ts';

type Request = Extract<ClientMessage, { type: 'document' }>;

class FakeWorker implements LinkWorker {
  readonly told: ToWorker[] = [];
  #listener: (event: MessageEvent<FromWorker>) => void = () => {};

  postMessage(message: ToWorker): void {
    this.told.push(message);
  }

  addEventListener(_type: 'message', listener: (event: MessageEvent<FromWorker>) => void): void {
    this.#listener = listener;
  }

  say(message: FromWorker): void {
    this.#listener({ data: message } as MessageEvent<FromWorker>);
  }

  server(message: ServerMessage): void {
    this.say({ kind: 'text', text: JSON.stringify(message) });
  }

  requests(): readonly Request[] {
    return this.told
      .filter((message) => message.kind === 'send')
      .map(({ text }) => parseClientMessage(text))
      .filter((message) => message.type === 'document');
  }
}

let worker: FakeWorker;

function goLive(): void {
  worker.say({ kind: 'open' });
  worker.server({
    type: 'hello',
    contract: CONTRACT_VERSION,
    terminal: 'terminal 1',
    session: 'fa1c0de5',
    mode: 'sim',
    product: 'Tickdeck',
    version: '0.1.0',
  });
  worker.server({ type: 'status', status: sampleStatus() });
}

function answer(request: Request, change: Partial<DocumentAnswer> = {}): void {
  worker.server({
    type: 'document',
    id: request.id,
    name: request.name,
    revision: 3,
    body: '{}',
    savedAtMs: 5,
    versions: [{ revision: 3, savedAtMs: 5 }],
    error: null,
    ...change,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  worker = new FakeWorker();
  installLink(new EngineLink(worker));
});

afterEach(() => {
  installLink(null);
  vi.useRealTimers();
});

describe('documents', () => {
  it('are read and written under the revision they were made from', async () => {
    goLive();
    const read = readDocument('settings');
    answer(worker.requests()[0]!);
    expect(await read).toMatchObject({ revision: 3, body: '{}' });

    const write = writeDocument('settings', 3, '{"a":1}');
    const request = worker.requests()[1]!;
    expect(request).toMatchObject({ op: 'write', base: 3, body: '{"a":1}' });
    answer(request, { revision: 4, body: '{"a":1}' });
    expect(await write).toMatchObject({ kind: 'saved', document: { revision: 4 } });

    const old = readDocumentVersion('settings', 2);
    answer(worker.requests()[2]!, { error: 'revision 2 of the settings is not kept' });
    await expect(old).rejects.toThrow('revision 2 of the settings is not kept');
  });

  it('tell a conflict from a refusal', async () => {
    goLive();
    const late = writeDocument('settings', 3, 'x');
    answer(worker.requests()[0]!, { revision: 5, body: 'theirs', error: 'changed elsewhere' });
    expect(await late).toMatchObject({ kind: 'conflict', document: { body: 'theirs' } });

    const wrong = writeDocument('settings', 5, 'x');
    answer(worker.requests()[1]!, { revision: 5, error: 'must be a whole number' });
    expect(await wrong).toMatchObject({ kind: 'refused', reason: 'must be a whole number' });
  });

  it('wait for the link, and are asked again on the next one', async () => {
    const early = readDocument('workspaces');
    expect(worker.requests()).toHaveLength(0);
    goLive();
    expect(worker.requests()).toHaveLength(1);
    worker.say({ kind: 'closed', reason: '', retryInMs: 10, attempt: 1, unauthorised: false });
    goLive();
    const [first, second] = worker.requests();
    expect(second).toEqual(first);
    answer(second!);
    expect((await early).revision).toBe(3);
    answer(second!);
  });

  it('give up in words: not sent, or sent and not answered', async () => {
    const unsent = readDocument('settings');
    const refused = expect(unsent).rejects.toThrow('not connected to the engine');
    await vi.advanceTimersByTimeAsync(QUESTION_WITHIN_MS);
    await refused;

    goLive();
    const silent = expect(writeDocument('settings', 0, 'x')).rejects.toThrow('has not answered');
    await vi.advanceTimersByTimeAsync(QUESTION_WITHIN_MS);
    await silent;
  });

  it('that are too long are not sent at all', async () => {
    goLive();
    const body = 'é'.repeat(DOCUMENT_BYTES_MAX / 2 + 1);
    await expect(writeDocument('settings', 0, body)).rejects.toThrow('at most');
    expect(worker.requests()).toHaveLength(0);
  });

  it('that others saved are told, and after an absence all of them may have changed', () => {
    const heard: string[] = [];
    const ends = [
      onDocumentChange('settings', () => heard.push('settings')),
      onDocumentChange('workspaces', () => heard.push('workspaces')),
    ];
    goLive();
    expect(heard.splice(0)).toEqual(['settings', 'workspaces']);
    worker.server({ type: 'documentChanged', name: 'settings', revision: 4 });
    expect(heard.splice(0)).toEqual(['settings']);
    for (const end of ends) end();
    worker.server({ type: 'documentChanged', name: 'settings', revision: 5 });
    expect(heard).toEqual([]);
  });
});
