/**
 * decay: exp(−dt / τ) for a run of time constants at once.
 *
 * exp(−x) is 1 / p(x/4)⁴ with p the first five terms of exp. It is exactly 1 at 0, falls steadily,
 * stays in (0, 1] and is off by less than 0.0005 everywhere (3e-10 for x below 0.1), without the
 * library call and the same on every machine.
 *
 * Units     dt in ns at state[dtIndex], constants per ns.
 * Hot path: once a message. Integers and arrays in, array out.
 * Imports   nothing.
 */

/** state[decay0 + i] = exp(−state[dtIndex] × constants[tau0 + i]) for i below count. */
export function writeDecays(
  state: Float64Array,
  constants: Float64Array,
  dtIndex: number,
  tau0: number,
  decay0: number,
  count: number,
): void {
  const dt = state[dtIndex]! * 0.25;
  for (let i = 0; i < count; i++) {
    const x = dt * constants[tau0 + i]!;
    const p = 1 + x * (1 + x * (0.5 + x * (1 / 6 + x * (1 / 24))));
    const root = 1 / (p * p);
    state[decay0 + i] = root * root;
  }
}
