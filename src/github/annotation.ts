/** Annotations as the API takes them: GitHub refuses a whole request for one that is too long. */
import type { Annotation } from '../report/annotations.js';
import type { Client } from './client.js';

type Update = NonNullable<Parameters<Client['rest']['checks']['update']>[0]>;
type Output = NonNullable<Update['output']>;
type ApiAnnotation = NonNullable<Output['annotations']>[number];

/** Annotations that GitHub takes in one request. Source: REST API, "Update a check run". */
export const ANNOTATIONS_PER_REQUEST = 50;
/** Source: REST API, "Update a check run": "The maximum size is 255 characters." */
export const TITLE_CHARACTERS = 255;
/** Below the 64 KB of a message. Source: as above. */
const MESSAGE_BYTES = 60_000;

/** Where GitHub itself puts annotations that are about no file. */
const NO_FILE = '.github';

const LEVELS = { error: 'failure', warning: 'warning', notice: 'notice' } as const;

/** At least one batch, which may be empty: the last one concludes. */
export function batchesOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  const number = Math.max(1, Math.ceil(all.length / ANNOTATIONS_PER_REQUEST));
  return Array.from({ length: number }, (_, index) =>
    all.slice(index * ANNOTATIONS_PER_REQUEST, (index + 1) * ANNOTATIONS_PER_REQUEST),
  );
}

/** The text of `one` is escaped already; here it is only cut. */
export function apiAnnotation(one: Annotation): ApiAnnotation {
  return {
    path: one.file === '' ? NO_FILE : one.file,
    start_line: one.startLine,
    end_line: one.startLine,
    start_column: one.startColumn,
    end_column: one.startColumn,
    annotation_level: LEVELS[one.level],
    title: withinCharacters(one.title, TITLE_CHARACTERS),
    message: one.message === '' ? one.title : withinBytes(one.message, MESSAGE_BYTES),
  };
}

/** Never inside a surrogate pair: half of one is no JSON to GitHub. */
function withinCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/u, '')}…`;
}

function withinBytes(text: string, limit: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.byteLength <= limit) return text;
  // `stream` holds back a character that is cut in two.
  return `${new TextDecoder().decode(bytes.subarray(0, limit), { stream: true })}…`;
}
