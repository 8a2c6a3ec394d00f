import { defineConfig } from 'vitest/config';

/** What comes by itself is waited for longer than the second that is usual: a loaded machine may take it for anything. */
const expect = { poll: { timeout: 10_000 } };

/** One project for each part of `npm test` that Vitest runs. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          expect,
          include: [
            'protocol/**/*.test.ts',
            'server/src/**/*.test.ts',
            'client/src/**/*.test.ts',
            'test/unit/**/*.test.ts',
            'test/fake-ollama/**/*.test.ts',
            'test/server/**/*.test.ts',
          ],
          // What needs bubblewrap is tested where it is set up.
          exclude: ['server/src/sandbox/**', 'server/src/mining/recording/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'sandbox',
          expect,
          include: [
            'server/src/sandbox/**/*.test.ts',
            'server/src/mining/recording/**/*.test.ts',
            'test/redteam/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'cli',
          expect,
          include: ['test/cli/**/*.test.ts'],
          globalSetup: 'test/cli/set-up.ts',
          // One model on a few cores: the files would only slow each other down.
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'trainer',
          include: ['test/trainer/**/*.test.ts'],
          globalSetup: 'test/trainer/set-up.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'workbench',
          expect,
          include: ['test/workbench/**/*.test.ts'],
          globalSetup: 'test/workbench/driver/set-up.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
