/** Makes one `ServerPlan` from one document in native form, whether a person or an importer wrote it. */
import { resolve } from 'node:path';
import { planArtifactDigest } from './artifact.js';
import { checkCoherence, providerOf } from './coherence.js';
import { explain } from './explain.js';
import type {
  AuthorizationPlan,
  ClientCredentials,
  CommandRun,
  NamedSecret,
  ServerPlan,
  SuppliedPrincipal,
  TransportPlan,
  UrlRun,
} from './plan.js';
import { lookUp } from './pointer.js';
import { type Complain, describe, type Problem } from './problem.js';
import { has, isMapping, textAt, textsAt } from './raw.js';
import { planRun, whatIsWrongWith } from './run-plan.js';
import { type Manifest, manifestSchema } from './schema.js';
import { type Dialect, nativeDialect, type RuntimeScope, variableIn } from './variables.js';
import type { Locator } from './yaml-tree.js';

/** A document in native form and where it comes from. */
export interface Draft {
  readonly raw: unknown;
  readonly locator: Locator;
  /** The file, relative to the working directory. */
  readonly file: string;
  /** Absolute; relative paths start here. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Variables of another format; null for the native ones. */
  readonly dialect: Dialect | null;
}

export interface Planned {
  readonly server: ServerPlan | null;
  readonly problems: readonly Problem[];
}

/** Characters. */
const SHORTEST_SECRET = 6;

/** Checks the whole document and gives a plan only when nothing is wrong with it. */
export async function planServer(draft: Draft): Promise<Planned> {
  const problems: Problem[] = [];
  const complain: Complain = (pointer, part, message, hints = {}) => {
    problems.push({ ...draft.locator.at(pointer, part), message, ...hints });
  };
  const parsed = manifestSchema.safeParse(withoutImage(draft.raw));
  if (!parsed.success) {
    explain(
      manifestSchema,
      parsed.error.issues,
      draft.raw,
      (pointer) => draft.locator.label(pointer),
      complain,
    );
  }
  checkCoherence(draft.raw, complain);
  const secrets = new Set<string>();
  const keepSecret = (value: string): void => {
    secrets.add(value);
  };
  const run = await planRun({ ...draft, ...dialectsOf(draft), complain, keepSecret });
  const files = await planFiles(draft, complain);
  const artifactDigest = await planArtifactDigest(draft.raw, draft.folder, complain);
  const authorization = planAuthorization(draft, complain);
  if (problems.length === 0 && (run === null || !parsed.success)) {
    // Not reachable as far as known; a server that silently drops out of the plan would never be judged.
    complain('/spec', 'key', 'this server cannot be planned');
  }
  if (problems.length > 0 || !parsed.success || run === null) return { server: null, problems };
  for (const named of authorization.named) keepSecret(named.value);
  for (const name of parsed.data.spec.run.passEnv) keepSecret(variableIn(draft.env, name) ?? '');
  const server = assemble(
    draft,
    withDigest(parsed.data, artifactDigest),
    run,
    files,
    authorization.plan,
    [...secrets].filter((secret) => secret.length >= SHORTEST_SECRET),
  );
  return { server, problems };
}

/** `image` has a message of its own; for the schema it is not there. */
function withoutImage(raw: unknown): unknown {
  const spec = lookUp(raw, '/spec');
  const run = lookUp(raw, '/spec/run');
  if (!isMapping(raw) || !isMapping(spec) || !isMapping(run)) return raw;
  const { image: _, ...rest } = run;
  return { ...raw, spec: { ...spec, run: rest } };
}

function dialectsOf(draft: Draft): { readonly inCommand: Dialect; readonly fixed: Dialect } {
  if (draft.dialect !== null) return { inCommand: draft.dialect, fixed: draft.dialect };
  const passEnv = textsAt(draft.raw, '/spec/run/passEnv').map(([, name]) => name);
  const scope: RuntimeScope = {
    overHttp: textAt(draft.raw, '/spec/transport/type') !== 'stdio',
    embeddedIdentity: providerOf(draft.raw) === 'embedded',
  };
  return {
    inCommand: nativeDialect(draft.env, passEnv, scope),
    fixed: nativeDialect(draft.env, passEnv, null),
  };
}

const FILES = ['serverJson', 'sbom', 'lock'] as const;
type Files = Readonly<Record<(typeof FILES)[number], string | null>>;

async function planFiles(draft: Draft, complain: Complain): Promise<Files> {
  const paths = { serverJson: null, sbom: null, lock: null } as Record<keyof Files, string | null>;
  for (const key of FILES) {
    const pointer = `/spec/${key}`;
    const text = textAt(draft.raw, pointer);
    if (text === null || text === '' || text.includes('\0')) continue;
    paths[key] = resolve(draft.folder, text);
    const wrong = await whatIsWrongWith(paths[key], 'file');
    if (wrong === null) continue;
    complain(pointer, 'value', `the file cannot be used: ${wrong}`, {
      expected: 'a file, relative to the manifest',
      seen: describe(text),
    });
  }
  return paths;
}

