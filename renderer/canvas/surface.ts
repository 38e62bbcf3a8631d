/**
 * surface: a canvas that always has as many pixels as the screen gives it.
 *
 * Painters draw in CSS pixels; the scale to device pixels is set here, whatever the zoom.
 *
 * Units     CSS pixels, unless named device.
 * Version   moves when the size or the scale changed: everything must be drawn again.
 *
 * Imports   nothing.
 */
export class Surface {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D | null;
  readonly #observer: ResizeObserver | null;
  width = 0;
  height = 0;
  scale = 1;
  version = 1;

  /** One that lies over another must let it show through. */
  constructor(canvas: HTMLCanvasElement, isOpaque = true) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', { alpha: !isOpaque });
    this.#observer =
      typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(this.#onSize);
    const holder = canvas.parentElement;
    if (holder !== null) this.#observe(holder);
  }

  #observe(holder: HTMLElement): void {
    try {
      this.#observer?.observe(holder, { box: 'device-pixel-content-box' });
    } catch {
      this.#observer?.observe(holder);
    }
  }

  readonly #onSize = (entries: readonly ResizeObserverEntry[]): void => {
    const entry = entries.at(-1);
    if (entry === undefined) return;
    const content = entry.contentBoxSize?.[0];
    const device = entry.devicePixelContentBoxSize?.[0];
    if (content === undefined) return;
    const ratio = globalThis.devicePixelRatio || 1;
    this.resize(
      content.inlineSize,
      content.blockSize,
      device?.inlineSize ?? Math.round(content.inlineSize * ratio),
      device?.blockSize ?? Math.round(content.blockSize * ratio),
    );
  };

  resize(width: number, height: number, deviceWidth: number, deviceHeight: number): void {
    if (width === 0 || height === 0) return;
    this.width = width;
    this.height = height;
    this.scale = deviceWidth / width;
    this.canvas.width = deviceWidth;
    this.canvas.height = deviceHeight;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.version += 1;
  }

  /** Context scaled to CSS pixels; null while the canvas has no size or no context. */
  begin(): CanvasRenderingContext2D | null {
    if (this.width === 0 || this.context === null) return null;
    this.context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    return this.context;
  }

  /** Rounds a CSS length to whole device pixels, so that thin lines are sharp. */
  snap(value: number): number {
    return Math.round(value * this.scale) / this.scale;
  }

  dispose(): void {
    this.#observer?.disconnect();
  }
}
