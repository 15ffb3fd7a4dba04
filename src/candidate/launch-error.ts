/** Why a candidate could not be started, in words for the person who wrote the manifest. */

export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** A `LaunchError` out of whatever `spawn` threw or reported. */
export function cannotStart(program: string, cwd: string, cause: unknown): LaunchError {
  const code = codeOf(cause);
  switch (code) {
    case 'ENOENT':
      return new LaunchError(
        `the command could not be started: no program ${quote(program)} was found on PATH or in ${quote(cwd)} (ENOENT); check the first word of run.command, and that the job installs it before the gate`,
      );
    case 'EACCES':
      return new LaunchError(
        `the command could not be started: ${quote(program)} is not executable (EACCES); make it so, or start it through its interpreter`,
      );
    case 'EINVAL':
      return new LaunchError(
        `the command could not be started: ${quote(program)} was refused by the system (EINVAL); on Windows start .cmd and .bat files as [cmd, /c, …]`,
      );
    default:
      return new LaunchError(
        `the command could not be started: ${quote(program)} (${code ?? messageOf(cause)})`,
      );
  }
}

function codeOf(cause: unknown): string | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}

/** The text of anything that can be thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function quote(text: string): string {
  return JSON.stringify(text);
}
