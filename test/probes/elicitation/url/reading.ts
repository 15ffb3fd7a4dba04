/** How the policy is meant to read the facts about a URL, for measuring them: the rules themselves are Rego's. */
import type { UrlFacts } from '../../../../src/facts/elicitationUrl.js';

const OWN = new Set<string>(['same', 'same-host-other-scheme-or-port', 'subdomain', 'parent', 'same-site']);
const LOOKALIKE = new Set<string>(['confusable', 'embedded', 'misspelt', 'other-suffix']);

/** Rules that would speak, the allow list being `allowed`. */
export function foundIn(facts: UrlFacts, allowed: readonly string[]): string[] {
  const rules: [string, boolean][] = [
    ['suspicious-url', isSuspicious(facts, allowed)],
    ['insecure-url', !facts.valid || facts.scheme !== 'https'],
    ['credential-in-url', facts.credentials.length > 0],
    ['personal-data-in-url', facts.personalData.length > 0],
    [
      'redirect-in-url',
      facts.nestedUrls.some(
        ({ sameSite, oauthRedirect, identifier }) => !sameSite && !oauthRedirect && !identifier,
      ),
    ],
    ['url-not-allowed', facts.origin === null || !allowed.includes(facts.origin)],
  ];
  return rules.filter(([, speaks]) => speaks).map(([rule]) => rule);
}

function isSuspicious(facts: UrlFacts, allowed: readonly string[]): boolean {
  const isKnown = facts.near.some(({ relation, origin }) => OWN.has(relation) && allowed.includes(origin));
  const isLookalike = facts.near.some(({ relation }) => LOOKALIKE.has(relation));
  // Tenants of one service that imitate each other are of one site, and confusable all the same.
  const imitatesTenant =
    facts.near[0]?.relation !== 'same' && facts.near.some(({ relation }) => relation === 'confusable');
  return (
    !facts.complete ||
    facts.parsersDisagree.length > 0 ||
    facts.userInfo ||
    facts.hidden ||
    facts.confusable ||
    facts.mixedScripts ||
    facts.address !== null ||
    ['metadata', 'link-local', 'reflected'].includes(facts.range ?? '') ||
    (isLookalike && !isKnown) ||
    imitatesTenant
  );
}
