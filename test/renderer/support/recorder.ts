/**
 * recorder: a canvas whose context writes down what was drawn on it.
 *
 * Imports   nothing.
 */
export interface Drawn {
  readonly texts: { readonly text: string; readonly x: number; readonly y: number }[];
  readonly boxes: { readonly x: number; readonly y: number; readonly width: number }[];
}

export interface RecordingCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly drawn: Drawn;
  forget(): void;
}

function nothing(): void {}

export function recordingCanvas(): RecordingCanvas {
  const drawn: Drawn = { texts: [], boxes: [] };
  const calls = {
    fillText: (text: string, x: number, y: number) => drawn.texts.push({ text, x, y }),
    fillRect: (x: number, y: number, width: number) => drawn.boxes.push({ x, y, width }),
    measureText: (text: string) => ({ width: 6 * text.length }),
  };
  const context = new Proxy(calls, {
    get: (target, name) => Reflect.get(target, name) ?? nothing,
    set: () => true,
  });
  const canvas = document.createElement('canvas');
  Object.defineProperty(canvas, 'getContext', { value: () => context });
  return {
    canvas,
    drawn,
    forget: () => {
      drawn.texts.length = 0;
      drawn.boxes.length = 0;
    },
  };
}
