/**
 * The verdict as in-toto statements with SLSA's Verification Summary predicate (slsa.dev/spec, verification_summary v1):
 * what a deploy job can require of an artifact. One for each server, because each has a subject and a verdict of its own.
 */
import { z } from 'zod';
import { json } from './escape.js';
import { exitCode } from './exitCode.js';
import type { Report, ServerReport } from './report.js';
import { tally } from './tally.js';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const VSA_TYPE = 'https://slsa.dev/verification_summary/v1';
/** The verified property of an artifact that the gate allowed. */
export const GATE_LEVEL = 'MCP_DEPLOY_GATE_PASSED';
/** No SLSA level is claimed: nothing about the build was looked at. */
const PASSED_LEVELS = ['SLSA_BUILD_LEVEL_UNEVALUATED', GATE_LEVEL];
/** The extension field with the report's digest; SLSA lets producers add fields whose names are URIs. */
export const REPORT_FIELD = 'urn:mcp-gate:report:v1';

export type VerificationResult = 'PASSED' | 'FAILED';

/** The deployable thing, as the manifest names it. */
export interface Artifact {
  /** As `actions/attest` would name it: a file's base name, an image without tag and digest, a package URL. */
  readonly name: string;
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly digest: string;
  /** A package URL without the version's digest, so that a deploy job can know it beforehand. */
  readonly resourceUri: string;
  /** The file, relative to the manifest; null when it is no file of this checkout. */
  readonly file: string | null;
}

export interface Attestation {
  readonly server: string;
  readonly artifact: Artifact;
  readonly result: VerificationResult;
  /** The whole statement as JSON text, ending with a line break. */
  readonly statement: string;
  /** Its predicate alone, for `predicate-path` of `actions/attest`. */
  readonly predicate: string;
}

export interface AttestationOptions {
  /** A URI that names who verified. */
  readonly verifierId: string;
  /** SHA-256 of the JSON report, in hexadecimal. */
  readonly reportDigest: string;
  /** Whether the run as a whole failed for a reason beside its verdicts: then nothing has passed. */
  readonly runFailed: boolean;
}

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/u;
const IMAGE = /^(.+?)(?::[^/@]+)?@(sha256:[0-9a-f]{64})$/u;

const named = z.object({
  spec: z.object({
    artifact: z.object({
      file: z.string().optional(),
      image: z.string().optional(),
      package: z.string().optional(),
      digest: z.string().optional(),
    }),
  }),
});

const ownPredicate = z.looseObject({
  verifier: z.looseObject({ version: z.looseObject({ 'mcp-gate': z.string() }) }),
  [REPORT_FIELD]: z.looseObject({}),
});
const ownStatement = z.looseObject({ predicateType: z.literal(VSA_TYPE), predicate: ownPredicate });
const own = z.union([ownStatement, ownPredicate]);

/** Whether a text is a statement that the gate wrote, of any version, or the predicate of one. */
export function isOwn(text: string): boolean {
  try {
    return own.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** What the server's manifest names as artifact; null when it names none. */
export function artifactOf(server: ServerReport): Artifact | null {
  const parsed = named.safeParse(server.facts?.manifest);
  if (!parsed.success) return null;
  const { file, image, package: purl, digest = '' } = parsed.data.spec.artifact;
  if (image !== undefined) return imageArtifact(image);
  if (!DIGEST.test(digest)) return null;
  if (purl !== undefined) return { name: purl, digest, resourceUri: purl, file: null };
  if (file === undefined) return null;
  const name = file.replaceAll('\\', '/').split('/').at(-1) ?? file;
  return { name, digest, resourceUri: `pkg:generic/${encodeURIComponent(name)}`, file };
}

function imageArtifact(reference: string): Artifact | null {
  const [, name, digest] = IMAGE.exec(reference) ?? [];
  if (name === undefined || digest === undefined) return null;
  const repository = name.split('/').map(encodeURIComponent);
  const resourceUri = `pkg:oci/${repository.at(-1) ?? ''}?repository_url=${repository.join('/')}`;
  return { name, digest, resourceUri, file: null };
}

/** A statement for each server whose manifest names an artifact, and in words why others have none. */
export function attestations(
  report: Report,
  options: AttestationOptions,
): { readonly made: readonly Attestation[]; readonly notices: readonly string[] } {
  const subjects = report.servers.map((server) => ({ server, artifact: artifactOf(server) }));
  // Whoever sees one of two statements on the same bytes must not be told less than both together say.
  const failed = new Set(
    subjects
      .filter(({ server }) => options.runFailed || !hasPassed(report, server))
      .flatMap(({ artifact }) => (artifact === null ? [] : [artifact.digest])),
  );
  return {
    made: subjects.flatMap(({ server, artifact }) => {
      if (artifact === null) return [];
      const result = failed.has(artifact.digest) ? 'FAILED' : 'PASSED';
      const predicate = predicateOf(report, server, { artifact, result, options });
      return [
        {
          server: server.name,
          artifact,
          result,
          statement: text({
            _type: STATEMENT_TYPE,
            subject: [{ name: artifact.name, digest: digestSet(artifact.digest) }],
            predicateType: VSA_TYPE,
            predicate,
          }),
          predicate: text(predicate),
        },
      ];
    }),
    notices: [
      ...subjects
        .filter(({ artifact }) => artifact === null)
        .map(({ server }) => `${server.name}: no attestation, because its manifest names no spec.artifact`),
      ...(report.mode === 'audit' ? ['audit mode enforces nothing, so no attestation says PASSED'] : []),
    ],
  };
}

/** Allowed, in enforce mode, with nothing left open: the run of this server alone would end with exit code 0. */
function hasPassed(report: Report, server: ServerReport): boolean {
  const alone = { mode: report.mode, decision: server.decision, servers: [server] };
  return report.mode === 'enforce' && server.decision === 'allow' && exitCode(alone) === 0;
}

function predicateOf(
  report: Report,
  server: ServerReport,
  given: {
    readonly artifact: Artifact;
    readonly result: VerificationResult;
    readonly options: AttestationOptions;
  },
): Record<string, unknown> {
  const { artifact, result, options } = given;
  const { digest, rules, source } = report.policy;
  return {
    verifier: { id: options.verifierId, version: { 'mcp-gate': report.gate.version } },
    timeVerified: server.facts?.gate.startedAt,
    resourceUri: artifact.resourceUri,
    policy: { uri: `urn:mcp-gate:policy:${digest}`, digest: digestSet(digest) },
    verificationResult: result,
    verifiedLevels: result === 'PASSED' ? PASSED_LEVELS : ['FAILED'],
    [REPORT_FIELD]: {
      digest: { sha256: options.reportDigest },
      server: server.name,
      decision: server.decision,
      mode: report.mode,
      rules,
      findings: tally(server.findings),
      policySource: { kind: source.kind, commit: source.commit },
    },
  };
}

function digestSet(digest: string): Record<string, string> {
  const [algorithm = '', hex = ''] = digest.split(':');
  return { [algorithm]: hex };
}

function text(value: unknown): string {
  return `${json(JSON.stringify(value, null, 2))}\n`;
}
