/** What the tests of the author's commands share: a small pack, so that each of them compiles little. */
import { join } from 'node:path';
import { type Authored, readAuthored } from '../../../src/policy/author/authored.js';
import { type CheckedPolicies, checkPolicies } from '../../../src/policy/author/check.js';
import { assemblePack, type Pack } from '../../../src/policy/pack/pack.js';
import { builtinData, compiler, folderOf } from '../kit.js';

const PROTOCOL = `package mcp.protocol

# METADATA
# scope: rule
# title: It is old
# custom:
#   id: protocol/old
#   requirement: MUST
deny contains finding if {
	input.protocol.best < data.mcp.config.minimumProtocolVersion
	finding := {"rule": "protocol/old", "message": "It is old."}
}
`;

let assembled: Promise<Pack> | null = null;

export function smallPack(): Promise<Pack> {
  assembled ??= assemblePack(
    { 'protocol.rego': PROTOCOL },
    { mcp: { ...mcp(), rules: {} } },
    { compiler, sha256: 'x' },
  );
  return assembled;
}

function mcp(): Readonly<Record<string, unknown>> {
  const { mcp: settings } = builtinData;
  return settings as Readonly<Record<string, unknown>>;
}

export interface Setting {
  readonly authored: Authored;
  readonly cwd: string;
  readonly pack: Pack;
}

/** The files of an author, read from a folder `policies/`. */
export async function authoredOf(files: Readonly<Record<string, string>>): Promise<Setting> {
  const within = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [join('policies', name), text]),
  );
  const cwd = await folderOf(within);
  const pack = await smallPack();
  return { authored: await readAuthored(['policies'], { cwd, pack, home: null }), cwd, pack };
}

export async function checked(files: Readonly<Record<string, string>>): Promise<CheckedPolicies> {
  const { authored, cwd, pack } = await authoredOf(files);
  return checkPolicies(authored, compiler, { pack, extra: ['policies'], cwd });
}

/** `file:row:col kind: message`, one for each complaint. */
export async function complaintsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { complaints } = await checked(files);
  return complaints.map(({ file, row, col, kind, message }) => `${file}:${row}:${col} ${kind}: ${message}`);
}
