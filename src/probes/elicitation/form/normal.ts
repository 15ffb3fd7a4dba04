/** Brings texts to one spelling, so that what a person reads as a word is found as that word. UTS 39, UAX 15. */

/** Terminal sequences first as a whole: their letters are no letters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
const ESCAPES = /\u001b\[[0-9;?]{0,30}[A-Za-z]|\u001b\][^\u0007\u001b]{0,300}(?:\u0007|\u001b\\)/gu;
const INVISIBLE = /(?![\n\r\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Letters that look like Latin ones. Only words in which every letter can be read so are read so. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  (
    'аa вb сc ԁd еe ғf ԍg һh іi јj кk ӏl мm нh оo рp ԛq гr ѕs тt υu ѵv ԝw хx уy ѓr пn ьb бb ' +
    'αa βb ϲc δd εe ηn ιi κk λl μm νv οo ρp σo ςc τt χx ωw γy ζz կk օo սu հh ոn ցg ' +
    "ᴀa ʙb ᴄc ᴅd ᴇe ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ɑa ɡg ɩi ʋv ƽs ꞌ' " +
    'øo łl đd ħh ıi ŧt ƿp ɗd ƙk ƥp ƭt ƴy ƶz ɓb ɛe ǝe ɐa ʇt ɯm ɹr'
  )
    .split(' ')
    .map((pair) => [pair[0] ?? '', pair.slice(1)]),
);
const FOREIGN = /[^\p{Script=Latin}\p{N}]/u;
const REGIONAL_A = 0x1f1e6;
const SQUARED_A = 0x1f170;
const CIRCLED_A = 0x1f150;

/** `text` without anything a reader does not see. Line breaks and tabs stay. */
export function withoutInvisible(text: string): string {
  return text.replace(ESCAPES, '').replace(INVISIBLE, '');
}

/**
 * One spelling: compatibility forms, case, accents on Latin letters and lookalikes are gone; `_`, `-` and apostrophes are
 * spaces; runs of white space are one space, lines are parted by `\n`.
 */
export function folded(text: string): string {
  const lower = withoutInvisible(text)
    .replace(/[\u{1f1e6}-\u{1f1ff}\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]/gu, letterOfPicture)
    .normalize('NFKD')
    .replace(/(?:[\u0300-\u036f]|[\u0483-\u0487]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u20d0-\u20ff])/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replace(/n['’]t\b/gu, 'nt');
  return lower
    .replace(/[\p{L}\p{N}]+/gu, latinised)
    .replace(/[_'’ʼ`´\-‐‑‒]+/gu, ' ')
    .replace(/[^\S\n]+/gu, ' ')
    .replace(/ ?\n\s*/gu, '\n')
    .trim();
}

/** The words of an identifier: `accessToken2` becomes `access token 2`. */
export function wordsOfName(name: string): string {
  return folded(
    name
      .normalize('NFKC')
      .replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d+$)/gu, ' ')
      .replace(/[.:/[\]$#]+/gu, ' '),
  );
}

/** Other readings of a folded text for people who write around filters: spaced letters, letters as digits, dots inside words. */
export function disguises(text: string): readonly string[] {
  const closed = text.replace(
    /(?<![\p{L}\p{N}])(?:[a-z0-9@$!](?: ?[.*·•|~^+/:] ?| )){2,40}[a-z0-9@$!](?![\p{L}\p{N}])/gu,
    (letters) => letters.replace(/[^a-z0-9@$!]/gu, ''),
  );
  const joined = closed.replace(/(?<=[a-z0-9@$])[.*·•|~^"]{1,3}(?=[a-z0-9@$])/gu, '');
  const spelt = joined.replace(/[a-z0-9@$!|€+]{3,40}/gu, unleeted);
  return [...new Set([closed, joined, spelt])].filter((reading) => reading !== text);
}

function letterOfPicture(picture: string): string {
  const code = picture.codePointAt(0) ?? 0;
  const first = [REGIONAL_A, SQUARED_A, CIRCLED_A].find((start) => code >= start && code < start + 26);
  return first === undefined ? picture : String.fromCharCode(0x61 + code - first);
}

function latinised(word: string): string {
  if (!FOREIGN.test(word) && !/[øłđħıŧ\u0180-\u02af\u1d00-\u1d7f]/u.test(word)) return word;
  const letters = [...word];
  const read = letters.map((letter) => LOOKALIKES.get(letter) ?? letter);
  return read.every((letter) => /[a-z0-9]/u.test(letter)) ? read.join('') : word;
}

const DIGITS: ReadonlyMap<string, string> = new Map(
  '0o 1i 3e 4a 5s 7t 8b 9g @a $s !i |l €e +t'.split(' ').map((pair) => [pair[0] ?? '', pair.slice(1)]),
);

/** Reads digits as letters within words that have letters; a sign at the end is punctuation. */
function unleeted(word: string): string {
  const body = word.replace(/[!+|]+$/u, '');
  if (!/[a-z]/u.test(body) || !/[0-9@$!|€+]/u.test(body)) return word;
  return [...body].map((sign) => DIGITS.get(sign) ?? sign).join('');
}
