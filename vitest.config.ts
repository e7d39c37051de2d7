import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** `unit`: functions on the mocked SDK. `emulator`: the local cloud and the tools. `journeys`: built functions on the local cloud. `browser`: client SDKs in a real Chromium. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['cloudfunctions/**/*.test.ts'],
          // Modules are loaded once for all files: each test begins with fresh data and a fresh instance of every function.
          isolate: false,
          setupFiles: [path('test/support/unit-setup.ts')],
          alias: [
            { find: /^wx-server-sdk$/, replacement: path('test/support/mock-sdk/index.ts') },
            { find: /^@cloudbase\/node-sdk$/, replacement: path('test/support/mock-sdk/node-sdk.ts') },
          ],
        },
      },
      {
        test: {
          name: 'emulator',
          include: ['emulator/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          globalSetup: path('scripts/build/build-before-tests.ts'),
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // Each file starts a browser of its own.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
