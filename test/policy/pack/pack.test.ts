import { describe, expect, it } from '@jest/globals';
import type { Tested } from '../../../src/policy/compiler/contract.js';
import { compile } from '../../../src/policy/pack/compile.js';
import { inputSchema } from '../../../src/policy/pack/input-schema.js';
import { builtinData, builtinPack, compiler, faultlessFacts, rego } from '../kit.js';

/** Section 1 of the probe catalogue. */
const PROTOCOL = [
  'below-minimum',
  'below-preferred',
  'accepts-below-minimum',
  'echoes-unknown-version',
  'invalid-negotiation',
  'unstable-negotiation',
  'header-not-enforced',
  'discover-inconsistent',
  'modern-errors',
  'claim-drift',
  'cloaking',
];

/** Section 6. */
const TRANSPORT = [
  'deprecated-http-sse',
  'origin-not-validated',
  'host-not-validated',
  'dns-rebinding',
  'cross-site-post',
  'permissive-cors',
  'listens-on-all-interfaces',
  'stdout-noise',
  'does-not-exit',
  'leaves-processes',
  'crashes',
];

/** Section 2; the last one is ours: a refused refresh is a fact worth knowing, and no fault. */
const SESSION = [
  'unauthenticated',
  'other-principal-accepted',
  'other-client-accepted',
  'refreshed-other-principal-accepted',
  'rebinds-to-other-principal',
  'cross-client-leak',
  'stream-hijack',
  'response-spoofing',
  'event-injection',
  'fixation',
  'unknown-id-accepted',
  'survives-termination',
  'weak-id',
  'confirmation-not-enforced',
  'handle-not-bound',
  'request-state-not-bound',
  'request-state-tampering',
  'request-state-expiry',
  'private-data-cached-public',
  'refresh-refused',
];

/** What was not tested, outside the area that is about nothing else. */
const UNDECIDING = ['authorization/scopes-untested', 'elicitation/not-exercised'];

/** Section 3. The last is ours: that nobody knows must not pass for allowed. */
const AUTHORIZATION = [
  'none-required',
  'unprotected-route',
  'no-resource-metadata',
  'metadata-mismatch',
  'wrong-audience-accepted',
  'invalid-token-accepted',
  'token-in-query',
  'no-scope-challenge',
  'scopes-untested',
];

/** Section 4; two are ours: a declared origin is no strange one, and text can be hidden in forms too. */
const ELICITATION = [
  'url-not-allowed',
  'needs-review',
  'insecure-url',
  'suspicious-url',
  'credential-in-url',
  'personal-data-in-url',
  'redirect-in-url',
  'expected-origin-mismatch',
  'nonstandard-shape',
  'mode-not-declared',
  'secret-in-form',
  'link-in-form',
  'illegal-form-schema',
  'hidden-text',
  'ignores-refusal',
  'unvalidated-answer',
  'asks-without-end',
  'not-bound-to-user',
  'not-exercised',
];

/** Section 5. */
const TASKS = [
  'other-principal-access',
  'list-leaks',
  'list-without-authorization',
  'weak-id',
  'unbounded-retention',
  'illegal-transition',
  'ttl-not-honoured',
  'missing-related-task',
  'undeclared-task',
  'advertised',
];

/** "Could not test" is a result of its own. */
const GATE = ['candidate-not-started', 'probe-inconclusive', 'probe-missing', 'probe-failed'];

/** What the judge itself finds about waivers: no rules of Rego, and no words of the specification about them. */
const WAIVERS = ['ending', 'expired', 'invalid', 'unused'].map((slug) => `gate/waiver-${slug}`);

const IN_REGO = [
  ...GATE.map((slug) => `gate/${slug}`),
  ...PROTOCOL.map((slug) => `protocol/${slug}`),
  ...SESSION.map((slug) => `session/${slug}`),
  ...AUTHORIZATION.map((slug) => `authorization/${slug}`),
  ...ELICITATION.map((slug) => `elicitation/${slug}`),
  ...TASKS.map((slug) => `tasks/${slug}`),
  ...TRANSPORT.map((slug) => `transport/${slug}`),
].sort();