const PRINCIPALS: readonly SuppliedPrincipal[] = [
  'alice',
  'alice-refreshed',
  'alice-other-client',
  'bob',
  'bob-refreshed',
  'wrong-audience',
  'wrong-issuer',
  'expired',
  'not-yet-valid',
  'low-scope',
];

type Credentials = Pick<AuthorizationPlan, 'tokens' | 'clients'>;

/** Reads the variables that hold tokens and client credentials; each one without a value is a problem. */
function planAuthorization(
  draft: Draft,
  complain: Complain,
): { plan: Credentials; named: readonly NamedSecret[] } {
  const named: NamedSecret[] = [];
  const read = (pointer: string): NamedSecret | null => {
    const variable = textAt(draft.raw, pointer);
    if (variable === null || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) return null;
    const value = variableIn(draft.env, variable);
    if (value !== null) {
      named.push({ variable, value });
      return { variable, value };
    }
    const suggestion = `set ${variable} where the gate runs`;
    complain(pointer, 'value', `the environment variable ${variable} has no value`, { suggestion });
    return null;
  };
  const tokens = new Map<SuppliedPrincipal, NamedSecret>();
  for (const principal of PRINCIPALS) {
    const token = read(`/spec/authorization/tokens/${principal}`);
    if (token !== null) tokens.set(principal, token);
  }
  const list = lookUp(draft.raw, '/spec/authorization/clients');
  const clients = Array.isArray(list) ? [...list.keys()] : [];
  const credentials = clients.flatMap((index): readonly ClientCredentials[] => {
    const pointer = `/spec/authorization/clients/${index}`;
    const id = read(`${pointer}/idEnv`);
    const secret = has(draft.raw, `${pointer}/secretEnv`) ? read(`${pointer}/secretEnv`) : null;
    return id === null ? [] : [{ id, secret }];
  });
  return { plan: { tokens, clients: credentials }, named };
}

function assemble(
  draft: Draft,
  manifest: Manifest,
  run: CommandRun | UrlRun,
  files: Files,
  credentials: Credentials,
  secrets: readonly string[],
): ServerPlan {
  const { metadata, spec } = manifest;
  const provider = providerOf(draft.raw);
  const transport = planTransport(spec.transport, run);
  return {
    name: metadata.name,
    labels: metadata.labels,
    manifest: draft.file,
    run,
    transport,
    authorization: {
      provider,
      scopes: spec.authorization.scopes,
      issuers: spec.authorization.issuers,
      ...credentials,
    },
    exercise:
      spec.exercise === 'auto'
        ? 'auto'
        : spec.exercise.map((step) => ({
            tool: step.tool,
            arguments: step.arguments,
            expect: step.expect ?? null,
          })),
    handles: spec.handles,
    whoami: spec.whoami ?? null,
    declares: spec.declares,
    ...files,
    registryName: spec.registry?.name ?? null,
    secrets,
    document: documentOf(manifest, provider, transport),
    locate: (pointer) => draft.locator.at(pointer, 'key'),
  };
}

function planTransport(transport: Manifest['spec']['transport'], run: CommandRun | UrlRun): TransportPlan {
  const { type } = transport;
  if (run.kind === 'url') {
    const { pathname, search } = new URL(run.url);
    return { type, path: `${pathname}${search}`, host: null };
  }
  if (type === 'stdio') return { type, path: '', host: null };
  const path = transport.path ?? (type === 'sse' ? '/sse' : '/mcp');
  return { type, path, host: transport.host ?? null };
}

/** The manifest with the digest of its artifact where that is a file: what policies and the attestation go by. */
function withDigest(manifest: Manifest, digest: string | null): Manifest {
  const { spec } = manifest;
  if (digest === null || spec.artifact === undefined) return manifest;
  return { ...manifest, spec: { ...spec, artifact: { ...spec.artifact, digest } } };
}

/** What policies see: complete, so that a rule about a field does not fall silent because nobody wrote it. */
function documentOf(
  manifest: Manifest,
  provider: string,
  transport: TransportPlan,
): Readonly<Record<string, unknown>> {
  const { $schema: _, ...rest } = manifest;
  const { spec } = manifest;
  const { remote: _remote, ...command } = spec.run;
  const started = spec.run.url === undefined;
  const overHttp = started && transport.type !== 'stdio';
  return {
    ...rest,
    spec: {
      ...spec,
      run: started ? command : spec.run,
      authorization: { ...spec.authorization, provider },
      transport: overHttp ? { ...spec.transport, path: transport.path } : spec.transport,
    },
  };
}
