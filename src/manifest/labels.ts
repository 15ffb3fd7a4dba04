/** The labels that manifests of another commit give their servers: what chooses an environment must not come from the change under review. */
import { resolve } from 'node:path';
import { isMapping, textAt } from './raw.js';
import { readSource } from './source.js';

export interface Labelled {
  /** `metadata.name`; null where there is none. */
  readonly name: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The documents of native manifests by absolute path, in order. A manifest that is not there, or cannot be read, is not
 * in the map: then there is nothing that the change could be compared with.
 */
export async function readLabels(
  paths: readonly string[],
  cwd: string,
): Promise<ReadonlyMap<string, readonly Labelled[]>> {
  const found = new Map<string, readonly Labelled[]>();
  for (const path of paths) {
    const { documents } = await readSource(path, cwd);
    if (documents.length > 0)
      found.set(
        resolve(cwd, path),
        documents.map(({ value }) => labelledOf(value)),
      );
  }
  return found;
}

/** The document a server was described by before: the one of its name, else the one in its place. */
export function labelsBefore(
  before: readonly Labelled[],
  server: { readonly name: string; readonly index: number },
): Readonly<Record<string, string>> | null {
  const same = before.find(({ name }) => name === server.name) ?? before[server.index];
  return same?.labels ?? null;
}

function labelledOf(value: unknown): Labelled {
  const metadata = isMapping(value) ? value['metadata'] : undefined;
  const labels = isMapping(metadata) ? metadata['labels'] : undefined;
  const texts = isMapping(labels) ? Object.entries(labels) : [];
  return {
    name: textAt(value, '/metadata/name'),
    labels: Object.fromEntries(
      texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}
