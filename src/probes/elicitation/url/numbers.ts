/** Numbers that belong to a person and prove themselves by a check digit or an unmistakable form: cards, accounts, national identifiers. */

/** What card networks issue: Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay. */
const CARD =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35\d{14}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14})$/;

/**
 * Whether the text holds a card number that passes its check (ISO/IEC 7812). One identifier in ten passes it by chance,
 * so where numbers are identifiers only one written in groups counts.
 */
export function hasCardNumber(text: string, written: 'any' | 'grouped'): boolean {
  for (const [candidate] of text
    .slice(0, 4096)
    .matchAll(/(?<![\w.-])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?(?![\w-])/g)) {
    if (written === 'grouped' && !/[ -]/.test(candidate)) continue;
    const digits = candidate.replace(/\D/g, '');
    if (CARD.test(digits) && passesLuhn(digits)) return true;
  }
  return false;
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Whether the text holds an account number that passes its check (ISO 13616, modulo 97). */
export function hasIban(text: string): boolean {
  for (const [candidate] of text
    .slice(0, 4096)
    .matchAll(/(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,8}(?![A-Za-z0-9])/g)) {
    const plain = candidate.replace(/[ -]/g, '');
    if (plain.length >= 15 && plain.length <= 34 && passes97(plain)) return true;
  }
  return false;
}

function passes97(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4);
  const remainder = [...moved].reduce((rest, letter) => {
    const value = Number.parseInt(letter, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
  return remainder === 1;
}

/** Whether the text holds an identifier that states give to people, in a form nothing else has. */
export function hasNationalId(text: string): boolean {
  const part = text.slice(0, 4096);
  return FORMS.some((form) => form.test(part)) || hasCpf(part);
}

const FORMS: readonly RegExp[] = [
  /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/, // United States, social security number
  /(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)/, // Italy, codice fiscale
  /(?<!\w)(?![DFIQUV])[A-CEGHJ-PR-TW-Z](?![DFIQUVO])[A-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/, // United Kingdom, national insurance number
  /(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)/, // Mexico, CURP
];

/** Brazil, with its two check digits. */
function hasCpf(text: string): boolean {
  for (const [candidate] of text.matchAll(/(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)/g)) {
    const digits = [...candidate.replace(/\D/g, '')].map(Number);
    const check = (length: number): number => {
      const sum = digits.slice(0, length).reduce((total, digit, at) => total + digit * (length + 1 - at), 0);
      return ((sum * 10) % 11) % 10;
    };
    if (check(9) === digits[9] && check(10) === digits[10]) return true;
  }
  return false;
}
