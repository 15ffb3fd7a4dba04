/** Finds the name of a reviewed origin inside the host of somebody else's: as labels, or in a label beside words that lend it weight. */
import type { Site } from './reading.js';
import { looseSkeleton, skeleton } from './skeleton.js';

/** Names so common that a host bearing one says nothing about whom it imitates. */
export const GENERIC = new Set(
  'account accounts admin api apis app apps auth authorize bank billing blog cdn chat checkout client cloud code community connect console consent core corp data demo dev developer developers device docs drive example files forms gateway global group help home hooks host hosted hosting identity info internet link live local localhost login mail main media mobile myaccount network news oauth office online open page pages partner partners pay payment payments platform portal preview prod public sandbox search secure security server service services shop signin site sites sso stage staging static status store support team test tools user users verify video web website work workspace'.split(
    ' ',
  ),
);

/** Words that are put beside a name to make it look like a page of its owner. */
const LURES =
  'verification officials customers official recovery accounts payments customer services security verified password helpdesk service confirm payment session support account connect billing recover invoice secured updates logins wallet centre update center portal access alerts verify client notice unlock secure signin signon https login cloud reset users oauth admin teams alert user auth care http apps bank team help mail sign dev api get sso ids pay inc www net org web ltd llc log com app the in hq io my co go id'.split(
    ' ',
  );

/** Below this a name stands in a label of its own by chance. */
const LABEL_FROM = 4;
/** Below this a name stands among other letters by chance. */
const INSIDE_FROM = 5;
/** The DNS allows no longer label. */
const MAX_LABEL = 63;

/** Services whose customers name the host after themselves: that an origin's name stands there says that its owner is a customer. */
const TENANCIES =
  /\.(?:okta|oktapreview|okta-emea|auth0|onelogin|zendesk|freshdesk|typeform|slack|salesforce|force|b2clogin|ciamlogin|onmicrosoft|sharepoint|service-now|workday|myworkday|bamboohr|pingidentity|pingone|jumpcloud|duosecurity|sentry|pagerduty|datadoghq|hubspot|zoom|webex|box|egnyte|monday|aha|gitbook|statuspage|readme|intercom|gitlab|snowflakecomputing|databricks|mongodb|elastic-cloud|grafana|sonarcloud|atlassian)\.(?:com|net|io|us|dev)$/;

/** How a text is looked at: as it is, for letters drawn alike, and at a glance. */
const LOOKS: readonly ((text: string) => string)[] = [(text) => text, skeleton, looseSkeleton];

/** Whether the host of `site` bears the name of `known`. Both belong to different registrable domains. */
export function namesIn(site: Site, known: Site): boolean {
  const looks = (known.name?.length ?? 0) < INSIDE_FROM ? LOOKS.slice(0, -1) : LOOKS;
  return looks.some((look) => hasLabels(site, known, look) || hasName(site, known, look));
}

/** The whole name with its dots, with hyphens or with nothing in their place, from the beginning of a label or a hyphen to the end of one or a hyphen. */
function hasLabels(site: Site, known: Site, look: (text: string) => string): boolean {
  const host = look(site.unicode);
  const names = [known.unicode, known.registrable ?? known.unicode].filter(
    (name) => name.length >= LABEL_FROM + 2,
  );
  return names.some((name) => {
    const dotted = look(name);
    if (!name.includes('.')) return bounded(host, dotted);
    return [dotted, dotted.replaceAll('.', '-'), dotted.replaceAll('.', '')].some((form) =>
      bounded(host, form),
    );
  });
}

function bounded(host: string, name: string): boolean {
  for (let at = host.indexOf(name); at >= 0; at = host.indexOf(name, at + 1)) {
    const before = host[at - 1] ?? '.';
    const after = host[at + name.length] ?? '.';
    if (/[.-]/.test(before) && /[.-]/.test(after)) return true;
  }
  return false;
}

/** The name alone: as a label, between hyphens, or in a label of which the rest is lures. */
function hasName(site: Site, known: Site, look: (text: string) => string): boolean {
  const { name } = known;
  // A tenant is called like its owner, who has the same name at other services.
  if (name === null || known.isTenant || site.name === name) return false;
  if (name.length < LABEL_FROM || GENERIC.has(name)) return false;
  const seen = look(name);
  const end = site.suffix === null ? undefined : -site.suffix.length - 1;
  const labels = site.unicode.slice(0, end).split('.', 32).map(look);
  return labels.some((label) => {
    if (label === seen) return !TENANCIES.test(site.unicode);
    if (label.split('-').includes(seen) || (seen.includes('-') && bounded(label, seen))) return true;
    return name.length >= INSIDE_FROM && label.includes(seen) && isLure(label.replace(seen, ''), look);
  });
}

/** Whether nothing is left but lures, digits and hyphens. */
function isLure(rest: string, look: (text: string) => string): boolean {
  const lures = new RegExp(`${LURES.map(look).join('|')}|\\d|-`, 'g');
  return rest.length <= MAX_LABEL && rest.replace(lures, '') === '';
}
