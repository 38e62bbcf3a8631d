/**
 * heat-ramp: a row of colours between stops, even to the eye: mixed in OKLab, not in RGB.
 *
 * Units     pixels as 32-bit words of ImageData (little endian: alpha, blue, green, red).
 * Imports   nothing.
 */
type Lab = readonly [lightness: number, a: number, b: number];

/** `count` opaque pixels from the first stop to the last; stops are "#rrggbb". */
export function heatRamp(stops: readonly string[], count: number): Uint32Array {
  const labs = stops.map((stop) => labOf(stop));
  const ramp = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = (i / Math.max(1, count - 1)) * (labs.length - 1);
    const low = Math.min(labs.length - 2, Math.floor(at));
    ramp[i] = pixelOf(mix(labs[low] ?? BLACK, labs[low + 1] ?? BLACK, at - low));
  }
  return ramp;
}

const BLACK: Lab = [0, 0, 0];

function mix(from: Lab, to: Lab, share: number): Lab {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

function labOf(hex: string): Lab {
  const value = Number.parseInt(hex.replace('#', ''), 16);
  if (Number.isNaN(value)) return BLACK;
  const red = linear((value >> 16) & 255);
  const green = linear((value >> 8) & 255);
  const blue = linear(value & 255);
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function pixelOf([lightness, a, b]: Lab): number {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function encoded(value: number): number {
  const clamped = Math.min(1, Math.max(0, value));
  const curved = clamped <= 0.0031308 ? clamped * 12.92 : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(curved * 255);
}
