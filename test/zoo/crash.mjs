/** Faults that end the process on one particular message, and on no other. */
import { PUBLISHED } from './switches.mjs';

const KNOWN_METHOD =
  /^(initialize|ping|server\/discover|tools\/|prompts\/|resources\/|subscriptions\/|logging\/|completion\/|notifications\/)/;

/**
 * Ends the process when `message` is the one the fault names.
 * @param {any} message
 * @param {import('./switches.mjs').Switches} switches
 */
export function crashOn(message, switches) {
  if (switches.crashOn === 'never' || message === undefined || !kills(message, switches.crashOn)) return;
  process.stderr.write('zoo: unexpected message, giving up\n');
  process.exit(1);
}

/** @param {any} message @param {'batch' | 'unknown-version' | 'unknown-method'} killer */
function kills(message, killer) {
  if (killer === 'batch') return Array.isArray(message);
  const { method } = message;
  if (killer === 'unknown-method') return typeof method === 'string' && !KNOWN_METHOD.test(method);
  const requested = message.params?.protocolVersion;
  return (
    method === 'initialize' &&
    typeof requested === 'string' &&
    requested !== '' &&
    !PUBLISHED.includes(requested)
  );
}
