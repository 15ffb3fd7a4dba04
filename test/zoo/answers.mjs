/** Faults in what an answer says, applied to the SDKs' honest answers at the transport seam, in both eras alike. */
import { randomBytes } from 'node:crypto';
import { PUBLISHED } from './switches.mjs';

/** @typedef {Record<string, any>} Json */

/**
 * The revision `initialize` answers with, or that it says nothing at all.
 * @param {string} requested
 * @param {import('./switches.mjs').Switches} switches
 * @returns {string | number | null} null: no answer
 */
export function negotiate(requested, switches) {
  if (switches.legacyVersions.includes(requested)) return requested;
  const newest = switches.legacyVersions.at(-1) ?? '2025-11-25';
  const unpublished = requested !== '' && !PUBLISHED.includes(requested);
  if (!unpublished) return newest;
  switch (switches.unknownVersion) {
    case 'echo':
      return requested;
    case 'silence':
      return null;
    case 'number':
      return Number(newest.replaceAll('-', ''));
    case 'unpublished':
      return '2025-12-01';
    default:
      return newest;
  }
}

/**
 * The result of a request as the fault wants it. Everything that no fault touches is passed on as it is.
 * @param {string} method
 * @param {Json} result
 * @param {string} client Name the client gave itself.
 * @param {import('./switches.mjs').Switches} switches
 * @returns {Json}
 */
export function shapeResult(method, result, client, switches) {
  if (method === 'tools/list')
    return { ...result, tools: [...result['tools'], ...extraTools(client, switches)] };
  if (method !== 'initialize' && method !== 'server/discover') return result;
  const shaped = {
    ...result,
    capabilities: { ...result['capabilities'], ...extraCapabilities(client, switches) },
  };
  if (switches.stability === 'server-info') return withServerVersion(shaped, `1.0.0-${random()}`);
  return method === 'server/discover' ? shapeDiscover(shaped, switches) : shaped;
}

/** @param {Json} result @param {import('./switches.mjs').Switches} switches @returns {Json} */
function shapeDiscover(result, switches) {
  if (switches.discover === 'omits-served') return { ...result, supportedVersions: ['2025-11-25'] };
  if (switches.discover === 'lists-unspoken') {
    return { ...result, supportedVersions: [...result['supportedVersions'], '2027-01-31'] };
  }
  return result;
}

/** @param {string} client @param {import('./switches.mjs').Switches} switches */
function extraTools(client, switches) {
  if (switches.stability === 'tools') return [extraTool(`report_${random()}`)];
  if (switches.clients === 'tools') return [extraTool(`sync_${slug(client)}`)];
  return [];
}

/** @param {string} client @param {import('./switches.mjs').Switches} switches */
function extraCapabilities(client, switches) {
  if (switches.stability === 'capabilities') return { [`x${random()}`]: {} };
  if (switches.clients === 'capabilities') return { [`x-${slug(client)}`]: {} };
  return {};
}

/** @param {string} name */
function extraTool(name) {
  return {
    name,
    description: 'Reads the current report.',
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true },
  };
}

/** Legacy answers carry `serverInfo`, modern ones carry it in `_meta`. @param {Json} result @param {string} version */
function withServerVersion(result, version) {
  if (result['serverInfo'] !== undefined)
    return { ...result, serverInfo: { ...result['serverInfo'], version } };
  const key = 'io.modelcontextprotocol/serverInfo';
  return { ...result, _meta: { ...result['_meta'], [key]: { ...result['_meta']?.[key], version } } };
}

/** @param {string} name */
function slug(name) {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
}

function random() {
  return randomBytes(6).toString('hex');
}
