/** What must hold between the fields of one manifest: the shape of each alone is the schema's business. */
import { checkArtifact } from './artifact.js';
import type { AuthorizationPlan } from './plan.js';
import { lookUp } from './pointer.js';
import { type Complain, describe, quote } from './problem.js';
import { has, isMapping, textAt, textsAt } from './raw.js';
import { splitTemplate } from './templates.js';
import { isReserved } from './variables.js';

type Provider = AuthorizationPlan['provider'];

/** The provider a manifest names, or the one its run and transport imply. */
export function providerOf(raw: unknown): Provider {
  const named = textAt(raw, '/spec/authorization/provider');
  if (named === 'embedded' || named === 'discovered' || named === 'tokens' || named === 'none') return named;
  if (textAt(raw, '/spec/transport/type') === 'stdio') return 'none';
  return has(raw, '/spec/run/url') ? 'discovered' : 'embedded';
}

/** Reports every contradiction. Reads fields one by one, so the document need not be valid. */
export function checkCoherence(raw: unknown, complain: Complain): void {
  checkRun(raw, complain);
  checkTransport(raw, complain);
  checkAuthorization(raw, complain);
  checkPassEnv(raw, complain);
  checkOrigins(raw, complain);
  checkHandles(raw, complain);
  checkArtifact(raw, complain);
}

function checkRun(raw: unknown, complain: Complain): void {
  const run = lookUp(raw, '/spec/run');
  if (!isMapping(run)) return;
  const expected = 'exactly one of command, url';
  const [first, second] = Object.keys(run).filter((key) => ['command', 'image', 'url'].includes(key));
  if (first === undefined) {
    complain('/spec/run', 'key', 'spec.run does not say what to run', { expected });
    return;
  }
  if (second !== undefined) {
    complain(`/spec/run/${second}`, 'key', `spec.run has both ${first} and ${second}`, { expected });
  }
  if (has(raw, '/spec/run/image')) {
    const suggestion = 'start it with run.command, or start it before the gate and give run.url';
    complain('/spec/run/image', 'key', 'spec.run.image is not yet supported', { suggestion });
  }
  if (second !== undefined) return;
  const foreign = first === 'command' ? ['headers', 'remote'] : first === 'url' ? ['cwd', 'env'] : [];
  for (const key of foreign.filter((name) => Object.hasOwn(run, name))) {
    const partner = first === 'command' ? 'url' : 'command';
    complain(`/spec/run/${key}`, 'key', `spec.run.${key} means nothing here`, {
      expected: `${key} only with ${partner}`,
    });
  }
}

function checkTransport(raw: unknown, complain: Complain): void {
  const stdio = textAt(raw, '/spec/transport/type') === 'stdio';
  const url = has(raw, '/spec/run/url');
  if (stdio && url) {
    complain('/spec/transport/type', 'value', 'stdio needs a process of its own', {
      expected: '"streamable-http" or "sse" with run.url',
      seen: '"stdio"',
    });
    return;
  }
  if (!stdio && !url) return;
  for (const key of ['path', 'host']) {
    if (!has(raw, `/spec/transport/${key}`)) continue;
    const seen = stdio ? 'transport stdio' : `run.url, which has its own ${key}`;
    complain(`/spec/transport/${key}`, 'key', `spec.transport.${key} means nothing here`, {
      expected: `${key} only with run.command over HTTP`,
      seen,
    });
  }
}

function checkAuthorization(raw: unknown, complain: Complain): void {
  const provider = providerOf(raw);
  const at = '/spec/authorization';
  if (textAt(raw, '/spec/transport/type') === 'stdio' && provider !== 'none') {
    complain(`${at}/provider`, 'value', 'there is no authorization on stdio', {
      expected: '"none"',
      seen: quote(provider),
    });
    return;
  }
  if (provider === 'embedded' && has(raw, '/spec/run/url')) {
    complain(`${at}/provider`, 'value', 'a server that already runs cannot learn the embedded issuer', {
      expected: '"discovered", "tokens" or "none" with run.url',
      seen: '"embedded"',
    });
  }
  if (provider === 'tokens' && !has(raw, `${at}/tokens`)) {
    complain(`${at}/provider`, 'key', 'spec.authorization.tokens is missing', {
      expected: 'the variables with the tokens of at least alice and bob',
    });
  }
  const homes = { tokens: ['tokens'], clients: ['discovered'], issuers: ['discovered', 'tokens'] };
  for (const [key, providers] of Object.entries(homes)) {
    if (isEmpty(lookUp(raw, `${at}/${key}`)) || providers.includes(provider)) continue;
    complain(`${at}/${key}`, 'key', `spec.authorization.${key} means nothing here`, {
      expected: `${key} only with provider ${providers.join(' or ')}`,
      seen: `provider ${provider}`,
    });
  }
}

/** An empty list says nothing that could be contradicted. */
function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function checkPassEnv(raw: unknown, complain: Complain): void {
  const seen = new Set<string>();
  for (const [index, name] of textsAt(raw, '/spec/run/passEnv')) {
    const pointer = `/spec/run/passEnv/${index}`;
    if (seen.has(name)) complain(pointer, 'value', `${name} is listed twice`, { suggestion: 'remove one' });
    seen.add(name);
    if (!isReserved(name)) continue;
    complain(pointer, 'value', `${quote(name)} belongs to the runner and is never passed on`, {
      expected:
        'no name of the runner (GITHUB_…, ACTIONS_…, INPUT_…, RUNNER_…) and no credential of the job (GH_TOKEN, NPM_TOKEN, …)',
      suggestion: 'give the value another name in the workflow and fill it in with env and ${env.NAME}',
    });
  }
}

function checkOrigins(raw: unknown, complain: Complain): void {
  const at = '/spec/declares/elicitationOrigins';
  for (const [index, origin] of textsAt(raw, at)) {
    const canonical = URL.canParse(origin) ? new URL(origin).origin : null;
    if (canonical === origin || !/^https?:\/\/[^\s/?#@]+$/.test(origin)) continue;
    const suggestion = canonical === null ? {} : { suggestion: `write "${canonical}"` };
    complain(`${at}/${index}`, 'value', 'not an origin as browsers write it', {
      expected: 'scheme, lower-case host, and a port unless it is the default',
      seen: describe(origin),
      ...suggestion,
    });
  }
}

function checkHandles(raw: unknown, complain: Complain): void {
  const handles = lookUp(raw, '/spec/handles');
  if (!Array.isArray(handles)) return;
  for (const index of handles.keys()) {
    const pointer = `/spec/handles/${index}/use`;
    const call = lookUp(raw, pointer);
    if (!isMapping(call) || mentionsHandle(call['arguments'])) continue;
    complain(pointer, 'key', 'the call that uses the handle does not take it', {
      expected: '"${handle}" somewhere in use.arguments',
    });
  }
}

function mentionsHandle(value: unknown): boolean {
  if (typeof value === 'string') {
    return splitTemplate(value).some((part) => part.kind === 'variable' && part.name === 'handle');
  }
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(mentionsHandle);
}
