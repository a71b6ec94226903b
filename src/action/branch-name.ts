// Which texts are names of branches, by git's own rules. It does not ask whether there is such a branch.

/** What `git check-ref-format` refuses anywhere in a name. */
const FORBIDDEN = /[\p{Cc}\p{Cs} ~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)/u;

/** Characters of the longest name: as a file below `.git/refs`, git could not write a longer one. */
const MAX_LENGTH = 240;

/** True for the name of a branch, without `refs/heads/`. */
export function isBranchName(text: string): boolean {
  return (
    text !== '' &&
    text !== '@' &&
    text !== 'HEAD' &&
    text.length <= MAX_LENGTH &&
    !FORBIDDEN.test(text) &&
    !/^[-/.]|[/.]$|^refs\//.test(text) &&
    // GitHub takes such a name for a commit.
    !/^[0-9a-f]{40}$/.test(text)
  );
}
