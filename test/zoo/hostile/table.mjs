/** The hostile servers: what each does, where, and whether any run of the gate may allow it. */

/** @typedef {{ id: string, transports: ('stdio' | 'streamable-http' | 'sse')[], neverAllow: boolean, why: string }} Hostile */

const EVERYWHERE = /** @type {Hostile['transports']} */ (['stdio', 'streamable-http', 'sse']);
const HTTP = /** @type {Hostile['transports']} */ (['streamable-http', 'sse']);
const STREAMABLE = /** @type {Hostile['transports']} */ (['streamable-http']);
const STDIO = /** @type {Hostile['transports']} */ (['stdio']);

/** @type {readonly Hostile[]} */
export const HOSTILE = [
  { id: 'silent', transports: EVERYWHERE, neverAllow: true, why: 'Takes every message and never answers.' },
  { id: 'never-listens', transports: HTTP, neverAllow: true, why: 'Runs, and opens no port.' },
  {
    id: 'exits-at-once',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Ends with code 3 and a last word on stderr.',
  },
  {
    id: 'crash-after-handshake',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers initialize, then dies on the next message.',
  },
  {
    id: 'endless-notifications',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers initialize; every other answer is notifications without end.',
  },
  {
    id: 'endless-requests',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers initialize; every other answer is requests of its own without end.',
  },
  {
    id: 'endless-comments',
    transports: HTTP,
    neverAllow: true,
    why: 'Answers with event-stream comments without end, which carry no message.',
  },
  { id: 'garbage', transports: EVERYWHERE, neverAllow: true, why: 'Answers with binary noise.' },
  {
    id: 'half-json',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers with the first half of a message.',
  },
  {
    id: 'oversized',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers with one message of a gigabyte.',
  },
  {
    id: 'oversized-string',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers initialize with a valid message whose server name has eight million characters.',
  },
  {
    id: 'gzip-bomb',
    transports: STREAMABLE,
    neverAllow: true,
    why: 'Answers with a small compressed body that becomes a gigabyte.',
  },
  {
    id: 'header-flood',
    transports: STREAMABLE,
    neverAllow: true,
    why: 'Answers with a megabyte of headers.',
  },
  {
    id: 'deep-json',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers with arrays nested a hundred thousand deep.',
  },
  {
    id: 'slow-drip',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Sends one character a second, so that no idle time-out is reached.',
  },
  { id: 'wrong-ids', transports: EVERYWHERE, neverAllow: true, why: 'Answers under ids nobody asked with.' },
  {
    id: 'string-ids',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Answers under the id as a string where it was a number.',
  },
  {
    id: 'answers-twice',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'Answers each request a second time, with an error.',
  },
  {
    id: 'answers-before',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'Answers requests that were not made yet: the ids are easy to guess.',
  },
  {
    id: 'redirects',
    transports: STREAMABLE,
    neverAllow: true,
    why: 'Redirects every request to a name outside, in circles.',
  },
  { id: 'html', transports: HTTP, neverAllow: true, why: 'Answers everything with a page and status 200.' },
  {
    id: 'locks-out',
    transports: STREAMABLE,
    neverAllow: true,
    why: 'Answers 429 with a Retry-After of an hour from the tenth request on.',
  },
  { id: 'many-tools', transports: EVERYWHERE, neverAllow: true, why: 'Lists 100,000 tools in one answer.' },
  {
    id: 'endless-cursor',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Lists tools page after page, each with a new cursor.',
  },
  {
    id: 'same-cursor',
    transports: EVERYWHERE,
    neverAllow: true,
    why: 'Lists tools with the same cursor for ever.',
  },
  {
    id: 'fork-and-flee',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'A grandchild in a session of its own ignores SIGTERM and outlives everything; each start leaves one.',
  },
  {
    id: 'unkillable',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'Ignores a closed stdin, SIGTERM, SIGINT and SIGHUP.',
  },
  {
    id: 'holds-streams',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'A child keeps stdout and stderr open after the server has gone.',
  },
  { id: 'stderr-flood', transports: EVERYWHERE, neverAllow: false, why: 'Writes to stderr without end.' },
  {
    id: 'stdout-flood',
    transports: STDIO,
    neverAllow: true,
    why: 'Writes lines that are no messages to stdout without end.',
  },
  {
    id: 'injection',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'Workflow commands, terminal escapes, Markdown, HTML, mentions and hidden characters in names, versions, tools, errors, stdout and stderr.',
  },
  {
    id: 'prototype',
    transports: EVERYWHERE,
    neverAllow: false,
    why: 'Names such as __proto__ and constructor as keys, tools and capabilities.',
  },
];
