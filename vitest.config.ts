/**
 * vitest.config: unit tests of the renderer, in a simulated page. Everything else runs on
 * node:test.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    include: ['test/renderer/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    pool: 'threads',
    maxWorkers: 2,
    // A busy machine takes long to load the docking library; nothing is timed by this.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
