/** A real git repository in a folder of its own, for tests of what another commit holds. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Repository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  write(files: Readonly<Record<string, string>>): void;
  /** Commits everything and returns the id. */
  commit(message: string): string;
  /** A clone of the last `depth` commits. */
  shallow(depth: number): Repository;
  dispose(): void;
}

export function repository(): Repository {
  const made = at(realpathSync(mkdtempSync(join(tmpdir(), 'mcp-gate-repository-'))));
  made.git('init', '--quiet', '--initial-branch=main');
  return made;
}

function at(folder: string): Repository {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  return {
    folder,
    git,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    },
    commit: (message) => {
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    shallow: (depth) => {
      const target = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-gate-shallow-')));
      git('clone', '--quiet', `--depth=${depth}`, `file://${folder}`, target);
      return at(target);
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
