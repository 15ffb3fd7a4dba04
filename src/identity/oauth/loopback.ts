/** Which addresses are this machine's own, and when two URLs mean the same server. */

/** True for `localhost`, names under it, 127.0.0.0/8 and ::1 (RFC 6761, RFC 8252). */
export function isLoopback(url: URL): boolean {
  const { hostname } = url;
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/** The origin, with one spelling for all loopback names, so that 127.0.0.1:80 and localhost:80 are the same. */
export function placeOf(url: URL): string {
  if (!isLoopback(url)) return url.origin;
  const port = url.port === '' ? '' : `:${url.port}`;
  return `${url.protocol}//localhost${port}`;
}

/** An absolute http(s) URL without credentials, or null. Only printable ASCII: the parser would drop line breaks. */
export function webUrl(value: unknown): URL | null {
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,2048}$/.test(value) || !URL.canParse(value)) return null;
  const url = new URL(value);
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  return isWeb && url.username === '' && url.password === '' ? url : null;
}

/** A URL as it is shown: without query and fragment, which may hold codes and hints, and cut. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname.slice(0, 100)}`;
}
