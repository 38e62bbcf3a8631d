/**
 * page-session: one page of Chromium as a window has it: scripts at its start, navigation, messages
 * of its isolated world, its end.
 *
 * Imports   ./cdp, ./page/*, ./scheme-server.
 */
import type { CdpConnection, CdpParams } from './cdp.ts';
import {
  BINDING,
  ISOLATED_WORLD,
  mainWorldScript,
  preloadScript,
  type PreloadProcess,
} from './page/scripts.ts';

export interface PageEvents {
  readonly onMessage: (text: string) => void;
  readonly onDocument: (url: string) => void;
  readonly onInPage: (url: string) => void;
  readonly onDomReady: () => void;
  readonly onLoaded: () => void;
  readonly onCrashed: () => void;
  readonly onClosed: () => void;
  readonly onTitle: (title: string) => void;
  readonly onConsole: (level: string, text: string) => void;
  /** The page wants to go elsewhere; answers whether it may. */
  readonly mayNavigate: (url: string, isMainFrame: boolean) => boolean;
  readonly onOpened: (url: string) => void;
}

export interface PageOptions {
  readonly width: number;
  readonly height: number;
  readonly preload: string;
  readonly environment: PreloadProcess;
}

interface Context {
  readonly id: number;
  readonly name: string;
  readonly uniqueId: string;
  readonly auxData: { readonly frameId: string };
}

export class PageSession {
  readonly targetId: string;
  readonly #cdp: CdpConnection;
  readonly #sessionId: string;
  readonly #events: PageEvents;
  #context: Context | null = null;
  #waiting: string[] = [];
  #isExpected = false;
  #isGone = false;

  private constructor(cdp: CdpConnection, targetId: string, sessionId: string, events: PageEvents) {
    this.#cdp = cdp;
    this.targetId = targetId;
    this.#sessionId = sessionId;
    this.#events = events;
  }

  static async open(
    cdp: CdpConnection,
    browserContextId: string,
    options: PageOptions,
    events: PageEvents,
  ): Promise<PageSession> {
    const { width, height } = options;
    const target = await cdp.send('Target.createTarget', {
      url: 'about:blank',
      browserContextId,
      width,
      height,
      newWindow: true,
    });
    const targetId = String(target['targetId']);
    const attached = await cdp.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new PageSession(cdp, targetId, String(attached['sessionId']), events);
    await page.#prepare(options);
    return page;
  }

  async navigate(url: string): Promise<void> {
    this.#isExpected = true;
    const { errorText } = await this.#send('Page.navigate', { url });
    if (errorText !== undefined) throw new Error(`${JSON.stringify(errorText)} loading '${url}'`);
  }

  async reload(): Promise<void> {
    this.#isExpected = true;
    await this.#send('Page.reload');
  }

  /** Ends the page's process. The command itself is never answered. */
  crash(): void {
    this.#send('Page.crash').catch(() => undefined);
  }

  close(): void {
    this.#cdp.send('Target.closeTarget', { targetId: this.targetId }).catch(() => undefined);
  }

