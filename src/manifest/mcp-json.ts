/** Imports `mcp.json`: each server entry becomes a document in native form that knows its lines in the imported file. */
import { basename, dirname, resolve } from 'node:path';
import { parseEnvFile } from './env-file.js';
import { explain } from './explain.js';
import { entrySchema, inputsSchema } from './mcp-json-schema.js';
import { type EditorContext, type Flavour, mcpJsonDialect } from './mcp-json-variables.js';
import { didYouMean } from './nearest.js';
import { fromPointer, lookUp, toPointer } from './pointer.js';
import { type Complain, describe, type Problem } from './problem.js';
import { isMapping, textAt, textsAt } from './raw.js';
import { API_VERSION, KIND } from './schema.js';
import type { Draft } from './server-plan.js';
import { readTextFile } from './source.js';
import { fillKnown } from './variables.js';
import type { Locator, SourceDocument } from './yaml-tree.js';

export interface Imported {
  readonly drafts: readonly Draft[];
  readonly problems: readonly Problem[];
}

/** Which client's file a document is, or null when it is none. */
export function flavourOf(value: unknown): Flavour | null {
  if (!isMapping(value) || Object.hasOwn(value, 'apiVersion')) return null;
  if (isMapping(value['mcpServers'])) return 'mcpServers';
  return isMapping(value['servers']) ? 'servers' : null;
}

/** Turns every entry into a draft. Entries a client has switched off are gated all the same: they are deployed with the rest. */
export async function importMcpJson(
  document: SourceDocument,
  flavour: Flavour,
  from: { readonly path: string; readonly file: string; readonly env: NodeJS.ProcessEnv },
): Promise<Imported> {
  const problems: Problem[] = [];
  const { value, locator } = document;
  const complain: Complain = (pointer, part, message, hints = {}) => {
    problems.push({ ...locator.at(pointer, part), message, ...hints });
  };
  checkTop(value, flavour, complain);
  const inputs = inputsOf(value, locator, complain);
  const workspace = workspaceOf(from.path);
  const entries = Object.keys(lookUp(value, `/${flavour}`) ?? {});
  if (entries.length === 0)
    complain(`/${flavour}`, 'key', `${flavour} is empty`, { expected: 'at least one server' });
  const drafts: Draft[] = [];
  for (const name of entries) {
    const at = toPointer([flavour, name]);
    const before = problems.length;
    const entry = lookUp(value, at);
    checkEntry(entry, at, value, locator, complain);
    if (problems.length > before) continue;
    const context = { flavour, workspace, env: from.env, inputs, envFile: new Map<string, string>() };
    const envFile = await readEnvFile(textAt(entry, '/envFile'), `${at}/envFile`, context, complain);
    if (envFile === null) continue;
    drafts.push({
      raw: nativeForm(name, entry, envFile),
      locator: entryLocator(locator, at),
      file: from.file,
      folder: workspace,
      env: from.env,
      dialect: mcpJsonDialect({ ...context, envFile }),
    });
  }
  return { drafts, problems };
}

/** What has no place of its own in the imported file is at the entry's name. */
function entryLocator(locator: Locator, entry: string): Locator {
  return {
    at(pointer, part) {
      const source = sourceOf(entry, pointer);
      return locator.at(source, source === entry ? 'key' : part);
    },
    label: (pointer) => locator.label(sourceOf(entry, pointer)),
  };
}

/** Editors keep the file in a folder of their own inside the workspace. */
function workspaceOf(path: string): string {
  const folder = dirname(path);
  return ['.vscode', '.cursor', '.claude', '.idea'].includes(basename(folder)) ? dirname(folder) : folder;
}

function checkTop(value: unknown, flavour: Flavour, complain: Complain): void {
  if (!isMapping(value)) return;
  if (Object.hasOwn(value, 'servers') && Object.hasOwn(value, 'mcpServers')) {
    complain('/servers', 'key', 'the file has both servers and mcpServers', { expected: 'one of them' });
  }
  // Claude Desktop keeps its other settings beside mcpServers; VS Code's file holds nothing else.
  if (flavour === 'mcpServers') return;
  const known = ['$schema', 'inputs', 'sandbox', 'servers'];
  for (const key of Object.keys(value)) {
    if (known.includes(key) || key === 'mcpServers') continue;
    complain(toPointer([key]), 'key', `unknown key ${key}`, {
      expected: `one of ${known.join(', ')}`,
      ...didYouMean(key, known),
    });
  }
}

function inputsOf(value: unknown, locator: Locator, complain: Complain): readonly string[] {
  const raw = lookUp(value, '/inputs');
  if (raw === undefined) return [];
  const parsed = inputsSchema.safeParse(raw);
  if (parsed.success) return parsed.data.map((input) => input.id);
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['inputs', ...issue.path] }));
  explain(inputsSchema, issues, value, (pointer) => locator.label(pointer), complain);
  return [];
}

