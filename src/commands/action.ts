/** The GitHub Action: inputs in, annotations, job summary, outputs and the exit code out. */
import * as core from '@actions/core';
import { z } from 'zod';
import type { GateResult } from '../gate.js';
import { touchedLines } from '../history/changes.js';
import { gitIn } from '../history/git.js';
import { type Annotation, annotationBudget, annotations } from '../report/annotations.js';
import type { ChangedLines } from '../report/changed.js';
import type { FailedRun } from '../report/checkRun.js';
import { annotation as escaped, terminal as visible } from '../report/escape.js';
import { UNUSABLE } from '../report/exitCode.js';
import { proposalAnnotations } from '../report/impact/annotations.js';
import { renderSummary } from '../report/summary.js';
import { tallyReport } from '../report/tally.js';
import { renderTerminal } from '../report/terminal.js';
import { type AttestResult, attest, forget } from './attestation.js';
import { type RunEvent, readEvent } from './event.js';
import { type Failure, toFailure, UsageError } from './failure.js';
import { exitCodeOf, runGate } from './gateRun.js';
import { interruptSignal } from './interrupt.js';
import { type Written, writeOutputs } from './outputs.js';
import { type ProposalTests, testsOfProposal } from './policy/proposal.js';
import { type Publisher, publisher, type Sink } from './publish.js';
import type { Terminal } from './terminal.js';
import { demandChange } from './underReview.js';

const lines = z.string().transform((text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);
const path = z.string().transform((text) => (text === '' ? undefined : text));

/** The inputs of action.yml. Defaults stand here and nowhere else. */
const inputsSchema = z.strictObject({
  manifest: lines.refine(
    (manifests) => manifests.length > 0,
    'expected at least one manifest, one path a line',
  ),
  policies: lines,
  'policies-from': path,
  mode: choice(['enforce', 'audit']),
  report: path.transform((file) => file ?? 'mcp-gate-report.json'),
  sarif: path,
  junit: path,
  facts: path,
  html: path,
  'audit-log': path,
  attestation: path,
  'verifier-id': path,
  token: z.string(),
  'check-run': choice(['auto', 'off']),
  'check-name': z.string().transform((name) => (name === '' ? 'MCP deploy gate' : name)),
  comment: choice(['off', 'on']),
});

/** One of several words; the first where nothing is said. */
function choice<const T extends string>(words: readonly [T, ...T[]]) {
  const message = `expected ${words.join(' or ')}`;
  return z.enum(['', ...words], message).transform((word) => (word === '' ? words[0] : (word as T)));
}

/** Runs the Action and returns the exit code. Never throws. */
export async function runAction(terminal: Terminal): Promise<number> {
  const { signal, release } = interruptSignal();
  let page: Publisher | null = null;
  try {
    const inputs = readInputs();
    const event = await readEvent(terminal.env);
    page = publisher({
      env: terminal.env,
      event,
      token: inputs.token,
      checkRun: inputs['check-run'],
      checkName: inputs['check-name'],
      comment: inputs.comment,
      manifests: inputs.manifest,
      signal,
      sink: SINK,
    });
    return await gateAndPublish(inputs, event, page, terminal, signal);
  } catch (cause: unknown) {
    const failure = toFailure(cause);
    if (page === null) await forgetUnread(terminal);
    reportFailure(failure);
    await page?.fail({
      title: titleOf(failure),
      problems: failure.problems.map(({ message }) => message),
    });
    return failure.exitCode;
  } finally {
    release();
  }
}

/** A run that ends before its inputs or its event could be read must not leave an older verdict either. */
async function forgetUnread(terminal: Terminal): Promise<void> {
  try {
    await forget({ attestation: core.getInput('attestation') || undefined }, terminal);
  } catch (cause: unknown) {
    reportFailure(toFailure(cause));
  }
}

const SINK: Sink = {
  secret: (value) => core.setSecret(value),
  info: (message) => core.info(message),
  notice: (message) => core.notice(message),
  annotate,
};

async function gateAndPublish(
  inputs: Inputs,
  event: RunEvent,
  page: Publisher,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  await forget(inputs, terminal);
  await demandChange(inputs.manifest, event, terminal);
  const request = {
    manifests: inputs.manifest,
    policies: inputs.policies,
    policiesFrom: inputs['policies-from'],
    mode: inputs.mode,
    signal,
  };
  const result = await runGate(request, event, terminal, {
    onSecret: (secret) => core.setSecret(secret),
    onProgress: (progress) => {
      core.info(visible(`${progress.server}: ${progress.stage}`));
      page.progress(progress);
    },
  });
  const tests = await testsOfProposal(inputs.policies, result.proposal, terminal);
  const { report, proposal } = result;
  const verdict = exitCodeOf(report, proposal);
  const code = verdict === 0 && tests.failed ? 2 : verdict;
  const meaning = code === 2 ? UNUSABLE : undefined;
  await leave({ ...result, meaning }, code, inputs, { terminal, page });
  const ofPolicies = proposal === null ? [] : proposalAnnotations(proposal);
  // Last, because a page that says "passed" beside a red job is a lie.
  const changed = await linesUnderReview(event, report, terminal);
  const ordered = [...ofPolicies, ...tests.annotations, ...annotations(report, { changed })];
  if (code !== 2) await page.conclude(report, ordered);
  else await page.fail(unusable(result, tests), ordered);
  return code;
}

/** Everything is allowed, but the edited policies would stop every run once they are merged. */
function unusable({ report, proposal }: GateResult, tests: ProposalTests): FailedRun {
  return {
    title: tests.failed ? 'The tests of the edited policies fail' : 'The edited policies cannot be used',
    problems: [
      ...(proposal?.problems ?? []).map(({ message }) => message),
      ...tests.annotations.map(({ title }) => title),
    ],
    judged: report,
  };
}

type Inputs = z.output<typeof inputsSchema>;

function readInputs(): Inputs {
  const names = Object.keys(inputsSchema.shape);
  const parsed = inputsSchema.safeParse(Object.fromEntries(names.map((name) => [name, core.getInput(name)])));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => `input "${issue.path.join('.')}": ${issue.message}`).join('\n'),
  );
}

