import { describe, expect, it } from '@jest/globals';
import { renderHtml } from '../../../src/report/html/html.js';
import { indented } from '../../../src/report/html/transcript.js';
import { finding, report } from '../fixture.js';
import type { Element } from '../xml.js';
import { carelessServer, REQUEST } from './facts.js';
import { named, readPage, textOf } from './page.js';

const page = readPage(renderHtml(report([carelessServer()])));

function tableOf(caption: string, from = page): string[][] {
  const table = named(from, 'table').find((one) => one.children[0]?.text === caption);
  const rows = (table?.children ?? []).slice(1).flatMap((part) => part.children);
  return rows.map((row) => row.children.map(cellText));
}

/** Text of a cell, a blank between its parts, each part's own text first. */
function cellText(cell: Element): string {
  return [cell.text.trim(), ...cell.children.map(cellText)].filter((part) => part !== '').join(' | ');
}

describe('the tables of the HTML report', () => {
  it('show who got what in the session of the owner, and mark what a finding rests on, but no control of it', () => {
    expect(tableOf("Session binding: who got what in the owner's session")).toEqual([
      ['Principal', 'Is', 'request', 'call'],
      [
        'bob',
        'other principal',
        'accepted (HTTP 200) | x43',
        'accepted (HTTP 200), served as owner | ✗ deny | x41 | x42',
      ],
      ['nobody', 'nobody', 'not tried', 'refused (HTTP 401) | x42'],
    ]);
  });

  it('show where users would be sent, whether anybody knows the place, and what the findings say of it', () => {
    expect(tableOf('Elicited origins: where users would be sent')).toEqual([
      ['Origin', 'Status', 'Reviewed', 'Tools', 'How', 'Asked'],
      [
        'https://connect.example.net',
        'deny: elicitation/unreviewed-origin',
        'no | other suffix: https://connect.example.com',
        'connect',
        'server request (legacy)',
        'as alice | ✗ deny | e1 | x50',
      ],
      [
        'a form, no URL',
        'no finding',
        'does not apply',
        'connect',
        'server request (legacy)',
        'as alice | e2 | x51',
      ],
    ]);
  });

  it('show the revisions asked for, oldest first', () => {
    const rows = tableOf('How it negotiates: revision asked for and answer');
    expect(rows.map(([asked]) => asked)).toEqual([
      'Asked for',
      '2024-11-05',
      '2025-11-25',
      '1999-01-01',
      'nothing',
      '2026-07-28',
    ]);
  });

  it('say of a waived finding that it is waived', () => {
    const waiver = { owner: 'platform', reason: 'until June', ticket: null, expires: '2027-06-30' };
    const base = carelessServer();
    const waived = report([{ ...base, findings: base.findings.map((one) => ({ ...one, waiver })) }]);
    const [, bob] = tableOf(
      "Session binding: who got what in the owner's session",
      readPage(renderHtml(waived)),
    );
    expect(bob?.[3]).toContain('~ waived');
  });
});

describe('the evidence in the HTML report', () => {
  it('stands exchange by exchange, where the findings link to', () => {
    const exchanges = named(page, 'details').filter((one) => one.attributes.has('id'));
    expect(exchanges.map((one) => [one.attributes.get('id'), textOf(one.children[0] ?? one)])).toEqual([
      ['s1-x1', '  as  → HTTP 200, 12 msx41POST tools/callalice'],
      ['s1-x2', '  as  → HTTP 200, 12 msx42POST tools/callbob'],
    ]);
    const [card] = named(page, 'article').filter((one) => textOf(one).includes('Another user'));
    const links = card === undefined ? [] : descendants(card).filter(({ name }) => name === 'a');
    expect(links.map((one) => one.attributes.get('href')).filter((href) => href?.startsWith('#'))).toEqual([
      ...['#s1-x1', '#s1-x2'],
      ...['#s1-x1', '#s1-x2'],
    ]);
  });

  it('has headers, body and messages as they were recorded', () => {
    const [first] = named(page, 'details').filter((one) => one.attributes.get('id') === 's1-x1');
    const blocks = first === undefined ? [] : descendants(first).filter(({ name }) => name === 'pre');
    expect(blocks.map(({ text }) => text)).toEqual([
      'authorization: Bearer ***\nmcp-session-id: 16782ee9',
      '{\n  "jsonrpc": "2.0",\n  "id": 7,\n  "method": "tools/call",\n  "params": {\n    "name": "a {[,:]} b"\n  }\n}',
      'content-type: text/event-stream',
      '{\n  "jsonrpc": "2.0",\n  "id": 7,\n  "result": {\n    "owner": "alice"\n  }\n}',
    ]);
  });

  it('is shown as it is where it has another shape', () => {
    const other = report([
      {
        ...carelessServer(),
        findings: [finding({ evidence: ['x9'] })],
        transcript: [{ id: 'x9', odd: [1, {}] }],
      },
    ]);
    const blocks = named(readPage(renderHtml(other)), 'pre');
    expect(blocks.map(({ text }) => text)).toEqual(['{\n  "id": "x9",\n  "odd": [\n    1,\n    {}\n  ]\n}']);
  });
});

function descendants(element: Element): Element[] {
  return element.children.flatMap((child) => [child, ...descendants(child)]);
}

describe('indenting what was sent', () => {
  it('adds blanks and line breaks outside of strings, and nothing else', () => {
    expect(indented(REQUEST).replace(/\n *|(?<=":) /gu, '')).toBe(REQUEST);
  });

  it.each([
    ['no JSON', 'hello {world}'],
    ['closed too often', '{}}}'],
    ['nested deeper than any message', '['.repeat(40)],
    ['nothing', ''],
  ])('leaves text alone that is %s', (_why, text) => {
    expect(indented(text)).toBe(text);
  });

  it('shows numbers as sent, doubled members, and what was cut off', () => {
    expect(indented('{"a":1e400,"a":1.0,"b":["x')).toBe('{\n  "a": 1e400,\n  "a": 1.0,\n  "b": [\n    "x');
  });
});
