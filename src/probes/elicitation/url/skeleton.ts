/** What a name looks like, whatever it is made of: letters that are taken for each other become the same one (the idea of UTS 39, section 4, with the letters that matter in host names). */

/**
 * Letters drawn like ASCII ones: every second character is what it looks like. Those before the bar are drawn alike in
 * any typeface; those behind it only resemble, or are everyday letters of some language.
 */
const TABLES: readonly string[] = [
  // Cyrillic
  'аaеeоoрpсcуyхxѕsіiјjһhԁdԛqԝwӏlьbүyҽeѵvԍgԏtӀlґrгrпn|вbкkмmнhтtҡkқkҳxңhҏpөoғfѡwшwщwзeҫcєeѓrӕaэeиuйuлnвb',
  // Greek
  'αaοoνvρpιiκkυuγyωwχxϲcϳjηn|τtεeσoςcβbμuπnδdθoϱpζzξe',
  // Armenian
  'օoոnսuհhցgզqյjլlռnԝw|քpէtաwղnձdվq',
  // Latin beyond ASCII
  'ɑaɡgɩiʟlꜱsɴnʀrᴄcᴏoᴜuᴠvᴡwᴢzɪiʏyʙbɢgʜhƅbȷjǀlǃlᴀaᴅdᴇeᴊjᴋkᴍmᴘpᴛtꞑnꬰaƿpʋvⅼlɾrɼrɋqꝗqıiɩi|łlđdðdøoħhŧtþpɓbɗdƙkɛeŋnƒfəeɨiɠgɦhɱmʂsƈcƭtƴyȥzɳnɲnʈtȼcɇeɍrɏyʐzɫlɬlɭl',
  // Georgian, Cherokee (small), Lisu, Myanmar, Hebrew, Arabic-Indic digits, Thai
  'ყyჿoꮯcꭰdꮋhꮪsꮩvꮃwꮤwꓖgꓑpꓮaꓰeꓳoဝoסoוl٠.۰.|ขuรsทnมu',
];

const STRONG = new Map<string, string>();
const WEAK = new Map<string, string>();
for (const table of TABLES) {
  const [strong = '', weak = ''] = table.split('|');
  for (const [text, into] of [
    [strong, STRONG],
    [weak, WEAK],
  ] as const) {
    const letters = [...text];
    for (let at = 0; at + 1 < letters.length; at += 2) into.set(letters[at] ?? '', letters[at + 1] ?? '');
  }
}
/** Dotless i is an everyday Turkish letter. */
STRONG.delete('ı');
WEAK.set('ı', 'i');

/** Signs that pass for a slash or a dot between ASCII letters, so that a label reads as a host and a path. */
const SEPARATOR_LIKE =
  /[a-z0-9][\u2044\u2215\u2571\u29f8\u30ce\u4e3f\u3033\u1735\u4e36\u3001\u0660\u06f0\u0701\u0702\ua4f8\u2024\u00b7\u30fb][a-z0-9]|\u0337|\u0338/u;

/** Whether the label has a sign that looks like a slash or a dot where one would be. The Catalan l·l is none. */
export function hasFalseSeparator(label: string): boolean {
  return SEPARATOR_LIKE.test(label.replaceAll('l·l', ''));
}

/** Whether a letter beyond ASCII is drawn like an ASCII one in any typeface. */
export function isDrawnAsAscii(letter: string): boolean {
  return STRONG.has(letter);
}

/** What the text looks like letter by letter, and with the pairs that run together: `rn` is m, `vv` is w, 0 is o, 1 is l. */
export function skeleton(text: string): string {
  return [...text.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')]
    .map((letter) => STRONG.get(letter) ?? WEAK.get(letter) ?? letter)
    .join('')
    .normalize('NFKD')
    .replaceAll('0', 'o')
    .replaceAll('1', 'l')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** The same at a glance: i is l, digits stand for letters, `cl` is d. Only for names long enough to be recognised by their shape. */
export function looseSkeleton(text: string): string {
  return skeleton(text)
    .replaceAll('i', 'l')
    .replaceAll('|', 'l')
    .replaceAll('3', 'e')
    .replaceAll('4', 'a')
    .replaceAll('5', 's')
    .replaceAll('7', 't')
    .replaceAll('8', 'b')
    .replaceAll('9', 'g')
    .replaceAll('cl', 'd');
}
