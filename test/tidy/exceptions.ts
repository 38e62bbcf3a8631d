/**
 * exceptions: the only place where a tidy rule is waived, and why. Every list is meant to be empty.
 *
 * Imports   nothing.
 */

/** Files with `Hot path:` in their header that no allocation test imports yet. */
export const HOT_PATH_NOT_GATED: readonly string[] = [];
