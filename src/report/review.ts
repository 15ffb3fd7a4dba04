/** What a change under review adds to the servers of the base, or leaves out: said once here, shown by every output. */
import { cap } from './escape.js';
import { count, LIMITS } from './phrases.js';
import type { Report, ServerReport } from './report.js';

/** Raw text, its names shortened: escape it for the output at hand. */
export interface ReviewNote {
  readonly title: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** Names in one line. */
const NAMES = 10;

/** New servers first; a manifest that is new as a whole has one note for all of them. */
export function reviewNotes({ servers, policy: { review } }: Report): ReviewNote[] {
  if (review === null) return [];
  const byManifest = new Map<string, ServerReport[]>();
  for (const server of servers)
    byManifest.set(server.manifest, [...(byManifest.get(server.manifest) ?? []), server]);
  const added = new Map(review.added.map((one) => [one.server, one]));
  const lost = new Set(review.removed.map(({ manifest }) => manifest));
  const notes = [...byManifest].flatMap(([manifest, all]) => {
    const own = all.every(({ name }) => added.get(name)?.environment === 'own');
    if (all.length > 1 && own && !lost.has(manifest)) return [wholeNote(manifest, all)];
    return all.flatMap((server) => {
      const one = added.get(server.name);
      return one === undefined ? [] : [addedNote(server, one)];
    });
  });
  return [...notes, ...review.removed.map(removedNote)];
}

type Added = NonNullable<Report['policy']['review']>['added'][number];

function addedNote(server: ServerReport, { line, environment }: Added): ReviewNote {
  return {
    title: `${short(server.name)} is new against the base`,
    text: `${environment === 'own' ? ownWords(server) : keptWords(server)} ${NAME_WORDS}`,
    file: server.manifest,
    line,
  };
}

const NAME_WORDS = 'What waivers and allow lists say of its name holds for it.';

function ownWords({ environment }: ServerReport): string {
  if (environment === null) return 'Its name and labels are of its own choice: reviewers, look at them.';
  const effect = environment.applied ? 'chooses what it is judged by' : 'is unknown to the policy data';
  return `Its environment label ${short(environment.name)} is the change's own and ${effect}: reviewers, look at it.`;
}

function keptWords({ environment }: ServerReport): string {
  const which = environment === null ? 'none' : short(environment.name);
  return `It keeps the environment of the server in whose place it is (${which}).`;
}

function wholeNote(manifest: string, servers: readonly ServerReport[]): ReviewNote {
  const named = [...new Set(servers.flatMap(({ environment }) => environment?.name ?? []))];
  const labels = named.length === 0 ? '' : ` The environments they choose: ${listed(named)}.`;
  return {
    title: `The ${count(servers.length, 'server')} of ${short(manifest)} are new against the base`,
    text: `Their names and environment labels are the change's own: reviewers, look at them.${labels} They are ${listed(servers.map(({ name }) => name))}.`,
    file: manifest,
    line: 1,
  };
}

function removedNote({
  server,
  manifest,
}: NonNullable<Report['policy']['review']>['removed'][number]): ReviewNote {
  return {
    title: `${short(server)} was not judged`,
    text: `It is gone from ${short(manifest)}, where the base has it.`,
    file: manifest,
    line: 1,
  };
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMES;
  return `${names.slice(0, NAMES).map(short).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whatever a name is, what is said of it has room. */
function short(name: string): string {
  return cap(name, LIMITS.name);
}
