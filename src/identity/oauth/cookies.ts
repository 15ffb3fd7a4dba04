/** Cookies of one authorization: enough to be recognised on the next redirect, gone with the flow. */

const MOST = 50;

export interface Jar {
  /** Takes over `Set-Cookie` headers. */
  keep(headers: readonly string[]): void;
  /** The `Cookie` header; empty without cookies. */
  header(): string;
}

/** Paths and domains are not looked at: the flow never leaves the issuer's origin. */
export function createJar(): Jar {
  const cookies = new Map<string, string>();
  return {
    keep(headers) {
      for (const header of headers) {
        const [pair = '', ...attributes] = header.split(';');
        const cut = pair.indexOf('=');
        if (cut < 1) continue;
        const name = pair.slice(0, cut).trim();
        const value = pair.slice(cut + 1).trim();
        if (value === '' || attributes.some(isPast)) cookies.delete(name);
        else if (cookies.size < MOST || cookies.has(name)) cookies.set(name, value);
      }
    },
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  };
}

function isPast(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=', 2).map((part) => part.trim());
  if (name.toLowerCase() === 'max-age') return Number(value) <= 0;
  return name.toLowerCase() === 'expires' && Date.parse(value) <= Date.now();
}
