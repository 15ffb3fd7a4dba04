/** Reads an HTML report strictly: it is written so that it is well-formed XML, too, apart from doctype, style and script. */
import { type Element, parseXml } from '../xml.js';

export interface Page {
  readonly root: Element;
  readonly style: string;
  readonly script: string;
  /** Every element, parents before children. */
  readonly elements: readonly Element[];
}

/** @throws Error when anything is not well-formed, or there is more than one style or script */
export function readPage(source: string): Page {
  const [style, withoutStyle] = taken(source, 'style');
  const [script, rest] = taken(withoutStyle, 'script');
  const doctype = '<!doctype html>\n';
  if (!rest.startsWith(doctype)) throw new Error('no doctype');
  const root = parseXml(rest.slice(doctype.length));
  return { root, style, script, elements: below(root) };
}

function taken(source: string, tag: string): [content: string, rest: string] {
  const parts = source.split(`<${tag}>`);
  const [before = '', after = ''] = parts;
  const end = after.indexOf(`</${tag}>`);
  if (parts.length !== 2 || end === -1) throw new Error(`expected one <${tag}>`);
  return [after.slice(0, end), before + after.slice(end + tag.length + 3)];
}

function below(element: Element): Element[] {
  return [element, ...element.children.flatMap(below)];
}

/** Elements by name. */
export function named(page: Page, ...names: readonly string[]): Element[] {
  return page.elements.filter(({ name }) => names.includes(name));
}

/** Its own text and that of everything in it; where text and elements alternate, the text comes first. */
export function textOf(element: Element): string {
  return element.text + element.children.map(textOf).join('');
}
