/** Tests run as native ES modules; swc only strips the types, so what is tested is what is bundled. */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/zoo/bundle.mjs',
  testSequencer: '<rootDir>/test/sequencer.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testTimeout: 60_000,
  // The gate's own tests mostly wait for processes; the default would leave one of a runner's two cores idle.
  maxWorkers: 2,
  // For the zoo: a gate run mostly waits, and six of them fill two cores.
  maxConcurrency: 6,
};
