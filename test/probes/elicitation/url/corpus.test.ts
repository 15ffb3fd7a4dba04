/** Measures the analysis on what it is for: everyday URLs of well-known services, and the bad ones of every kind. */
import { describe, expect, it } from '@jest/globals';
import type { UrlFacts } from '../../../../src/facts/elicitationUrl.js';
import { urlFacts } from '../../../../src/facts/elicitationUrl.js';
import { analyseUrl } from '../../../../src/probes/elicitation/url/analyse.js';
import {
  CREDENTIALS,
  CREDENTIALS_HELD_OUT,
  INSECURE,
  PERSONAL,
  PERSONAL_HELD_OUT,
  REDIRECTS,
  REDIRECTS_HELD_OUT,
  REVIEWED,
  SUSPICIOUS,
  SUSPICIOUS_HELD_OUT,
} from '../corpus/urls-bad.js';
import { LEGITIMATE } from '../corpus/urls-legitimate.js';
import { foundIn } from './reading.js';

const ORIGINS = [...new Set(LEGITIMATE.map(({ reviewed }) => reviewed))];

/** One owner below the suffixes of several countries: `other-suffix` is true of them. */
const FAMILIES = /amazon/;

describe('the corpus of URLs', () => {
  it('has enough of each kind, and no URL twice', () => {
    const sizes = {
      legitimate: LEGITIMATE.length,
      suspicious: SUSPICIOUS.length,
      insecure: INSECURE.length,
      credentials: CREDENTIALS.length,
      personal: PERSONAL.length,
      redirects: REDIRECTS.length,
    };
    console.info(JSON.stringify(sizes));
    expect(Object.values(sizes).every((size) => size >= 60)).toBe(true);
    for (const list of [LEGITIMATE, SUSPICIOUS, INSECURE, CREDENTIALS, PERSONAL, REDIRECTS]) {
      const urls = list.map(({ url }) => url);
      expect(urls.filter((url, at) => urls.indexOf(url) !== at)).toEqual([]);
    }
  });

  it('gives facts that fit their schema', () => {
    const all = [LEGITIMATE, SUSPICIOUS, INSECURE, CREDENTIALS, PERSONAL, REDIRECTS].flat();
    for (const { url } of all) expect(urlFacts.parse(analyseUrl(url, REVIEWED))).toBeDefined();
  });

  it('finds nothing in legitimate URLs, whose origins are reviewed', () => {
    const wrong = LEGITIMATE.map(({ url, service }) => ({
      service,
      url,
      found: foundIn(analyseUrl(url, ORIGINS), ORIGINS),
    }));
    console.info(
      `legitimate, reviewed: ${wrong.filter(({ found }) => found.length > 0).length} of ${wrong.length} with a finding`,
    );
    expect(wrong.filter(({ found }) => found.length > 0)).toEqual([]);
  });

  it('takes each legitimate URL for the origin it is', () => {
    for (const { url, reviewed } of LEGITIMATE)
      expect({ url, near: analyseUrl(url, [reviewed]).near }).toEqual({
        url,
        near: [{ origin: reviewed, relation: 'same', distance: 0 }],
      });
  });

  it('takes no service for another: their origins are no lookalikes of each other', () => {
    const wrong = LEGITIMATE.flatMap(({ url, reviewed }) => {
      const { near } = analyseUrl(url, ORIGINS);
      return near
        .filter(({ relation }) => LOOKALIKE.has(relation))
        .filter(({ origin }) => !(FAMILIES.test(origin) && FAMILIES.test(reviewed)))
        .map(({ origin, relation }) => `${url} ${relation} ${origin}`);
    });
    console.info(`legitimate against all others: ${wrong.length} lookalikes`);
    expect(wrong).toEqual([]);
  });

  it('finds in each suspicious URL what makes it so', () => {
    const missed = SUSPICIOUS.filter((expected) => !isCaught(expected, analyseUrl(expected.url, REVIEWED)));
    console.info(`suspicious: ${SUSPICIOUS.length - missed.length} of ${SUSPICIOUS.length}`);
    expect(missed.map((each) => ({ ...each, facts: brief(analyseUrl(each.url, REVIEWED)) }))).toEqual([]);
    expect(
      SUSPICIOUS.filter(
        ({ url }) => !foundIn(analyseUrl(url, REVIEWED), REVIEWED).includes('suspicious-url'),
      ),
    ).toEqual([]);
  });

  it('reads the scheme of each insecure URL', () => {
    const missed = INSECURE.filter(({ url, scheme }) => {
      const facts = analyseUrl(url, REVIEWED);
      return facts.scheme !== scheme || !foundIn(facts, REVIEWED).includes('insecure-url');
    });
    console.info(`insecure: ${INSECURE.length - missed.length} of ${INSECURE.length}`);
    expect(missed).toEqual([]);
  });

  it('finds each credential where it stands, by its kind', () => {
    const missed = CREDENTIALS.filter(
      ({ url, kind, where }) =>
        !analyseUrl(url, REVIEWED).credentials.some((each) => each.kind === kind && each.where === where),
    );
    console.info(`credentials: ${CREDENTIALS.length - missed.length} of ${CREDENTIALS.length}`);
    expect(missed.map((each) => ({ ...each, found: analyseUrl(each.url, []).credentials }))).toEqual([]);
  });

  it('finds personal data where it stands, by its kind', () => {
    const missed = PERSONAL.filter(
      ({ url, kind, where }) =>
        !analyseUrl(url, REVIEWED).personalData.some((each) => each.kind === kind && each.where === where),
    );
    console.info(`personal data: ${PERSONAL.length - missed.length} of ${PERSONAL.length}`);
    expect(missed.map((each) => ({ ...each, found: analyseUrl(each.url, []).personalData }))).toEqual([]);
  });

  it('finds where each redirect leads', () => {
    const missed = REDIRECTS.filter(
      ({ url, where, origin }) =>
        !analyseUrl(url, REVIEWED).nestedUrls.some(
          (each) =>
            each.where === where &&
            each.origin === origin &&
            !each.sameSite &&
            !each.oauthRedirect &&
            !each.identifier,
        ),
    );
    console.info(`redirects: ${REDIRECTS.length - missed.length} of ${REDIRECTS.length}`);
    expect(missed.map((each) => ({ ...each, found: analyseUrl(each.url, []).nestedUrls }))).toEqual([]);
  });

  it.each([
    ['suspicious-url', SUSPICIOUS_HELD_OUT],
    ['credential-in-url', CREDENTIALS_HELD_OUT],
    ['personal-data-in-url', PERSONAL_HELD_OUT],
    ['redirect-in-url', REDIRECTS_HELD_OUT],
  ])('finds %s in bad URLs that were written before the analysis was run on them', (rule, urls) => {
    const missed = urls.filter((url) => !foundIn(analyseUrl(url, REVIEWED), REVIEWED).includes(rule));
    console.info(`${rule}, held out: ${urls.length - missed.length} of ${urls.length}`);
    expect(missed).toEqual([]);
  });
});

const LOOKALIKE = new Set<string>(['confusable', 'embedded', 'misspelt', 'other-suffix']);

function isCaught(expected: (typeof SUSPICIOUS)[number], facts: UrlFacts): boolean {
  const { near, disagree, flag, address, range } = expected;
  const checks = [
    near === undefined ||
      facts.near.some(({ relation, origin }) => relation === near[0] && origin === near[1]),
    disagree === undefined || facts.parsersDisagree.includes(disagree),
    flag === undefined || facts[flag],
    address === undefined || facts.address === address,
    range === undefined || facts.range === range,
  ];
  return checks.every((check) => check);
}

function brief(facts: UrlFacts): Partial<UrlFacts> {
  const { host, near, parsersDisagree, userInfo, address, range, confusable, mixedScripts, hidden } = facts;
  return { host, near, parsersDisagree, userInfo, address, range, confusable, mixedScripts, hidden };
}
