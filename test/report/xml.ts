/** A strict reader for the XML the tests look at: throws on anything that is not well-formed. */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Element[];
  text: string;
}

const TOKEN = /<\?xml [^?]*\?>\s*|<\/([\w.-]+)>|<([\w.-]+)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/uy;

export function parseXml(source: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const stack: Element[] = [root];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (at < source.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    const top = stack.at(-1);
    if (match === null || top === undefined) throw new Error(`no XML at ${at}: ${source.slice(at, at + 40)}`);
    at = TOKEN.lastIndex;
    const [, closed, opened, attributes = '', empty, text] = match;
    if (closed !== undefined) {
      if (top.name !== closed) throw new Error(`</${closed}> closes <${top.name}>`);
      stack.pop();
    }
    if (text !== undefined) top.text += decoded(text);
    if (opened === undefined) continue;
    const element: Element = { name: opened, attributes: attributesOf(attributes), children: [], text: '' };
    top.children.push(element);
    if (empty !== '/') stack.push(element);
  }
  const [only] = root.children;
  if (stack.length !== 1 || only === undefined || root.children.length !== 1)
    throw new Error('no single root');
  return only;
}

function attributesOf(source: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of source.matchAll(/([\w.-]+)="([^"]*)"/gu)) {
    if (found.has(name)) throw new Error(`attribute ${name} twice`);
    found.set(name, decoded(value));
  }
  return found;
}

function decoded(text: string): string {
  const rest = text.replace(/&#\d+;/gu, '');
  if (/[&<]/u.test(rest)) throw new Error(`bare markup in: ${text.slice(0, 80)}`);
  return text.replace(/&#(\d+);/gu, (_all, code: string) => String.fromCodePoint(Number(code)));
}
