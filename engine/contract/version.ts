/**
 * version: the contract between engine and terminal. Both sides send it in `hello`; a mismatch
 * refuses the connection with one clear line.
 *
 * Imports   nothing.
 */
export const CONTRACT_VERSION = 2;
