/**
 * The one place where hostile text is made harmless, one function per output, because every output interprets other
 * characters and a rule that lives in several files is soon forgotten in one of them.
 *
 * All functions first make invisible characters visible (`\u{1b}`), so nothing can be hidden, reordered or drawn over;
 * then they take away what their output would interpret. Order of use: `cap`, then one of these, then the template.
 */

/**
 * Characters that act instead of showing: controls (C0, C1, ANSI), format characters (bidi, zero width, tags), line and
 * paragraph separators, private use, lone surrogates, noncharacters, everything Unicode lets a renderer ignore, and the
 * braille blank, which looks like nothing.
 */
const ACTING =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;

/** A picture followed by its own variation selector is an everyday emoji, not a hidden message. */
const EMOJI_STYLE = /(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]/uy;

/** Marks beyond the fourth on one letter: no language stacks so many, only text that draws over its neighbours. */
const STACKED_MARKS = /(?<=\p{M}{4})\p{M}+/gu;

/** Whatever a renderer forgot to shorten ends here, in UTF-16 units. Renderers have their own, shorter limits. */
const BACKSTOP = 20_000;

const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
const LINE_BREAKS = new RegExp(LINE_BREAK, 'gu');

/** Old command syntax of CI systems (`##[group]`, `##vso[task…]`, `##teamcity[…]`), honoured anywhere in a line. */
const INLINE_COMMAND = /(##\w*)\[/gu;

/** A zero-width space, spelt out so that it shows in the source: it parts `@` from the name behind it. */
const MARKDOWN_BREAK = '&#8203;';

/**
 * Cuts `text` to `limit` UTF-16 units, never inside a surrogate pair, and says how much is missing.
 * Cap before escaping: escaping makes text longer.
 */
export function cap(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
  return `${text.slice(0, end)}… (+${text.length - end} characters)`;
}

/** One line in which every character shows: acting characters as `\u{…}`, line breaks as `\n`, tabs as a space. */
export function visible(text: string): string {
  return cap(text, BACKSTOP)
    .replace(LINE_BREAKS, '\\n')
    .replaceAll('\t', ' ')
    .replace(STACKED_MARKS, spellOut)
    .replace(ACTING, shown);
}

/** The same for text that may have lines: empty ones are dropped, and those beyond `limit` are only counted. */
export function visibleLines(text: string, limit = 20): string[] {
  const lines = cap(text, BACKSTOP)
    .split(LINE_BREAK)
    .map((line) => visible(line).trimEnd())
    .filter((line) => line.trim() !== '');
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit), `… (+${lines.length - limit} lines)`];
}

function shown(character: string, offset: number, whole: string): string {
  if (character === '\ufe0e' || character === '\ufe0f') {
    EMOJI_STYLE.lastIndex = offset;
    if (EMOJI_STYLE.test(whole)) return character;
  }
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function spellOut(characters: string): string {
  return Array.from(characters, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join(
    '',
  );
}

/**
 * One line for a terminal or a CI log: no escape sequence, no command.
 * A finished document whose lines were broken anew needs `guardCommands` once more.
 */
export function terminal(text: string): string {
  return guardCommands(visible(text));
}

/** `terminal` for text of several lines. */
export function terminalLines(text: string, limit?: number): string[] {
  return visibleLines(text, limit).map(guardCommands);
}

/**
 * The last step for text that reaches the log of a CI system: breaks `##[command]`, and `::` at the beginning of a line,
 * which a GitHub runner takes for a command also after blanks.
 */
export function guardCommands(document: string): string {
  return document.replace(INLINE_COMMAND, '$1\\u{5b}').replace(/^([^\S\n]*):(?=:)/gmu, '$1\\u{3a}');
}

/**
 * Plain text for an annotation or a check run, line breaks kept. `@actions/core` encodes `%` and line breaks itself;
 * this makes sure that there is nothing to find even where somebody forgets to.
 */
export function annotation(text: string, limit?: number): string {
  return terminalLines(text, limit).join('\n');
}

/** Encodes the data part of a workflow command (after the second `::`). The runner decodes exactly these. */
export function workflowData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Encodes a property of a workflow command (`file=…`). */
export function workflowProperty(text: string): string {
  return workflowData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * Inline GitHub-flavoured Markdown that shows `text` and does nothing: safe in paragraphs, table cells, list items and
 * inside HTML elements. Structure is taken away with character references, which Markdown never reads as structure;
 * mentions, issue references, bare links, e-mail addresses and `:emoji:` are found by GitHub after decoding those, so
 * they are parted by a zero-width space. Line breaks become `<br>`.
 */
export function markdown(text: string): string {
  return visibleLines(text).map(markdownLine).join('<br>');
}

/**
 * The same for messages, in which what stands between backticks is shown as code: there nothing is parted by a
 * zero-width space, so that it can be copied. Hostile text with backticks gets no further than looking like code.
 */
export function markdownMessage(text: string): string {
  return visibleLines(text)
    .map((line) =>
      line
        .split(/`([^`]+)`/u)
        .map(messagePart)
        .join('')
        .trim(),
    )
    .join('<br>');
}

function messagePart(part: string, index: number): string {
  return index % 2 === 1 ? markdownCode(part) : inert(part);
}

function markdownLine(line: string): string {
  return inert(line).trim();
}

function inert(line: string): string {
  return line
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/[\\`*[\]|~]/gu, reference)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, reference)
    .replace(/^(\s*)([-+=])/u, (_all, blanks: string, mark: string) => blanks + reference(mark))
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/u, (_all, number: string, mark: string) => number + reference(mark))
    .replace(/(?<!&)#/gu, `#${MARKDOWN_BREAK}`)
    .replaceAll('@', `@${MARKDOWN_BREAK}`)
    .replace(/:(?=\/\/|[\w+-]+:)/gu, `:${MARKDOWN_BREAK}`)
    .replace(/\b(mailto|xmpp):/giu, `$1:${MARKDOWN_BREAK}`)
    .replace(/\b(www)\./giu, `$1${MARKDOWN_BREAK}.`)
    .replace(/\b(GH-)(?=\d)/giu, `$1${MARKDOWN_BREAK}`)
    .replace(/\$/gu, () => '<span>$</span>');
}

