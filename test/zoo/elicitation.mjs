/** What the tools ask of their user, by URL and by form, and what they make of the answer. Specification: client/elicitation of 2025-11-25 and 2026-07-28. */
import { randomBytes, randomUUID } from 'node:crypto';
import { FORMS, URLS } from './elicitationWrongs.mjs';
import { elicitation, failure, said } from './tools.mjs';

/** Where users connect their accounts; the policy of a zoo run allows it. */
export const ORIGIN = 'https://connect.larkspur.example';
const PLANS = ['basic', 'team', 'enterprise'];
const MOST_SEATS = 50;
/** What everybody gets, with a fault. */
const SHARED_STATE = newState();

/** @typedef {Record<string, any>} Json */
/**
 * @typedef {object} Talk One question, until it is settled.
 * @property {'form' | 'url'} mode
 * @property {boolean} byError In 2025-11-25 the question comes as error -32042.
 * @property {Json} given Arguments of the call.
 * @property {(era: 'legacy' | 'modern') => Json} request Params of `elicitation/create`, new for every round.
 * @property {(answer: unknown) => import('./tools.mjs').ToolResult | null} settle null: it asks again.
 */

/** Whether a client that declared this can be asked in this mode. @param {Json | undefined} elicitation @param {'form' | 'url'} mode */
export function declares(elicitation, mode) {
  if (elicitation === undefined) return false;
  if (mode === 'url') return elicitation['url'] !== undefined;
  return elicitation['form'] !== undefined || elicitation['url'] === undefined;
}

/** What a faulty server takes the capabilities of a client for. @template {Json | undefined} T @param {T} capabilities @param {import('./switches.mjs').Switches} switches @returns {T} */
export function takenFor(capabilities, { elicitation }) {
  if (capabilities === undefined) return capabilities;
  const declared = capabilities['elicitation'];
  const empty = declared !== undefined && Object.keys(declared).length === 0;
  const both = elicitation === 'undeclared' || (elicitation === 'empty-as-url' && empty);
  return both ? { ...capabilities, elicitation: { form: {}, url: {} } } : capabilities;
}

/** @param {string} tool @param {import('./switches.mjs').Switches} switches @returns {Talk} */
export function talkOf(tool, switches) {
  if (tool === 'choose_plan') return choosing(switches);
  return { ...connecting(switches), byError: tool === 'sync_ledger' };
}

/** @param {import('./switches.mjs').Switches} switches @returns {Talk} */
function connecting({ elicitation: fault }) {
  return {
    mode: 'url',
    byError: false,
    given: {},
    request: (era) => {
      const named = era === 'legacy' && fault !== 'no-id' ? { elicitationId: randomUUID() } : {};
      const message = 'Connect your account.';
      return { mode: 'url', message, ...named, ...target(fault) };
    },
    settle: (answer) => {
      const waiting = isAccepted(answer, fault);
      // Consent is not completion: whether the user has finished, the page will tell.
      const text = waiting ? 'Waiting until you have finished in the browser.' : 'Not connected.';
      return { ...said(text), structuredContent: { waiting } };
    },
  };
}

/** The URL, and what a faulty server says about it. @param {string} fault @returns {Json} */
function target(fault) {
  const state = fault === 'same-state' ? SHARED_STATE : newState();
  const url = URLS.get(fault)?.(ORIGIN, state) ?? `${ORIGIN}/start?state=${state}`;
  const promised = (/** @type {string} */ expectedOrigin) => ({ expectedOrigin, consentRequired: true });
  if (fault === 'advisory') return { uri: url, uriValidation: promised(ORIGIN) };
  if (fault === 'promises-other') return { url, uriValidation: promised('https://larkspur.example') };
  return { url };
}

/** @param {import('./switches.mjs').Switches} switches @returns {Talk} */
function choosing({ elicitation: fault }) {
  return {
    mode: 'form',
    byError: false,
    given: {},
    request: () => {
      const { message = 'Choose a plan.', properties = {} } = FORMS.get(fault) ?? {};
      return { mode: 'form', message, requestedSchema: schemaWith(properties) };
    },
    settle: (answer) => {
      if (fault === 'endless') return null;
      const accepted = isAccepted(answer, fault);
      const { action, content } = /** @type {Json} */ (answer ?? {});
      if (action === 'accept' && fault !== 'unvalidated' && !fits(content))
        return failure('The answer needs `plan` as one of the plans, and `seats` as a small number.');
      return {
        ...said(accepted ? 'The plan was changed.' : 'The plan stays.'),
        structuredContent: { accepted },
      };
    },
  };
}

/** What a task asks: a question, or the message of a faulty form. @param {string} question @param {import('./switches.mjs').Switches} switches */
export function questionIn(question, { elicitation: fault }) {
  return elicitation(FORMS.get(fault)?.message ?? question);
}

/** @param {Json} more Properties that a fault adds. */
function schemaWith(more) {
  return {
    type: 'object',
    properties: {
      plan: { type: 'string', title: 'Plan', enum: PLANS, default: 'basic' },
      seats: { type: 'integer', title: 'Seats', minimum: 1, maximum: MOST_SEATS },
      ...more,
    },
    required: ['plan'],
  };
}

/** @param {Json | undefined} content */
function fits(content) {
  const { plan, seats = 1 } = content ?? {};
  return PLANS.includes(plan) && Number.isInteger(seats) && seats >= 1 && seats <= MOST_SEATS;
}

/** @param {unknown} answer @param {string} fault */
function isAccepted(answer, fault) {
  const { action } = /** @type {Json} */ (answer ?? {});
  if (action === 'accept' || fault === 'ignores-refusals') return true;
  return fault === `ignores-${action}`;
}

/** 256 bits. What they stand for, and for whom, is known to the page alone. */
function newState() {
  return randomBytes(32).toString('base64url');
}
