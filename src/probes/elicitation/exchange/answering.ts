/** What the client of this probe answers, by the kind of user it plays. */
import type { DeclaredElicitation } from '../../../facts/elicitation.js';
import { isObject } from '../../../wire/message.js';
import {
  answerTo,
  brokenContentFor,
  type Content,
  chosenContentFor,
  otherContentFor,
} from '../../answers.js';
import { isDeclared } from '../declared.js';
import { modeOf } from '../shape.js';

/** accept-other: accepted with other content that fits; a control, to see whether the outcome depends on it. */
export type AnswerKind = 'accept' | 'accept-other' | 'accept-invalid' | 'decline' | 'cancel';

const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;

export type Answer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } };

/** The result for an elicitation. */
export function elicitResult(params: unknown, kind: AnswerKind): Readonly<Record<string, unknown>> {
  if (kind === 'decline' || kind === 'cancel') return { action: kind };
  const { mode } = modeOf(params);
  const schema = isObject(params) ? params['requestedSchema'] : undefined;
  if (mode === 'url') return { action: 'accept' };
  return { action: 'accept', content: contentOf(schema, kind) };
}

function contentOf(schema: unknown, kind: AnswerKind): Content {
  if (kind === 'accept-invalid') return brokenContentFor(schema) ?? {};
  return kind === 'accept-other' ? otherContentFor(schema) : chosenContentFor(schema);
}

/** The response of a legacy client; one that never declared the mode answers with an error, as it must. */
export function responseTo(
  { method, params }: { readonly method: string; readonly params: unknown },
  declared: DeclaredElicitation,
  kind: AnswerKind,
): Answer {
  if (method === 'roots/list') return { result: { roots: [] } };
  if (method !== 'elicitation/create' || declared === 'none')
    return {
      error: {
        code: METHOD_NOT_FOUND,
        message: `this client does not offer ${method.slice(0, 100)}`,
      },
    };
  const { mode } = modeOf(params);
  if (!isDeclared(declared, mode))
    return { error: { code: INVALID_PARAMS, message: `this client does not offer the mode ${mode}` } };
  return { result: elicitResult(params, kind) };
}

/** `inputResponses` for the members of `inputRequests`. */
export function inputResponsesTo(
  inputRequests: ReadonlyMap<string, unknown>,
  kind: AnswerKind,
): Readonly<Record<string, unknown>> {
  const answered = [...inputRequests].map(([key, request]): [string, unknown] => {
    const asks = isObject(request) && request['method'] === 'elicitation/create';
    return [key, asks ? elicitResult(request['params'], kind) : answerTo(request)];
  });
  return Object.fromEntries(answered);
}
