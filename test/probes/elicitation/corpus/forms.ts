/** The shape of an entry in the corpora of forms, so that good and bad ones are written and measured alike. */

export type FormParams = { readonly message: string; readonly requestedSchema: unknown };

export type FormCase = {
  readonly name: string;
  readonly language: string;
  readonly revision: string;
  readonly params: FormParams;
};

/** Revision of an entry that says none. */
export const USUAL = '2025-11-25';

/** A flat form, all of whose fields are required unless `required` says otherwise. */
export function form(
  message: string,
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = Object.keys(properties),
): FormParams {
  return { message, requestedSchema: { type: 'object', properties, required } };
}

export function entry(
  language: string,
  name: string,
  params: FormParams,
  revision: string = USUAL,
): FormCase {
  return { name, language, revision, params };
}
