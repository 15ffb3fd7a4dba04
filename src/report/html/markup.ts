/** The only way to make markup: names of elements and attributes are ours by type, and every string is escaped here. */
import { cap, html, htmlLines } from '../escape.js';
import { LIMITS } from '../phrases.js';

/** Markup that is finished. Only this module makes it, so no text of others can be taken for it. */
export class Markup {
  readonly #source: string;

  private constructor(source: string) {
    this.#source = source;
  }

  /** For this module and constants of the report itself; never for text. */
  static own(source: string): Markup {
    return new Markup(source);
  }

  toString(): string {
    return this.#source;
  }
}

export type Tag =
  | 'a'
  | 'article'
  | 'bdi'
  | 'button'
  | 'caption'
  | 'code'
  | 'dd'
  | 'details'
  | 'div'
  | 'dl'
  | 'dt'
  | 'footer'
  | 'form'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'header'
  | 'input'
  | 'label'
  | 'li'
  | 'main'
  | 'nav'
  | 'option'
  | 'p'
  | 'pre'
  | 'section'
  | 'select'
  | 'span'
  | 'strong'
  | 'summary'
  | 'table'
  | 'tbody'
  | 'td'
  | 'th'
  | 'thead'
  | 'tr'
  | 'ul';

export type Attributes = Readonly<
  Partial<
    Record<
      | 'aria-label'
      | 'aria-labelledby'
      | 'aria-pressed'
      | 'autocomplete'
      | 'class'
      | 'data-area'
      | 'data-level'
      | 'data-server'
      | 'for'
      | 'hidden'
      | 'href'
      | 'id'
      | 'maxlength'
      | 'open'
      | 'rel'
      | 'role'
      | 'scope'
      | 'tabindex'
      | 'type'
      | 'value',
      string
    >
  >
>;

/** Text is escaped as one line; null is nothing. */
export type Child = string | Markup | null | readonly Child[];

/** One element. It is well-formed XML too, which is what the tests read it as. */
export function el(tag: Tag, attributes: Attributes, ...children: readonly Child[]): Markup {
  if (tag === 'input') return Markup.own(`<input${written(attributes)} />`);
  return Markup.own(`<${tag}${written(attributes)}>${inner(children)}</${tag}>`);
}

/** The two halves of an element whose content is written piece by piece. */
export function halves(tag: Tag, attributes: Attributes): readonly [open: string, close: string] {
  return [`<${tag}${written(attributes)}>`, `</${tag}>`];
}

function written(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${html(value)}"`)
    .join('');
}

function inner(children: readonly Child[]): string {
  return children.map(childSource).join('');
}

function childSource(child: Child): string {
  if (child === null) return '';
  if (child instanceof Markup) return child.toString();
  return typeof child === 'string' ? html(child) : inner(child);
}

/** A name, a path or an id: shown as code, kept apart from the direction of what stands beside it. */
export function code(text: string, limit: number = LIMITS.name): Markup {
  return el('code', {}, cap(text, limit));
}

/** Words of others among ours. */
export function words(text: string, limit: number = LIMITS.name): Markup {
  return el('bdi', {}, cap(text, limit));
}

/** A message of several lines, in which what stands between backticks is shown as code. */
export function message(text: string, limit: number = LIMITS.message): Markup {
  const lines = cap(text, limit).trim() === '' ? [] : messageLines(cap(text, limit));
  return Markup.own(lines.join('<br />'));
}

function messageLines(text: string): string[] {
  // After escaping, so that whatever stands between them is harmless already.
  return htmlLines(text).map((line) => line.replace(/&#96;((?:(?!&#96;).)+)&#96;/gu, '<code>$1</code>'));
}

/** A block of preformatted text, at most `lines` long. */
export function block(text: string, limit: number, lines: number): Markup {
  return Markup.own(`<pre tabindex="0">${htmlLines(cap(text, limit), lines).join('\n')}</pre>`);
}
