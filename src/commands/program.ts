/** The command line: names, options and help; each command is a file of its own, loaded when it is asked for. */
import { Command, CommanderError, Option } from 'commander';
import { VERSION } from '../version.js';
import { interruptSignal } from './interrupt.js';
import { addAuthorCommands } from './policy/commands.js';
import type { Terminal } from './terminal.js';
import type { VerifyOptions } from './verify.js';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

interface Common {
  readonly policies: readonly string[];
  readonly mode: 'enforce' | 'audit';
  readonly json: boolean;
  readonly report?: string;
  readonly sarif?: string;
  readonly summary?: string;
  readonly junit?: string;
  readonly html?: string;
}

/** Runs the command line and returns the exit code. Never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const settle = async (work: Promise<number>): Promise<void> => {
    exitCode = await work;
  };
  const program = new Command('mcp-gate')
    .description(
      'Starts a candidate MCP server, experiments on it, and lets Rego policies decide whether it may be deployed.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .addHelpText(
      'after',
      '\nExit codes: 0 allowed, 1 denied, 2 a mistake in manifest, inputs or policies, 3 undecided.',
    );

  withOutputs(
    program.command('check').description('run the gate').argument('<manifest...>', 'manifests to gate'),
  )
    .option('--facts <file>', 'write the facts, the exact policy input')
    .option('--audit-log <file>', 'write a JSON line for each elicitation seen')
    .option('--attestation <file>', 'write the verdict as an in-toto statement (SLSA verification summary)')
    .option('--verifier-id <uri>', 'who the statement says verified')
    .option(
      '--policies-from <where>',
      'whose version of --policies decides: head, base (of a pull request), a commit, or a folder (./…)',
    )
    .action((manifests: string[], options: Common & { facts?: string }) =>
      settle(
        interruptible(async (signal) =>
          (await import('./check.js')).check(manifests, { ...options, signal }, terminal),
        ),
      ),
    );

  program
    .command('probe')
    .description('facts on stdout, no policy')
    .argument('<manifest>')
    .action((manifest: string) =>
      settle(interruptible(async (signal) => (await import('./probe.js')).probe(manifest, signal, terminal))),
    );

  withFacts(
    withOutputs(program.command('eval').description('policy on recorded facts, no candidate')),
  ).action(({ facts, ...options }: Common & WithFacts) =>
    settle(import('./evaluate.js').then(({ evaluate }) => evaluate({ ...options, input: facts }, terminal))),
  );

  program
    .command('verify')
    .description('whether a statement of "check --attestation" lets an artifact be deployed')
    .argument('<statement>', 'statement, envelope or bundle, or the JSON of "gh attestation verify"')
    .requiredOption('--subject <artifact>', 'a file, sha256:…, sha512:…, or an image with its digest')
    .option('--policy-digest <digest>', 'the policies that must have judged: sha256:…')
    .option('--resource-uri <uri>', 'the resource it must be about')
    .option('--verifier-id <uri>', 'who must have verified')
    .option('--max-age <time>', 'how old it may be: 90s, 30m, 24h, 7d', '24h')
    .action((file: string, options: VerifyOptions) =>
      settle(import('./verify.js').then(({ verify }) => verify(file, options, terminal))),
    );

  const policy = program.command('policy').description('write, check and test policies');
  addAuthorCommands(policy, terminal, settle);
  withFacts(
    withOutputs(
      policy.command('eval').description('the same as "mcp-gate eval", for folders in work'),
    ).argument('[paths...]', 'policies and data on top of the built-in pack'),
  ).action((paths: string[], { facts, ...options }: Common & WithFacts) =>
    settle(
      import('./evaluate.js').then(({ evaluate }) =>
        evaluate({ ...options, input: facts, policies: [...paths, ...options.policies] }, terminal),
      ),
    ),
  );

  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (cause: unknown) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2;
    const { toFailure } = await import('./failure.js');
    const failure = toFailure(cause);
    for (const problem of failure.problems) terminal.err(`mcp-gate: ${problem.text}\n`);
    return failure.exitCode;
  }
}

interface WithFacts {
  readonly facts: string;
  readonly explain: boolean;
}

function withFacts(command: Command): Command {
  return command
    .requiredOption('--facts <file>', 'facts that "check --facts" or "probe" wrote')
    .option('--explain', 'say which rules were true, and which facts they read', false);
}

function withOutputs(command: Command): Command {
  return command
    .option('--policies <path>', 'more policy and data folders (repeatable)', collect, [])
    .addOption(
      new Option('--mode <mode>', 'audit: same report, exit 0 for denials')
        .choices(['enforce', 'audit'])
        .default('enforce'),
    )
    .option('--report <file>', 'write the JSON report')
    .option('--sarif <file>', 'write SARIF 2.1.0')
    .option('--summary <file>', 'write the Markdown summary')
    .option('--junit <file>', 'write JUnit XML')
    .option('--html <file>', 'write a report for a browser: one file that needs nothing else')
    .option('--json', 'the report on stdout and nothing else there', false);
}

async function interruptible(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const { signal, release } = interruptSignal();
  try {
    return await work(signal);
  } finally {
    release();
  }
}
