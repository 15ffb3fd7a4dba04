/** Loads oidc-provider, which greets with notices about the runtime on the console of whoever imports it. */

type Library = typeof import('oidc-provider');

const NOTICES = ['oidc-provider NOTICE: ', 'oidc-provider WARNING: '];

// Shared by all issuers of the process: two loads at once would each take the other's console for the real one.
let loading: Promise<Library> | null = null;

/**
 * The library, loaded once and only when an embedded issuer is opened. Its settings (./configuration.ts) leave it
 * nothing to warn of later, but what it says while it is loaded can only be kept off the console from outside.
 */
export function loadLibrary(): Promise<Library> {
  loading ??= quietly(() => import('oidc-provider'));
  return loading;
}

async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { warn, info } = console;
  console.warn = without(warn);
  console.info = without(info);
  try {
    return await work();
  } finally {
    console.warn = warn;
    console.info = info;
  }
}

/** Lets everything through but the library's own notices: others may write while it is loading. */
function without(write: (...data: unknown[]) => void): (...data: unknown[]) => void {
  return (...data) => {
    const [text] = data;
    if (typeof text === 'string' && NOTICES.some((notice) => text.includes(notice))) return;
    write.apply(console, data);
  };
}
