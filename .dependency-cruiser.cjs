/** The direction of imports, as docs/architecture.md draws it. */
const stage = (name, allowed) => ({
  name: `${name}-imports`,
  comment: `src/${name} may import only: ${allowed.join(', ')}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [`^src/${name}/`, ...allowed.map((a) => `^src/${a}(/|\\.ts$)`)] },
});

/** Within src/policy, the order of work: data and compiler, pack, judging, what an edit changes. */
const policyStep = (name, allowed) => ({
  name: `policy-${name}-imports`,
  comment: `src/policy/${name} may import of src/policy's folders only: ${allowed.join(', ') || 'none'}`,
  severity: 'error',
  from: { path: `^src/policy/${name}/` },
  to: { path: '^src/policy/[^/]+/', pathNot: [name, ...allowed].map((a) => `^src/policy/${a}/`) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/(action|cli)\\.ts$|\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'nothing-imports-gate',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(action|cli|commands/.*)\\.ts$' },
      to: { path: '^src/gate\\.ts$' },
    },
    stage('facts', []),
    stage('history', []),
    stage('github', ['report']),
    stage('manifest', []),
    stage('candidate', ['manifest']),
    stage('wire', ['facts', 'manifest', 'candidate']),
    stage('identity', ['facts', 'manifest']),
    stage('probes', ['facts', 'manifest', 'candidate', 'wire', 'identity']),
    stage('policy', ['facts']),
    stage('report', ['facts', 'policy']),
    policyStep('data', []),
    policyStep('compiler', []),
    policyStep('builtins', ['compiler']),
    policyStep('pack', ['data', 'compiler']),
    policyStep('judging', ['data', 'compiler', 'builtins', 'pack']),
    policyStep('impact', ['data']),
    policyStep('author', ['data', 'compiler', 'builtins', 'pack', 'judging']),
    {
      name: 'probes-are-islands',
      comment: 'one probe never imports another; identifiers is no probe, but what several say of ids',
      severity: 'error',
      from: { path: '^src/probes/([^/]+)/' },
      to: { path: '^src/probes/([^/]+)/', pathNot: '^src/probes/($1|identifiers)/' },
    },
    {
      name: 'report-does-no-io',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^(node:)?(fs|net|http|https|child_process|fs/promises|tls|dgram)$' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'node', 'default'] },
  },
};
