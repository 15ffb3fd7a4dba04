/** Markdown tables and foldable sections. Cells must be escaped before they come here. */

/** A table of GitHub-flavoured Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One block that is closed until a reader opens it; none where there is nothing in it. `title` is our own text. */
export function details(title: string, body: string | null): string[] {
  if (body === null) return [];
  return [`<details><summary>${title}</summary>\n\n${body}\n\n</details>`];
}
