/** Finds what tells who the user is. 2025-11-25 client/elicitation: no personal data in the URL. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { textInside } from './decoding.js';
import { hasCardNumber, hasIban, hasNationalId } from './numbers.js';
import { type Part, wordsOf } from './parts.js';

type Personal = UrlFacts['personalData'][number];
type Kind = Personal['kind'];

const EMAIL =
  /[\p{L}\p{N}][\p{L}\p{N}.!#$&'*+/=?^_`{|}~-]{0,63}@((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59}))(?![\p{L}\p{N}.-]*@)/gu;
/** Addresses of machines and of desks tell nothing about a user. */
const NOBODY =
  /^(?:no-?reply|do-?not-?reply|support|info|help|contact|security|abuse|postmaster|webmaster|privacy|legal|hello)@|\.gserviceaccount\.com$|^git@/i;

const PHONES = new Set(
  'phone phonenumber phoneno mobile mobilenumber mobilephone cell cellphone tel telephone telefon telefono telephonenumber msisdn whatsapp sms smsnumber fax handy'.split(
    ' ',
  ),
);
const NAMES = new Set(
  'fullname firstname lastname givenname familyname middlename surname forename displayname realname username loginname nickname customername patientname cardholder cardholdername vorname nachname nom prenom nombre apellido dob dateofbirth birthdate birthday birthdate bday geburtsdatum address streetaddress street addressline1 address1 homeaddress postaladdress gender nationality maidenname'.split(
    ' ',
  ),
);
const PEOPLE = new Set(
  'customer user employee patient member contact recipient billing shipping cardholder holder student guest client person payer payee owner sender'.split(
    ' ',
  ),
);
const NATIONAL_IDS = new Set(
  'ssn socialsecurity socialsecuritynumber nationalid nationalidnumber nino passport passportnumber passportno taxid taxidnumber taxnumber tin steuerid steuernummer personnummer personalnumber cpf dni nie nif aadhaar aadhar curp codicefiscale bsn pesel rrn mynumber driverslicense driverlicense licensenumber healthid nhsnumber medicare insurancenumber'.split(
    ' ',
  ),
);
const CARDS = new Set('card cardnumber cardno ccnumber creditcard creditcardnumber pan cc ccnum'.split(' '));
/** Numbers under these names count applications and requests. */
const IDENTIFIERS =
  /^(?:id|.*(?:ids?|uuid|guid)|state|nonce|ts|timestamp|time|iat|exp|expires|scope|v|version|code.*)$/;
/** A name in an authorization request is the one of the application. */
const OF_APPLICATIONS = new Set(['clientid', 'responsetype', 'key', 'oauthtoken', 'scope', 'scopes']);

/** Every part that tells who somebody is, each kind once for a part. */
export function personalDataOf(parts: readonly Part[]): Personal[] {
  const isAuthorization = parts.some(
    ({ name, where }) => where === 'query' && OF_APPLICATIONS.has(joined(name)),
  );
  return parts.flatMap((part): Personal[] => {
    const kinds = new Set([
      ...kindsByValue(part),
      ...kindsByName(part, isAuthorization ? 'application' : 'unknown'),
    ]);
    return [...kinds].map((kind) => ({ where: part.where, name: part.name?.slice(0, 64) ?? null, kind }));
  });
}

function kindsByValue(part: Part): Kind[] {
  const inside = textInside(part.value);
  const texts = [...part.forms, part.raw.replaceAll('+', ' '), ...(inside === null ? [] : [inside])];
  const key = joined(part.name);
  const kinds: Kind[] = [];
  if (texts.some(hasEmail)) kinds.push('email');
  if ([part.raw, ...part.forms].some((text) => isInternational(text))) kinds.push('phone');
  if (texts.some(hasIban)) kinds.push('iban');
  const numbered = part.isSegment || IDENTIFIERS.test(key) ? 'grouped' : 'any';
  if (texts.some((text) => hasCardNumber(text, CARDS.has(key) ? 'any' : numbered))) kinds.push('card');
  if (texts.some(hasNationalId)) kinds.push('national-id');
  return kinds;
}

function kindsByName({ name, where, isSegment, value, forms }: Part, of: 'application' | 'unknown'): Kind[] {
  if (name === null || value.length < 2 || /^(?:true|false|yes|no|none|null|required|optional)$/i.test(value))
    return [];
  if (where === 'userinfo') return [];
  const words = wordsOf(name);
  const key = words.join('');
  const ending = words.slice(-2).join('');
  const last = words.at(-1) ?? '';
  const digits = value.replace(/\D/g, '').length;
  const isCalled = (names: ReadonlySet<string>): boolean =>
    names.has(key) ||
    names.has(ending) ||
    (words.length > 1 &&
      names.has(last) &&
      last !== 'address' &&
      last !== 'street' &&
      last !== 'card' &&
      last !== 'cc');
  if (isCalled(PHONES) && digits >= 6 && /^[\d\s()+./-]+(?:(?:x|ext)\.?\d+)?$/i.test(forms.at(-1) ?? value))
    return ['phone'];
  if (isCalled(NATIONAL_IDS) && /^[\p{L}\d .\-/]{5,32}$/u.test(value) && digits >= 3) return ['national-id'];
  if (isSegment) return [];
  if (NAMES.has(key) || NAMES.has(ending)) return ['name-key'];
  if (last === 'name' && PEOPLE.has(words.at(-2) ?? '')) return ['name-key'];
  if (key === 'login' && /^[\p{L}\d._-]{2,}$/u.test(value)) return ['name-key'];
  return of === 'unknown' && key === 'name' && isPersonName(value) ? ['name-key'] : [];
}

/** Two to four capitalised words. A product can be called so too, but it has no reason to stand under a bare `name` here. */
function isPersonName(value: string): boolean {
  return /^\p{Lu}[\p{L}'’-]+(?: (?:\p{Lu}\p{Ll}[\p{L}'’-]*|\p{Lu}\.)){1,3}$/u.test(value);
}

function hasEmail(text: string): boolean {
  for (const [address] of text.matchAll(EMAIL)) if (!NOBODY.test(address)) return true;
  return false;
}

/** E.164: a plus and eight to fifteen digits, alone. */
function isInternational(text: string): boolean {
  const plain = text.replace(/^tel:/i, '');
  if (!/^(?:\+|%2B)[\d\s().-]{8,24}$/i.test(plain)) return false;
  const digits = plain.replace(/^%2B/i, '').replace(/\D/g, '').length;
  return digits >= 8 && digits <= 15;
}

function joined(name: string | null): string {
  return name === null ? '' : wordsOf(name).join('');
}
