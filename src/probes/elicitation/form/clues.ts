/** Signs beside words that a field is for a secret: its format, its pattern, a code that was sent; and signs that a PIN is a place. */

import type { Text } from './document.js';
import { folded, wordsOfName } from './normal.js';
import type { SecretKind } from './vocabulary/language.js';

const FORMATS: ReadonlyArray<readonly [RegExp, SecretKind]> = [
  [/passw|passphrase|^secret|credential|^pin$/u, 'password'],
  [/api ?key/u, 'api-key'],
  [/token|jwt/u, 'token'],
  [/card|cvv|cvc/u, 'payment-card'],
  [/otp|one time/u, 'one-time-code'],
  [/iban/u, 'bank-account'],
  [/^ssn$|national id/u, 'national-id'],
  [/private ?key/u, 'private-key'],
];

/** The secret that a `format` names; clients hide what is typed into such a field, servers mean it. */
export function secretFormat(format: string): SecretKind | null {
  const read = wordsOfName(format.slice(0, 64));
  return FORMATS.find(([pattern]) => pattern.test(read))?.[1] ?? null;
}

/** The secret whose published prefix a `pattern` demands. */
export function secretPattern(pattern: unknown): SecretKind | null {
  if (typeof pattern !== 'string') return null;
  const read = pattern.slice(0, 400);
  if (/^\^?\(?(?:\?:)?(?:sk[-_]|rk_|AIza|SG\\?\.)/u.test(read)) return 'api-key';
  if (
    /^\^?\(?(?:\?:)?(?:gh[pousr]_|\(?gh|github_pat_|glpat-|xox|eyJ|npm_|pypi-|hf_|whsec_|Bearer|shpat_)/u.test(
      read,
    )
  )
    return 'token';
  if (/BEGIN.{0,20}PRIVATE/u.test(read)) return 'private-key';
  return null;
}

/** "We sent you a code": what is asked then is that code, even where the field is called only "Code". */
const ANNOUNCED: ReadonlyArray<readonly [string, RegExp]> = [
  [
    'en',
    /\b(?:sent|texted|emailed|mailed|dispatched)\b.{0,60}\b(?:codes?|sms|text(?: message)?)\b|\b(?:codes?|sms|text message|pin)\b.{0,50}\b(?:sent|texted|emailed|mailed|arrive)|\b(?:code|number) (?:shown|displayed) (?:in|on|by) your (?:authenticator|phone|device)|\bauthenticator app\b/u,
  ],
  ['de', /\b(?:code|sms|e mail)\b.{0,60}\b(?:gesendet|geschickt|gesandt|zugesandt|zugeschickt|erhalten)/u],
  ['fr', /\benvoye.{0,60}\b(?:code|sms)\b|\b(?:code|sms)\b.{0,60}\b(?:envoye|recu)/u],
  ['es', /\benvi(?:ado|amos|e).{0,60}\b(?:codigo|sms)\b|\b(?:codigo|sms)\b.{0,60}\b(?:envi|recib)/u],
  ['pt', /\benvi(?:ado|amos|ei).{0,60}\b(?:codigo|sms)\b|\b(?:codigo|sms)\b.{0,60}\b(?:envi|receb)/u],
  ['it', /\binviat.{0,60}\b(?:codice|sms)\b|\b(?:codice|sms)\b.{0,60}\b(?:inviat|ricevut)/u],
  ['nl', /\b(?:code|sms)\b.{0,60}\b(?:gestuurd|verzonden|ontvangen)/u],
  [
    'ja',
    /(?:コード|番号|sms|ショートメッセージ).{0,20}(?:送信し|お送りし|届い)|(?:送信し|お送りし|届い).{0,12}(?:コード|番号)/u,
  ],
  [
    'zh',
    /(?:短信|简讯|簡訊|邮件|郵件|手机|手機).{0,20}(?:发送|發送|收到|码|碼)|(?:发送|發送|寄出).{0,12}(?:短信|代码|码|碼)/u,
  ],
  ['ko', /(?:코드|번호|문자|sms).{0,20}(?:보냈|전송했|발송)/u],
];
/** Codes for everybody, and papers that are sent. */
const NO_SECRET_CODE =
  /promo|coupon|discount|voucher|gutschein|rabatt|promotion|descuento|desconto|sconto|korting|qr code|source code|tracking|area code|country code|error code/u;
const CODE_LABEL =
  /^(?:please |bitte |enter |type |saisissez |introduzca |ingrese |digite |inserisci )?(?:the |your |le |votre |el |su |tu |o |seu |il |tuo |de |uw |der |den |ihr(?:en)? )?(?:(?:\d|four|six|eight) ?digit )?(?:code|codes|pin|number|digits|codigo|codice|kode|numero|nummer|zahl|コード|番号|代码|代碼|数字|數字|코드|번호)(?: ?(?:eingeben|here|ici|aqui|qui|を入力))?[ .:*]*$/u;

/** Language in which the message says that a code was sent; null where it says no such thing. */
export function announcedCode(message: string): string | null {
  const read = folded(message.slice(0, 4_000));
  if (NO_SECRET_CODE.test(read)) return null;
  return ANNOUNCED.find(([, pattern]) => pattern.test(read))?.[0] ?? null;
}

/** The text only says "code", as the label of a field. */
export function isCodeLabel(text: Text): boolean {
  if (text.where !== 'name' && text.where !== 'title') return false;
  return CODE_LABEL.test(text.where === 'name' ? wordsOfName(text.text) : folded(text.text));
}

const ADDRESS =
  /\b(?:address|street|city|town|district|locality|landmark|taluk|village|pradesh|house (?:no|number)|flat (?:no|number)|postal|delivery|shipping)\b/u;
const MONEY = /\b(?:bank|card|atm|account|upi|log ?in|secret|password|sim|wallet)\b/u;

/** A field of a postal address, and of nothing that has a PIN of its own. */
export function isAddress(texts: readonly Text[]): boolean {
  const read = labelsOf(texts);
  return ADDRESS.test(read) && !MONEY.test(read) && !/e ?mail|ip address|wallet/u.test(read);
}

/** The field speaks of money or of an account, where a PIN is no postal code. */
export function isAboutMoney(texts: readonly Text[]): boolean {
  return MONEY.test(labelsOf(texts));
}

/** Names, titles and descriptions, folded; of each only the beginning. */
function labelsOf(texts: readonly Text[]): string {
  return texts
    .filter(({ where }) => where === 'name' || where === 'title' || where === 'description')
    .map(({ where, text }) => (where === 'name' ? wordsOfName : folded)(text.slice(0, 1_000)))
    .join(' ');
}
