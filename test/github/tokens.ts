// What a token may do. A GITHUB_TOKEN has the permissions of its job, for its own repository.
import type { Need, Permission } from './exchange.ts';
import type { Repository, Token } from './world.ts';

const LEVELS = { none: 0, read: 1, write: 2 } as const;

/** True when the token may do what is needed in the repository. Everybody may read what is public. */
export function allows(token: Token, repository: Repository, need: Need): boolean {
  if (!repository.private && need.level === 'read' && need.always !== true) return true;
  if (token.repository !== repository.fullName) return false;
  return need.any.some((name) => LEVELS[levelOf(token, name)] >= LEVELS[need.level]);
}

/** False when the repository is not there as far as the token can tell. */
export function seesRepository(token: Token, repository: Repository): boolean {
  return !repository.private || token.repository === repository.fullName;
}

function levelOf(token: Token, name: Permission): 'none' | 'read' | 'write' {
  // Every token may read what a repository is.
  return token.permissions[name] ?? (name === 'metadata' ? 'read' : 'none');
}
