/** Markdown tables and foldable sections. Cells must be escaped before they come here. */

/** A table of GitHub-flavoured Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One block that a reader opens and closes; none where there is nothing in it. `title` is our own text. */
export function details(title: string, body: string | null, at: 'closed' | 'open' = 'closed'): string[] {
  if (body === null) return [];
  return [`<details${at === 'open' ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`];
}
