/** Finds what would let in whoever holds the URL. 2025-11-25 client/elicitation: no credentials, and no pre-authenticated URL. */
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { textInside } from './decoding.js';
import { holdsJwt, holdsKnownFormat } from './formats.js';
import { type Part, wordsOf } from './parts.js';
import { looksRandom } from './randomness.js';
import type { Reading } from './reading.js';
import { isKnownCapability, isKnownPublic } from './services.js';

type Credential = UrlFacts['credentials'][number];
type Kind = Credential['kind'];

/** Parameters that standards put into the front channel, random as they are: they identify a request, and open nothing by themselves. */
const FRONT_CHANNEL = new Set([
  'state', // RFC 6749
  'relaystate', // SAML
  'nonce', // OpenID Connect
  'clientid',
  'codechallenge', // RFC 7636
  'codechallengemethod',
  'requesturi', // RFC 9126
  'request', // RFC 9101: signed by the client, for the server
  'samlrequest',
  'dpopjkt', // RFC 9449
  'usercode', // RFC 8628
  'elicitationid',
  'responsetype',
  'granttype',
  'scope',
]);

const PASSWORDS = new Set([
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'pass',
  'passwort',
  'motdepasse',
  'contrasena',
  'contraseña',
  'senha',
  'pin',
  'pw',
  'userpass',
]);

/** Names that only credentials have, whatever their value looks like. */
const SECRETS = new Set(
  'accesstoken refreshtoken idtoken idtokenhint authtoken apitoken apikey apisecret appsecret clientsecret consumersecret secret secretkey sharedsecret privatekey accesskey accesskeyid awsaccesskeyid secretaccesskey bearer bearertoken authorization credential credentials xamzcredential xamzsecuritytoken jwt token ott otp onetimecode onetimepassword magic magiclink magiclinktoken samlresponse samlart assertion clientassertion logintoken oobcode zak subjecttoken devicecode authcode authorizationcode authkey authenticationkey masterkey encryptionkey connectionstring cookie sessioncookie'.split(
    ' ',
  ),
);

/** Last words of such names, and the words before them that make them something else: a page, a counter, a type. */
const SECRET_ENDINGS = new Set(['token', 'secret', 'apikey', 'jwt']);
const HARMLESS_BEFORE = new Set([
  'csrf',
  'xsrf',
  'authenticity',
  'antiforgery',
  'page',
  'next',
  'previous',
  'prev',
  'continuation',
  'sync',
  'cursor',
  'type',
  'no',
  'has',
  'with',
]);

/** Names that credentials share with other things: only a random value decides. */
const SHARED = new Set(
  'key access session sessionid sessionkey sid sess jsessionid phpsessid aspsessionid connectsid auth code ticket invite invitation invitecode invitationcode verificationcode confirmationcode activationcode resetcode logincode activation confirmation reset grant voucher cred creds signedrequest hash login autologin link'.split(
    ' ',
  ),
);

/** Segments before a random one which make the path a key: it resets, confirms or signs in without asking who it is. */
const DOORS = new Set(
  'token tokens reset resetpassword passwordreset resetpwd newpassword setpassword forgotpassword recover recovery magic magiclink magiclogin invite invites invitation invitations sharedinvite activate activation autologin loginlink loginwith onetimelogin otl sso impersonate session sessions apikey accesstoken verifyemail confirmemail emailverification emailconfirm emailconfirmation acceptinvite acceptinvitation join signinlink'.split(
    ' ',
  ),
);

/** Segments after which a session is one of paying or checking out, not of a user who is signed in. */
const SHOPS = /(?:^|\/)(?:checkout|pay|payment|payments|c)\//;

/** Every part that is a credential, by name or by form; `known-format` and `jwt` wherever they stand. */
export function credentialsOf(reading: Reading, parts: readonly Part[]): Credential[] {
  const names = new Set(parts.filter(({ where }) => where === 'query').map(({ name }) => joined(name)));
  const found = parts.flatMap((part): Credential[] => {
    const kind = isKnownPublic(reading, part) ? null : kindOf(reading, part, names);
    return kind === null ? [] : [{ where: part.where, name: part.name?.slice(0, 64) ?? null, kind }];
  });
  if (!isKnownCapability(reading) || found.some(({ where }) => where === 'path')) return found;
  return [...found, { where: 'path', name: null, kind: 'known-format' }];
}

function kindOf(reading: Reading, part: Part, names: ReadonlySet<string>): Kind | null {
  const { where, name, forms } = part;
  const inside = textInside(part.value);
  const texts = inside === null ? [part.raw, ...forms] : [part.raw, ...forms, inside];
  if (texts.some(holdsKnownFormat)) return 'known-format';
  const key = joined(name);
  if (FRONT_CHANNEL.has(key) && !part.isSegment) return null;
  if (forms.some(holdsJwt)) return 'jwt';
  if (where === 'userinfo') return name === 'password' ? 'password' : randomKind(part.value);
  if (part.isSegment) return doorKind(reading, key, part);
  return namedKind(part, names);
}

/** `kind` of a parameter by its name. */
function namedKind({ name, value }: Part, names: ReadonlySet<string>): Kind | null {
  if (name === null) return null;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const key = words.join('');
  if (isTrivial(value)) return null;
  if (PASSWORDS.has(key) || (last !== 'pin' && last !== 'pass' && PASSWORDS.has(last))) return 'password';
  if (SECRETS.has(key) || SECRET_ENDINGS.has(last) || endsWithSecret(words)) {
    if (HARMLESS_BEFORE.has(words.at(-2) ?? '')) return null;
    return looksRandom(value) ? 'token-like' : value.length < 4 ? null : 'secret-key-name';
  }
  if (isPresigned(key, names)) return randomKind(value);
  return SHARED.has(key) || last === 'ticket' || last === 'invitation' ? randomKind(value) : null;
}

/** `api_key`, `customer_api_key`, `xApiKey`, `access_key`. */
function endsWithSecret(words: readonly string[]): boolean {
  const ending = words.slice(-2).join('');
  return ['apikey', 'secretkey', 'privatekey', 'accesskey', 'apisecret'].includes(ending);
}

/**
 * A signature that opens the URL by itself, as storage services presign theirs. A signature alone protects what it
 * signs, such as the state, and opens nothing.
 */
function isPresigned(key: string, names: ReadonlySet<string>): boolean {
  if (key === 'xamzsignature' || key === 'xgoogsignature' || key === 'xosssignature') return true;
  if (key === 'sig') return names.has('sv') && (names.has('se') || names.has('si'));
  return key === 'signature' && (names.has('expires') || names.has('keypairid'));
}

function doorKind({ url }: Reading, before: string, { value, forms }: Part): Kind | null {
  if (!DOORS.has(before)) return null;
  if (before.startsWith('session') && SHOPS.test(url?.pathname ?? '')) return null;
  return forms.some(looksRandom) || isLongCode(value) ? 'token-like' : null;
}

function randomKind(value: string): Kind | null {
  return looksRandom(value) ? 'token-like' : null;
}

/** Random enough behind a door, though too short to be seen as random elsewhere. */
function isLongCode(value: string): boolean {
  return /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{12,}$/.test(value) && !/^[a-z]+(?:-[a-z0-9]+)+$/.test(value);
}

function isTrivial(value: string): boolean {
  return /^(?:|true|false|yes|no|on|off|\d|none|null|undefined|required|optional|offline|online|code|token|reset|change|login|new)$/i.test(
    value,
  );
}

function joined(name: string | null): string {
  return name === null ? '' : wordsOf(name).join('');
}
