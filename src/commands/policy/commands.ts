/** The policy author's commands: names, options and help; each is a file of its own, loaded when it is asked for. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Terminal } from '../terminal.js';
import type { PolicyBuildOptions } from './build.js';
import type { PolicyCheckOptions } from './check.js';
import type { PolicyFormatOptions } from './format.js';
import type { PolicyImpactOptions } from './impact.js';
import type { PolicyRulesOptions } from './rules.js';
import type { PolicyTestOptions } from './test.js';

/** Adds `check`, `test`, `format`, `build`, `rules` and `impact` to the group `policy`. */
export function addAuthorCommands(
  group: Command,
  terminal: Terminal,
  settle: (work: Promise<number>) => Promise<void>,
): void {
  group
    .command('check')
    .description('compile strictly, with the types of the facts, and check the data')
    .argument('[paths...]', 'policies, tests and data; the built-in pack when there is none')
    .option('--json', 'the problems on stdout and nothing else there', false)
    .action((paths: string[], options: PolicyCheckOptions) =>
      settle(import('./check.js').then(({ policyCheck }) => policyCheck(paths, options, terminal))),
    );

  group
    .command('test')
    .description('run the rules named test_… of *_test.rego')
    .argument('[paths...]', 'policies, tests and data; the built-in pack when there is none')
    .option('--run <regex>', 'only tests whose data.<package>.<test> matches', '')
    .option('--verbose', 'name the tests that pass, too', false)
    .option('--coverage', 'say which lines of the policies no test reaches', false)
    .option('--threshold <percent>', 'fail below this coverage', percentage, null)
    .option('--junit <file>', 'write JUnit XML')
    .option('--json', 'the results on stdout and nothing else there', false)
    .action((paths: string[], options: PolicyTestOptions) =>
      settle(import('./test.js').then(({ policyTest }) => policyTest(paths, options, terminal))),
    );

  group
    .command('format')
    .description('lay out Rego as OPA does; on stdout unless told otherwise')
    .argument('<paths...>', 'files and folders')
    .option('--check', 'write nothing, and say what is not formatted', false)
    .option('--write', 'write the files', false)
    .action((paths: string[], options: PolicyFormatOptions) =>
      settle(import('./format.js').then(({ policyFormat }) => policyFormat(paths, options, terminal))),
    );

  group
    .command('build')
    .description('compile into an OPA bundle with WASM, data and manifest')
    .argument('[paths...]', 'policies and data on top of the built-in pack')
    .option('-o, --output <file>', 'the bundle', 'bundle.tar.gz')
    .option('--sources', 'put the Rego beside the WASM', false)
    .option('--json', 'digests on stdout as JSON', false)
    .action((paths: string[], options: PolicyBuildOptions) =>
      settle(import('./build.js').then(({ policyBuild }) => policyBuild(paths, options, terminal))),
    );

  group
    .command('rules')
    .description('the catalogue: every rule with its level, severity, requirement and remediation')
    .argument('[paths...]', 'policies and data on top of the built-in pack')
    .addOption(
      new Option('--format <format>', 'how to write it')
        .choices(['table', 'markdown', 'json'])
        .default('table'),
    )
    .option('--environment <name>', 'apply the data of this environment')
    .action((paths: string[], options: PolicyRulesOptions) =>
      settle(import('./rules.js').then(({ policyRules }) => policyRules(paths, options, terminal))),
    );

  group
    .command('impact')
    .description('what the checked-out policies would change against another version, on recorded facts')
    .argument('<paths...>', 'policies and data on top of the built-in pack')
    .requiredOption(
      '--base <where>',
      'the version to compare with: a commit, a branch, base, or a folder (./…)',
    )
    .requiredOption('--facts <files...>', 'facts that "check --facts" or "probe" wrote')
    .option('--json', 'the changes on stdout and nothing else there', false)
    .action((paths: string[], options: PolicyImpactOptions) =>
      settle(import('./impact.js').then(({ policyImpact }) => policyImpact(paths, options, terminal))),
    );
}

function percentage(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 100) return value;
  throw new InvalidArgumentError('Expected a percentage from 0 to 100.');
}
