// Text for a shell: words quoted so that they can be pasted and mean what they say.

/** One shell word; quoted only when it has to be. */
export function shellWord(text: string): string {
  return /^[\w./:=,@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