/** What the pull request changes; its lines are shown before others. */
async function linesUnderReview(
  event: RunEvent,
  { policy }: GateResult['report'],
  terminal: Terminal,
): Promise<ChangedLines> {
  if (event.kind !== 'pull-request') return new Map();
  return touchedLines(gitIn(terminal.cwd, terminal.env), policy.source.commit ?? event.base);
}

/** Writes everything a later step may want. */
async function leave(
  { report, rules, proposal, meaning }: Written,
  exitCode: number,
  inputs: Inputs,
  { terminal, page }: { readonly terminal: Terminal; readonly page: Publisher },
): Promise<void> {
  core.info(renderTerminal(report, { ...terminal.style, meaning }));
  const { denied, warnings } = countOf(report);
  core.setOutput('decision', report.decision);
  core.setOutput('report', inputs.report);
  core.setOutput('denied', denied);
  core.setOutput('warnings', warnings);
  const files = { ...inputs, auditLog: inputs['audit-log'] };
  await writeOutputs(files, { report, rules, proposal, meaning }, terminal.cwd);
  await summarise(renderSummary(report, { proposal, meaning }), terminal);
  const wanted = { attestation: inputs.attestation, verifierId: inputs['verifier-id'] };
  announce(await attest(wanted, { report, exitCode }, terminal), page);
}

/** Only a runner has a summary file; elsewhere there is nobody to read it. One that cannot be written costs no verdict. */
async function summarise(text: string, { env }: Terminal): Promise<void> {
  if (env['GITHUB_STEP_SUMMARY'] === undefined) return;
  try {
    await core.summary.addRaw(text, true).write();
  } catch (cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    core.warning(escaped(`The job summary could not be written: ${reason}`));
  }
}

/** The outputs that `actions/attest` takes; for several servers only the list, because one could not stand for all. */
function announce({ attested, notices }: AttestResult, page: Publisher): void {
  for (const notice of notices) page.notice(notice);
  const [only, ...others] = attested;
  if (only === undefined) return;
  core.setOutput('attestations', JSON.stringify(attested));
  if (others.length > 0) return;
  core.setOutput('predicate-path', only.predicatePath);
  core.setOutput('predicate-type', only.predicateType);
  core.setOutput('subject-name', only.subjectName);
  core.setOutput('subject-digest', only.subjectDigest);
}

function countOf(report: GateResult['report']): { denied: number; warnings: number } {
  const tally = tallyReport(report);
  return { denied: tally.deny, warnings: tally.warn };
}

function annotate({ level, title, message, file, startLine, startColumn }: Annotation): void {
  const properties = file === '' ? { title } : { title, file, startLine, startColumn };
  const write = { error: core.error, warning: core.warning, notice: core.notice }[level];
  write(message, properties);
}

function reportFailure(failure: Failure): void {
  const all = failure.problems.map(
    ({ message, file, line, column }): Annotation => ({
      level: 'error',
      title: titleOf(failure),
      message: escaped(message),
      file: visible(file ?? ''),
      startLine: line ?? 1,
      startColumn: column ?? 1,
    }),
  );
  const shown = annotationBudget(all, { elsewhere: 'the log of this step' });
  if (shown.length < all.length) for (const { text } of failure.problems) core.info(text);
  for (const one of shown) annotate(one);
  try {
    core.setOutput('decision', 'undecided');
  } catch {
    // On a full disk the exit code says so; the check run still has to be concluded.
  }
}

function titleOf({ exitCode }: Failure): string {
  return exitCode === 2 ? 'The gate cannot run as asked' : 'The gate itself failed';
}
