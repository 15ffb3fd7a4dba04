/** The first stage: files in, one plan out, or every mistake in them at once. */
import { dirname, resolve } from 'node:path';
import { flavourOf, importMcpJson } from './mcp-json.js';
import type { Plan, ServerPlan } from './plan.js';
import { arrange, type Complain, describe, ManifestError, type Problem, quote } from './problem.js';
import { isMapping, textAt } from './raw.js';
import { API_VERSION, KIND } from './schema.js';
import { type Draft, planServer } from './server-plan.js';
import { readSource, type SourceFile } from './source.js';
import type { SourceDocument } from './yaml-tree.js';

export interface ReadOptions {
  /** Absolute; paths are relative to it, and named relative to it. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Reads native manifests (YAML or JSON, several documents in a file) and `mcp.json` files into a plan with at least one server.
 * The same file named twice is read once. Throws `ManifestError` with every problem found, in all files.
 */
export async function readPlan(paths: readonly string[], options: ReadOptions): Promise<Plan> {
  const unique = [...new Map(paths.map((path) => [resolve(options.cwd, path), path])).values()];
  const problems: Problem[] = [];
  const drafts: Draft[] = [];
  const files: string[] = [];
  for (const path of unique) {
    const source = await readSource(path, options.cwd);
    files.push(source.file);
    problems.push(...source.problems);
    for (const document of source.documents) {
      const found = await draftsOf(document, source, options.env);
      problems.push(...found.problems);
      drafts.push(...found.drafts);
    }
  }
  problems.push(...repeatedNames(drafts));
  const servers: ServerPlan[] = [];
  for (const draft of drafts) {
    const planned = await planServer(draft);
    problems.push(...planned.problems);
    if (planned.server !== null) servers.push(planned.server);
  }
  if (problems.length > 0) throw new ManifestError(arrange(problems, files));
  if (servers.length > 0) return { servers };
  const message = unique.length === 0 ? 'no manifest was given' : 'there is no server to gate';
  throw new ManifestError([
    { file: unique[0] ?? '.', line: 1, column: 1, message, expected: 'at least one manifest' },
  ]);
}

interface Found {
  readonly drafts: readonly Draft[];
  readonly problems: readonly Problem[];
}

async function draftsOf(
  document: SourceDocument,
  source: SourceFile,
  env: NodeJS.ProcessEnv,
): Promise<Found> {
  const { value, locator } = document;
  const flavour = flavourOf(value);
  if (flavour !== null)
    return importMcpJson(document, flavour, { path: source.path, file: source.file, env });
  const problems: Problem[] = [];
  const refuse = recognise(value, (pointer, part, message, hints = {}) => {
    problems.push({ ...locator.at(pointer, part), message, ...hints });
  });
  if (refuse) return { drafts: [], problems };
  const folder = dirname(source.path);
  return { drafts: [{ raw: value, locator, file: source.file, folder, env, dialect: null }], problems: [] };
}

/** Reports a document that is something else altogether; answers whether it did. What is nearly ours goes on to the schema. */
function recognise(value: unknown, complain: Complain): boolean {
  const expected = `a manifest with apiVersion: ${API_VERSION} and kind: ${KIND}, or an mcp.json`;
  if (!isMapping(value)) {
    complain('', 'value', 'not a manifest', { expected, seen: describe(value) });
    return true;
  }
  const apiVersion = textAt(value, '/apiVersion');
  const kind = textAt(value, '/kind');
  if (kind === KIND || apiVersion?.startsWith('mcp-gate/') === true) return false;
  if (apiVersion !== null && kind !== null && /^(?:v\d|[a-z0-9.-]+\/v\d)/.test(apiVersion)) {
    complain('/kind', 'value', 'Kubernetes documents are not yet supported', {
      expected,
      seen: `${quote(apiVersion)}, kind ${quote(kind)}`,
      suggestion: 'write an mcp-gate manifest that starts the server with run.command',
    });
    return true;
  }
  const compose = isMapping(value['services']) || Object.hasOwn(value, 'image');
  const message = compose ? 'container descriptions are not yet supported' : 'not a manifest';
  const keys = Object.keys(value).slice(0, 5).map(quote).join(', ');
  complain('', 'value', message, {
    expected,
    seen: keys === '' ? 'an empty mapping' : `a mapping with ${keys}`,
  });
  return true;
}

function repeatedNames(drafts: readonly Draft[]): readonly Problem[] {
  const first = new Map<string, Draft>();
  const problems: Problem[] = [];
  for (const draft of drafts) {
    const name = textAt(draft.raw, '/metadata/name');
    if (name === null) continue;
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, draft);
      continue;
    }
    const at = other.locator.at('/metadata/name', 'key');
    problems.push({
      ...draft.locator.at('/metadata/name', 'value'),
      message: `the server name ${quote(name)} is used twice`,
      suggestion: `choose another; the first is at ${at.file}:${at.line}`,
    });
  }
  return problems;
}