  async resize(width: number, height: number): Promise<void> {
    const { windowId } = await this.#cdp.send('Browser.getWindowForTarget', {
      targetId: this.targetId,
    });
    await this.#cdp.send('Browser.setWindowBounds', { windowId, bounds: { width, height } });
  }

  /** To the isolated world, or kept until there is one. */
  post(text: string): void {
    if (this.#context === null) {
      this.#waiting.push(text);
      return;
    }
    const expression = `hostReceive(${JSON.stringify(text)})`;
    const uniqueContextId = this.#context.uniqueId;
    this.#send('Runtime.evaluate', { expression, uniqueContextId }).catch(() => undefined);
  }

  #send(method: string, params: CdpParams = {}): Promise<Record<string, unknown>> {
    return this.#cdp.send(method, params, this.#sessionId);
  }

  async #prepare({ preload, environment }: PageOptions): Promise<void> {
    this.#listen();
    await this.#send('Page.enable');
    await this.#send('Runtime.enable');
    await this.#send('Inspector.enable');
    await this.#send('Runtime.addBinding', {
      name: BINDING,
      executionContextName: ISOLATED_WORLD,
    });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldScript() });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadScript(preload, environment),
      worldName: ISOLATED_WORLD,
    });
    await this.#send('Fetch.enable', { patterns: [{ resourceType: 'Document' }] });
  }

  #listen(): void {
    const events = this.#events;
    const on = (method: string, listener: (params: Record<string, unknown>) => void): void =>
      this.#cdp.on(this.#sessionId, method, listener);
    on('Runtime.bindingCalled', ({ payload }) => this.#onBinding(String(payload)));
    on('Runtime.executionContextCreated', ({ context }) => this.#onContext(context as Context));
    on('Fetch.requestPaused', (params) => void this.#onRequest(params));
    on('Page.frameNavigated', ({ frame }) => this.#onNavigated(frame as Record<string, unknown>));
    on('Runtime.executionContextsCleared', () => (this.#context = null));
    on('Page.navigatedWithinDocument', ({ url }) => events.onInPage(String(url)));
    on('Page.domContentEventFired', () => events.onDomReady());
    on('Page.loadEventFired', () => events.onLoaded());
    on('Inspector.targetCrashed', () => {
      this.#context = null;
      events.onCrashed();
    });
    on('Runtime.consoleAPICalled', ({ type, args }) => {
      const parts = (args as { value?: string; description?: string }[]).map(
        ({ value, description }) => description ?? `${value}`,
      );
      events.onConsole(String(type), parts.join(' '));
    });
    on('Runtime.exceptionThrown', ({ exceptionDetails }) => {
      const { exception } = exceptionDetails as { exception?: { description?: string } };
      events.onConsole('exception', exception?.description ?? JSON.stringify(exceptionDetails));
    });
    this.#cdp.on('', 'Target.targetDestroyed', ({ targetId }) => {
      if (targetId !== this.targetId || this.#isGone) return;
      this.#isGone = true;
      events.onClosed();
    });
    this.#cdp.on('', 'Target.targetCreated', ({ targetInfo }) => {
      const { openerId, targetId, url } = targetInfo as Record<string, string>;
      if (openerId !== this.targetId) return;
      this.#cdp.send('Target.closeTarget', { targetId }).catch(() => undefined);
      events.onOpened(url ?? '');
    });
    this.#cdp.on('', 'Target.targetInfoChanged', ({ targetInfo }) => {
      const { targetId, title } = targetInfo as Record<string, string>;
      if (targetId === this.targetId) events.onTitle(title ?? '');
    });
  }

  #onNavigated(frame: Record<string, unknown>): void {
    const { parentId, url = '', urlFragment = '' } = frame as Readonly<Record<string, string>>;
    if (parentId === undefined) this.#events.onDocument(`${url}${urlFragment}`);
  }

  #onBinding(text: string): void {
    this.#events.onMessage(text);
  }

  #onContext(context: Context): void {
    if (context.name === ISOLATED_WORLD) this.#context = context;
  }

  /** The isolated world says hello once its listeners can be reached. */
  flush(): void {
    for (const text of this.#waiting.splice(0)) this.post(text);
  }

  /** Documents are asked for before they are loaded: the place of `will-navigate`. */
  async #onRequest(params: Record<string, unknown>): Promise<void> {
    const { requestId, frameId, request } = params as {
      requestId: string;
      frameId: string;
      request: { url: string };
    };
    const isMainFrame = frameId === this.targetId;
    const isOurs = isMainFrame && this.#isExpected;
    if (isOurs) this.#isExpected = false;
    const may = isOurs || this.#events.mayNavigate(request.url, isMainFrame);
    const answer = may
      ? this.#send('Fetch.continueRequest', { requestId })
      : this.#send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
    await answer.catch(() => undefined);
  }
}
