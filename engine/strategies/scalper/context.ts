/**
 * context: the array that core hands to the scalper; the same for every strategy.
 *
 * Imports   strategies/context.
 */
export { FRESH_ALL, Fresh, ScalperContext, contextSize } from '../context.ts';