function reference(character: string): string {
  return `&#${character.codePointAt(0) ?? 0};`;
}

/** Inline code: for names, versions, paths and ids. Safe in table cells too. */
export function markdownCode(text: string): string {
  const line = visible(text).trim();
  if (line === '') return '<code></code>';
  return /[`|<&]/u.test(line) ? `<code>${markdownLine(line)}</code>` : `\`${line}\``;
}

/** A preformatted block that the text cannot close. For the last lines of a candidate's output. */
export function markdownBlock(text: string, limit?: number): string {
  const lines = terminalLines(text, limit).join('\n');
  return `<pre>\n${lines.replace(/[&<>]/gu, reference)}\n</pre>`;
}

/** Everything a Mermaid diagram shows as it is. The rest might be syntax, now or in a later release of Mermaid. */
const PLAIN_IN_MERMAID = /[^\p{L}\p{M}\p{N} .,/()_=?!'-]/gu;

/**
 * One line of text in a Mermaid diagram: a label, a note or the name of a participant, behind a colon or `as` and a space.
 * Signs become entity codes (`#35;`), which Mermaid reads after it has looked for structure; so there is no statement,
 * comment, directive, line break, markup or formula in it, nor the end of the code fence around the diagram.
 */
export function mermaid(text: string): string {
  return visible(text).trim().replace(PLAIN_IN_MERMAID, entity);
}

function entity(character: string): string {
  return `#${character.codePointAt(0) ?? 0};`;
}

/** A link to a reference that a policy names; anything but http and https is only shown. */
export function markdownLink(url: string): string {
  const href = webAddress(url);
  return href === null ? markdownCode(url) : `<${href.replaceAll('|', '%7C')}>`;
}

/** The address in its normal form when it is http or https and hides nothing; null otherwise. */
export function webAddress(url: string): string | null {
  if (visible(url) !== url || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '') return null;
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null;
}

/** Text or attribute value of an XML 1.0 document; several lines are kept. */
export function xml(text: string, limit?: number): string {
  return annotation(text, limit).replace(/[&<>"']/gu, reference);
}

/** One line of text content, or a quoted attribute value, of an HTML document. */
export function html(text: string): string {
  return terminal(text).replace(/[&<>"'`]/gu, reference);
}

/** `html` for text of several lines, each by itself. */
export function htmlLines(text: string, limit?: number): string[] {
  return visibleLines(text, limit).map(html);
}

/**
 * JSON text (the output of `JSON.stringify`) with the same meaning, in which acting characters and CI commands are
 * written as `\uXXXX`: what a machine reads is unchanged, and a person or a log sees nothing hidden.
 */
export function json(text: string): string {
  return text
    .replace(ACTING, (character) => (character === '\n' ? character : units(character)))
    .replace(INLINE_COMMAND, '$1\\u005b');
}

function units(character: string): string {
  let encoded = '';
  for (let index = 0; index < character.length; index += 1) {
    encoded += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }
  return encoded;
}

/**
 * Message text in SARIF, section 3.11: brackets would be read as an embedded link, `{0}` as a placeholder.
 */
export function sarif(text: string, limit?: number): string {
  return annotation(text, limit)
    .replace(/[[\]]/gu, '\\$&')
    .replace(/\{(\d+)\}/gu, '{{$1}}');
}
