// The programs that a story runs: those of dist/, as on GitHub, or, to try sources before they are bundled, compiled ones.
import { fileURLToPath } from 'node:url';

/** Folder of compiled sources, seen from the repository's, such as `build`; null: the bundles. */
const compiled = process.env.OCTOBATCH_STORY ?? null;

const entry = (name: string): string =>
  fileURLToPath(
    new URL(
      `../../${compiled === null ? `dist/${name}/index.js` : `${compiled}/${name}.js`}`,
      import.meta.url,
    ),
  );

/** The action's entry. */
export const ACTION = entry('action');

/** The command line, for its simulator. */
export const CLI = entry('cli');