function checkEntry(
  entry: unknown,
  at: string,
  document: unknown,
  locator: Locator,
  complain: Complain,
): void {
  const label = (pointer: string): string => locator.label(`${at}${pointer}`);
  const parsed = entrySchema.safeParse(entry);
  const below: Complain = (pointer, part, message, hints) =>
    complain(`${at}${pointer}`, part, message, hints);
  if (!parsed.success) {
    explain(entrySchema, parsed.error.issues, lookUp(document, at), label, below);
  }
  if (!isMapping(entry)) return;
  const expected = 'exactly one of command, url';
  const both = Object.hasOwn(entry, 'command') && Object.hasOwn(entry, 'url');
  if (both) below('/url', 'key', `${label('')} has both command and url`, { expected });
  const wantsUrl = Object.hasOwn(entry, 'type') && entry['type'] !== 'stdio';
  const missing = wantsUrl ? 'url' : 'command';
  const other = wantsUrl ? 'command' : 'url';
  if (both || Object.hasOwn(entry, missing)) {
    checkCompanions(entry, missing, below, label);
    return;
  }
  if (!Object.hasOwn(entry, other)) {
    below('', 'key', `${label('')} does not say what to run`, { expected });
    return;
  }
  if (!Object.hasOwn(entry, 'type')) {
    checkCompanions(entry, other, below, label);
    return;
  }
  below('/type', 'value', `${label('/type')} does not fit`, {
    expected: `${missing} with this type`,
    seen: describe(entry['type']),
  });
}

/** Fields that belong to the other way of running: ignoring them would gate something else than what is deployed. */
function checkCompanions(
  entry: Readonly<Record<string, unknown>>,
  kind: string,
  complain: Complain,
  label: (pointer: string) => string,
): void {
  const foreign = kind === 'url' ? ['args', 'env', 'envFile', 'cwd'] : ['headers'];
  const partner = kind === 'url' ? 'command' : 'url';
  for (const key of foreign.filter((name) => Object.hasOwn(entry, name))) {
    complain(`/${key}`, 'key', `${label(`/${key}`)} means nothing here`, {
      expected: `${key} only with ${partner}`,
    });
  }
}

async function readEnvFile(
  template: string | null,
  pointer: string,
  context: EditorContext,
  complain: Complain,
): Promise<ReadonlyMap<string, string> | null> {
  if (template === null) return context.envFile;
  const filled = fillKnown(template, mcpJsonDialect(context));
  for (const { message, hints } of filled.refusals) complain(pointer, 'value', message, hints);
  if (filled.refusals.length > 0) return null;
  const read = await readTextFile(resolve(context.workspace, filled.text));
  if ('text' in read) return parseEnvFile(read.text);
  complain(pointer, 'value', `the envFile ${read.message}`, {
    expected: 'a file, relative to the workspace',
    seen: describe(template),
  });
  return null;
}

/** The entry as somebody would have written it in native form; its variables stay as they are. */
function nativeForm(name: string, entry: unknown, envFile: ReadonlyMap<string, string>): unknown {
  const url = textAt(entry, '/url');
  const run = url === null ? commandForm(entry, envFile) : { url, ...optional(entry, 'headers') };
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name },
    spec: { run, transport: { type: url === null ? 'stdio' : transportOf(entry, url) } },
  };
}

function commandForm(entry: unknown, envFile: ReadonlyMap<string, string>): object {
  const args = textsAt(entry, '/args').map(([, text]) => text);
  const fromFile = [...envFile.keys()].map((name) => [name, `\${envFile:${name}}`] as const);
  const own = Object.entries(lookUp(entry, '/env') ?? {}).flatMap(([name, text]) =>
    text === null ? [] : [[name, String(text)] as const],
  );
  const env = Object.fromEntries([...fromFile, ...own]);
  return {
    command: [textAt(entry, '/command') ?? '', ...args],
    ...optional(entry, 'cwd'),
    ...(Object.keys(env).length === 0 ? {} : { env }),
  };
}

function optional(entry: unknown, key: string): object {
  const value = lookUp(entry, `/${key}`);
  return value === undefined ? {} : { [key]: value };
}

/** Clients that give no type try Streamable HTTP first; an address that ends in /sse says what it is. */
function transportOf(entry: unknown, url: string): 'streamable-http' | 'sse' {
  const type = textAt(entry, '/type');
  if (type !== null) return type === 'sse' ? 'sse' : 'streamable-http';
  return /\/sse\/?(?:[?#]|$)/.test(url) ? 'sse' : 'streamable-http';
}

/** Where a place of the native form stands in the imported file. */
function sourceOf(entry: string, pointer: string): string {
  const [top, section, field, ...rest] = fromPointer(pointer);
  if (top !== 'spec') return entry;
  if (section === 'transport') return `${entry}${field === 'path' ? '/url' : '/type'}`;
  if (section !== 'run' || field === undefined) return entry;
  if (field !== 'command') return `${entry}${toPointer([field, ...rest])}`;
  const [index] = rest;
  if (index === undefined || index === '0') return `${entry}/command`;
  return `${entry}/args/${Number(index) - 1}`;
}
