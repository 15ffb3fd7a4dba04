/** Finds defaults that hold what should not be in a form at all: a form is shown, logged and often read by a model. */

/** Credentials that can be told by how they begin, as their issuers publish it. */
const TOKENS =
  /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|(?:sk|rk|pk)_(?:live|test)_\w{12,}|whsec_\w{16,}|sk-(?:ant-|proj-)?[\w-]{20,}|AIza[\w-]{30,}|ya29\.[\w-]{20,}|A(?:KIA|SIA)[A-Z0-9]{16}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|hf_[A-Za-z0-9]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|EAA[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{32,}|shpat_[a-f0-9]{24,}|secret_[A-Za-z0-9]{30,}|lin_api_\w{20,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{0,2000})|^(?:Bearer|Basic)\s+[\w.~+/=-]{12,}$/u;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|^[5KL][1-9A-HJ-NP-Za-km-z]{50,51}$/u;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})(?![\p{L}\p{N}])/u;
/** RFC 2606: nobody's address. */
const NOBODYS =
  /(?:^|\.)example\.(?:com|net|org|edu)$|\.(?:example|test|invalid|localhost|local)$|^(?:your-?)?(?:domain|company|mail|email)\.com$/iu;
const URL_WITH_CREDENTIALS =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:<>{}$]{0,100}:[^\s/@<>{}$*]{1,200}@|[?&#](?:access_token|id_token|token|api_?key|sig|signature|password|secret|auth)=[^&\s<>{}$]{12,}/iu;
const NATIONAL_ID = /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/u;
const IBAN = /^[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?$/u;

/** A longer default is looked at from its beginning, where credentials begin. */
const LONGEST = 4_000;

/** What kind of sensitive thing `value`, a default, is; null for none. */
export function sensitiveKind(value: string): string | null {
  const text = value.slice(0, LONGEST).trim();
  if (text === '') return null;
  if (PRIVATE_KEY.test(text)) return 'private-key';
  if (TOKENS.test(text)) return 'token';
  if (URL_WITH_CREDENTIALS.test(text)) return 'url-credentials';
  if (isCard(text)) return 'payment-card';
  if (IBAN.test(text) && hasIbanSum(text)) return 'bank-account';
  if (NATIONAL_ID.test(text)) return 'national-id';
  if (isRecoveryPhrase(text)) return 'recovery-phrase';
  const [, domain] = EMAIL.exec(text) ?? [];
  return domain !== undefined && !NOBODYS.test(domain) ? 'email' : null;
}

/** ISO/IEC 7812: 13 to 19 digits of a network's range whose Luhn sum is right. */
function isCard(text: string): boolean {
  if (!/^[2-6]\d{3}(?:[ -]?\d){9,15}$/u.test(text)) return false;
  const digits = text.replace(/\D/gu, '');
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const twice = at % 2 === 1 ? digit * 2 : digit;
    sum += twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the number, its first four characters moved to the end and letters as numbers, is 1 modulo 97. */
function hasIbanSum(text: string): boolean {
  const plain = text.replaceAll(' ', '');
  const moved = plain.slice(4) + plain.slice(0, 4);
  let rest = 0;
  for (const sign of moved) {
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

/** BIP 39: 12 or 24 lower-case words of three to eight letters, and no sentence. */
function isRecoveryPhrase(text: string): boolean {
  const parts = text.split(/\s+/u);
  return (
    (parts.length === 12 || parts.length === 24) &&
    parts.every((word) => /^[a-z]{3,8}$/u.test(word)) &&
    !parts.some((word) => /^(?:the|and|for|with|are|was|this|that|from|you|your)$/u.test(word))
  );
}
