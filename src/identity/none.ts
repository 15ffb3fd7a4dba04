/** Provider `none`: the manifest says that there is no authorization, so there is nobody to be. */
import { anonymous } from './principal.js';
import type { Source } from './source.js';

export function openNone(): Source {
  return {
    otherwise: 'the manifest declares that the server has no authorization (provider: none)',
    variables: () => ({}),
    cast: async () => [anonymous()],
    close: async () => {},
  };
}
