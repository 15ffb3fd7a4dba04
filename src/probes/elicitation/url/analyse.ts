/** States everything the gate can tell about a URL from its text alone. Nothing here opens, resolves or fetches it. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { rangeOf, spellingOf } from './address.js';
import { credentialsOf } from './credentials.js';
import { disagreementsOf } from './disagreement.js';
import { hasHidden } from './hidden.js';
import { nearOf } from './likeness.js';
import { nestedUrlsOf } from './nested.js';
import { partsOf } from './parts.js';
import { personalDataOf } from './personal.js';
import { originOf, read } from './reading.js';
import { scriptsOf } from './scripts.js';
import { stateOf } from './state.js';

/** Units of text that are shown of a URL. */
const MAX_SHOWN = 4_000;
const MAX_NAME = 512;
/** Findings of one kind that are reported of one URL. */
const MAX_FOUND = 50;

/**
 * The facts about `text`, compared with `reviewed` origins (`https://host[:port]`, where the host may begin with whole
 * labels `*`; entries that are no URL are passed over). Never throws, and reads no more than the first 32768 units and
 * 400 parts: `complete` says whether that was all.
 */
export function analyseUrl(text: string, reviewed: readonly string[]): UrlFacts {
  const reading = read(text);
  const { url, site, written } = reading;
  const { all: parts, more } = partsOf(reading);
  return {
    text: text.slice(0, MAX_SHOWN),
    length: text.length,
    complete: !reading.cut && !more,
    valid: url !== null,
    scheme: reading.scheme?.slice(0, 64) ?? null,
    origin: url === null ? null : (originOf(url)?.slice(0, MAX_NAME) ?? null),
    host: site === null ? null : (url?.hostname.slice(0, MAX_NAME) ?? null),
    port: url === null || url.port === '' ? null : Number(url.port),
    registrableDomain: site?.registrableAscii?.slice(0, MAX_NAME) ?? null,
    parsersDisagree: disagreementsOf(reading),
    userInfo: url !== null && written?.userInfo != null,
    address: spellingOf(reading),
    range: rangeOf(reading),
    ...scriptsOf(site),
    unicodeHost: site?.unicode.slice(0, MAX_NAME) ?? null,
    near: nearOf(reading, reviewed),
    hidden: hasHidden(reading.text),
    credentials: credentialsOf(reading, parts).slice(0, MAX_FOUND),
    personalData: personalDataOf(parts).slice(0, MAX_FOUND),
    nestedUrls: nestedUrlsOf(reading, parts),
    stateParameters: stateOf(parts),
  };
}
