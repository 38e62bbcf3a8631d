/**
 * tray-picture: the tray's sign, drawn point by point: a ring with a filling that differs in form
 * as well as in colour, so that nobody needs to tell colours apart.
 *
 * Units     device points; BGRA bytes, as bitmaps have them.
 * Imports   nothing.
 */
export type TraySign = 'none' | 'disarmed' | 'armed' | 'reducing' | 'halted';

type Colour = readonly [blue: number, green: number, red: number];

/** Fixed colours: a tray lies on the desktop's ground, not on the theme's. */
const COLOURS: Readonly<Record<TraySign, Colour>> = {
  none: [120, 120, 120],
  disarmed: [190, 190, 190],
  armed: [120, 200, 60],
  reducing: [40, 170, 240],
  halted: [70, 70, 235],
};

/** A square bitmap of the sign. */
export function traySignBitmap(sign: TraySign, side: number): Uint8Array {
  const pixels = new Uint8Array(side * side * 4);
  const [blue, green, red] = COLOURS[sign];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      // From −1 to 1 over the picture.
      const across = ((x + 0.5) / side) * 2 - 1;
      const down = ((y + 0.5) / side) * 2 - 1;
      if (!isInk(sign, across, down)) continue;
      pixels.set([blue, green, red, 255], (y * side + x) * 4);
    }
  }
  return pixels;
}

function isInk(sign: TraySign, across: number, down: number): boolean {
  const radius = Math.hypot(across, down);
  if (radius > 0.92) return false;
  if (radius > 0.7) return true;
  switch (sign) {
    case 'none':
    case 'disarmed':
      // An empty ring; without an engine it is broken by a stroke.
      return sign === 'none' && Math.abs(across + down) < 0.16;
    case 'armed':
      return radius < 0.5;
    case 'reducing':
      return radius < 0.5 && down > 0;
    case 'halted':
      return Math.max(Math.abs(across), Math.abs(down)) < 0.36;
  }
}
