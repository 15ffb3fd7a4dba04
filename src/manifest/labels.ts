/**
 * What manifests of another commit say of their servers: the labels that choose an environment must not come from the
 * change under review, and what it adds or leaves out must not go unseen.
 */
import { resolve } from 'node:path';
import { flavourOf } from './mcp-json.js';
import { lookUp } from './pointer.js';
import { isMapping, textAt } from './raw.js';
import { readSource } from './source.js';

export interface Labelled {
  /** `metadata.name`; null where there is none. */
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** The servers of manifests by absolute path, each in the order of its file. */
export type Before = ReadonlyMap<string, readonly Labelled[]>;

/** A server of the change, with the absolute path of its manifest. */
export interface Placed {
  readonly name: string;
  readonly path: string;
}

/**
 * The servers of manifests, native or `mcp.json`. A manifest that is not there, or cannot be read, is not in the map: then
 * there is nothing that the change could be compared with.
 */
export async function readLabels(paths: readonly string[], cwd: string): Promise<Before> {
  const found = new Map<string, readonly Labelled[]>();
  for (const path of paths) {
    const { documents } = await readSource(path, cwd);
    if (documents.length > 0)
      found.set(
        resolve(cwd, path),
        documents.flatMap(({ value }) => labelledOf(value)),
      );
  }
  return found;
}

/**
 * The labels that a server had before, by its name, be it in another of these manifests; else, because a new name must not
 * shed an environment, those of the server in its place, if that is gone. Null for a server that is new.
 * @param servers of the change, in the order of their files
 */
export function labelsBefore(
  before: Before,
  { name, path }: Placed,
  servers: readonly Placed[],
): Labelled['labels'] | null {
  const there = before.get(path) ?? [];
  const same = [...there, ...[...before.values()].flat()].find((one) => one.name === name);
  if (same !== undefined) return same.labels;
  const index = servers.filter((one) => one.path === path).findIndex((one) => one.name === name);
  const inPlace = there[index];
  if (inPlace === undefined || servers.some((one) => one.name === inPlace.name)) return null;
  return inPlace.labels;
}

/** By name, in the order of their files: the servers that are new in the change, and those that it no longer has. */
export function compareServers(
  before: Before,
  servers: readonly Placed[],
): { readonly added: readonly string[]; readonly removed: readonly Placed[] } {
  const old = [...before].flatMap(([path, all]) =>
    all.flatMap(({ name }) => (name === null ? [] : [{ name, path }])),
  );
  const oldNames = new Set(old.map(({ name }) => name));
  const names = new Set(servers.map(({ name }) => name));
  const removed = new Map(old.filter(({ name }) => !names.has(name)).map((one) => [one.name, one]));
  return { added: [...names].filter((name) => !oldNames.has(name)), removed: [...removed.values()] };
}

function labelledOf(value: unknown): Labelled[] {
  const flavour = flavourOf(value);
  if (flavour !== null)
    return Object.keys(lookUp(value, `/${flavour}`) ?? {}).map((name) => ({ name, labels: {} }));
  const metadata = isMapping(value) ? value['metadata'] : undefined;
  const labels = isMapping(metadata) ? metadata['labels'] : undefined;
  const texts = isMapping(labels) ? Object.entries(labels) : [];
  return [
    {
      name: textAt(value, '/metadata/name'),
      labels: Object.fromEntries(
        texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ),
    },
  ];
}