const CATALOGUE = [...IN_REGO, ...WAIVERS].sort();

let run: Promise<Tested> | null = null;

function tested(): Promise<Tested> {
  run ??= runTests();
  return run;
}

async function runTests(): Promise<Tested> {
  const schemas = { facts: inputSchema() };
  const outcome = await compiler.test({ modules: rego, data: builtinData, schemas, input: 'facts' });
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

describe('the built-in pack', () => {
  it('has a rule for every slug of the catalogue, and no other', async () => {
    const { compiled } = await builtinPack();
    expect(compiled.catalogue.rules.map((rule) => rule.id)).toEqual(CATALOGUE);
  });

  it('says of every rule what it means, how bad it is, what to do and where it is written', async () => {
    const { compiled } = await builtinPack();
    const poor = compiled.catalogue.rules.filter(
      ({ id, title, description, remediation, references }) =>
        title.length < 10 ||
        description.length < 40 ||
        remediation.startsWith('Ask') ||
        (references.length === 0 && !WAIVERS.includes(id)),
    );
    expect(poor).toEqual([]);
  });

  it('refers to published revisions of the specification by section', async () => {
    const { compiled } = await builtinPack();
    const elsewhere = compiled.catalogue.rules
      .flatMap((rule) => rule.references)
      .filter(
        (url) => !/^https:\/\/modelcontextprotocol\.io\/specification\/20\d\d-\d\d-\d\d\/\S+$/.test(url),
      );
    expect(elsewhere).toEqual(['https://fetch.spec.whatwg.org/#cors-protocol-and-credentials']);
  });

  it('undecides by what was not tested, and by nothing else', async () => {
    const { compiled } = await builtinPack();
    const undeciding = compiled.catalogue.rules.filter((rule) => rule.undecides).map((rule) => rule.id);
    const untested = (id: string): boolean => id.startsWith('gate/') || UNDECIDING.includes(id);
    expect(undeciding).toEqual(IN_REGO.filter(untested));
  });

  it('asks OPA only for what its own WASM gets wrong in odd cases, such as numbers beyond 32 bits', async () => {
    const { compiled } = await builtinPack();
    const asked = compiled.builtins.filter((builtin) => builtin.answeredBy !== 'native');
    expect(asked.map(({ name }) => name)).toEqual(['format_int', 'json.marshal', 'regex.match']);
  });

  it('is formatted', async () => {
    const outcome = await compiler.format(rego);
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    const changed = Object.entries(outcome.value.modules).filter(([, module]) => module.changed);
    expect(changed.map(([name]) => name)).toEqual([]);
  });

  it('compiles to the same bytes from the same sources', async () => {
    const { compiled, modules } = await builtinPack();
    const again = await compile(modules, compiler);
    expect(Buffer.from(again.wasm).equals(Buffer.from(compiled.wasm))).toBe(true);
  });
});

describe('the Rego tests', () => {
  it('pass', async () => {
    const { tests } = await tested();
    expect(tests.filter((test) => test.outcome !== 'pass')).toEqual([]);
    expect(tests.length).toBeGreaterThan(IN_REGO.length * 2);
  });

  it('prove of every rule that it fires and that it is silent', async () => {
    const { tests } = await tested();
    const names = tests.map((test) => `${test.package.replace(/^data\.mcp\./, '')}.${test.name}`);
    const unproven = IN_REGO.filter((id) => {
      const stem = id.replace('/', '_test.test_').replaceAll('-', '_');
      const fires = names.some((name) => new RegExp(`^${stem}_(denies|warns|notices)`).test(name));
      return !fires || !names.some((name) => name.startsWith(`${stem}_is_silent`));
    });
    expect(unproven).toEqual([]);
  });

  it('reach every expression of the pack', async () => {
    const { coverage } = await tested();
    const uncovered = Object.entries(coverage.files).filter(([, file]) => file.uncovered.length > 0);
    expect(uncovered).toEqual([]);
  });

  it('start from facts that the probes could have given', async () => {
    const facts = await faultlessFacts();
    expect(facts.gate.probes).toEqual(['protocol', 'transport']);
  });
});
