/** Finds what a client may make clickable, or a user may follow, in the texts of a form. 2026-07-28 client/elicitation, "Safe URL Handling". */

import { parse } from 'tldts';

import { withoutInvisible } from './normal.js';

/** No text of a form needs more, and all patterns stay linear in it. */
const LONGEST = 300;

const SCHEME = /(?<![\p{L}\p{N}])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"'`）」】》，。；]{1,300}/giu;
/** Schemes without slashes that do something when followed. A tel or mailto is a link as well. */
const ACTING =
  /(?<![\p{L}\p{N}])(?:javascript|data|vbscript|mailto|tel|sms|file|blob):(?=[^\s])[^\s<>"'`]{1,300}/giu;
const MARKUP = /\]\(\s*[^\s)]{1,300}|\b(?:href|src)\s*=\s*["']?[^\s"'>]{1,300}/giu;
/** Written so that a filter does not see it and a person does. */
const DISGUISED =
  /(?<![\p{L}\p{N}])h(?:xx|\*\*|__)ps?:?\/{0,2}[^\s<>"']{3,300}|(?<![\p{L}\p{N}])[\p{L}\p{N}-]{1,63}\s?(?:\[\.\]|\(\.\)|\[dot\]|\(dot\)|\{dot\})\s?\p{L}{2,24}[^\s<>"']{0,200}/giu;
const BARE =
  /(?<![\p{L}\p{N}@._/\\-])(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{1,59})(?![\p{L}\p{N}-])\.?(?::\d{2,5})?(?:[/?#][^\s<>"'`）」】》，。]{0,200})?/giu;
const ADDRESS = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5}\b|\/(?!\d{1,2}\b)\S{1,200})/gu;

const SCRIPT_CHANGE =
  /(?<=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])/giu;

/** Invitations to go somewhere, so that a bare domain after them is more than the name of a brand. */
const GO =
  /(?:visit|go to|goto|open|click(?: on)?|tap(?: on)?|browse to|navigate to|head (?:over )?to|(?:log|sign) ?in (?:at|to|on)|see|follow|register at|besuchen sie|besuche|gehen sie (?:auf|zu)|ge?h auf|öffnen sie|öffne|unter|rufen sie|visitez|rendez-vous sur|allez sur|ouvrez|consultez|visite|vaya a|entre en|ve a|abra|acesse|entre em|vá (?:para|em)|vai su|visita|visiti|apri|ga naar|bezoek|访问|打开|前往|登录|造訪|開啟|点击|방문|접속)[\s:：]{0,3}["“「(]?$/iu;
/** The same, where the invitation stands behind. */
const GO_AFTER =
  /^[」"”)]?\s?(?:に(?:アクセス|移動|ログイン)|を(?:開|ご覧|参照)|へ(?:アクセス|移動)|에(?:서| 접속| 방문)|besuchen|öffnen|aufrufen)/u;

/** Endings that are rather of a file, of a library or of a name than of a place, unless something follows them. */
const FILE =
  /\.(?:js|ts|tsx|jsx|mjs|cjs|py|rs|sh|md|json|ya?ml|toml|txt|csv|tsv|html?|css|xml|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|mp[34]|mov|zip|tar|gz|log|env|ini|cfg|conf|lock|sql|db|java|kt|go|rb|php|net|cs|cpp|pl|ps|ai|app|so|me|am|pm)$/iu;

/** RFC 2606 and RFC 6761: nobody can be sent there. */
const EXAMPLE =
  /(?:^|\.)(?:example|test|invalid|localhost)$|(?:^|\.)example\.(?:com|net|org|edu)$|^127\.|^\[?::1\]?$/iu;
/** A host that has to be filled in first. */
const TEMPLATE =
  /^[^/?#@]*(?:[<>{}*…]|\.\.\.|(?:^|\.)(?:YOUR_[A-Z_]+|your-?(?:domain|org|organi[sz]ation|company|workspace|tenant|site|instance|subdomain|team|server|host|app))(?:\.|$))/u;

/** Links in `text`, as they stand there, each once and cut short. */
export function linksIn(text: string): readonly string[] {
  const read = withoutInvisible(text).normalize('NFKC');
  if (!/[.:=\]]|dot/iu.test(read)) return [];
  const found = new Set<string>();
  let rest = read;
  for (const pattern of [MARKUP, DISGUISED, SCHEME, ACTING]) {
    rest = rest.replace(pattern, (link) => {
      if (!isTemplate(link)) found.add(shown(link));
      return ' '.repeat(link.length);
    });
  }
  for (const match of rest.matchAll(ADDRESS)) if (!EXAMPLE.test(match[0])) found.add(shown(match[0]));
  // Where nothing parts a name from the words around it, the change of script does.
  const parted = rest.replace(SCRIPT_CHANGE, ' ');
  for (const match of parted.matchAll(BARE)) {
    if (isPlace(match[0], parted, match.index)) found.add(shown(match[0]));
  }
  return [...found];
}

/** Cut short, and without the punctuation of the sentence around it. */
function shown(link: string): string {
  return link.slice(0, LONGEST).replace(/[.,;:!?]{1,5}$/u, '');
}

function isTemplate(link: string): boolean {
  const [, after] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/isu.exec(link) ?? [];
  if (after === undefined) return /^\]\(\s*#/u.test(link);
  if (TEMPLATE.test(after) && !/^[^/?#]*@/u.test(after)) return true;
  return after === '' || EXAMPLE.test(hostOf(link));
}

function hostOf(link: string): string {
  try {
    return new URL(link).hostname;
  } catch {
    return '';
  }
}

/** A bare domain is a link when it goes on after the domain, begins with www, or the text sends people to it. */
function isPlace(bare: string, text: string, at: number): boolean {
  const host = bare.replace(/[:/?#].*$/su, '').replace(/\.$/u, '');
  if (EXAMPLE.test(host)) return false;
  const { isIcann, domain } = parse(host);
  if (isIcann !== true || domain === null) return false;
  const goesOn = /[:/?#]/u.test(bare.slice(host.length));
  if (goesOn || /^www\./iu.test(host)) return true;
  if (FILE.test(host)) return false;
  const before = text.slice(Math.max(0, at - 40), at);
  const after = text.slice(at + bare.length, at + bare.length + 20);
  return GO.test(before) || GO_AFTER.test(after);
}
