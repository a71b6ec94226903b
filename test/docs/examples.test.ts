// The page about the examples names all of them. Its commands are run with those of all pages, and the workflow files have
// rules of their own, in test/workflows.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, readPage } from './page.ts';

it('the examples are all named in their README', () => {
  const page = readPage('examples/README.md');
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  expect(folders.length).toBeGreaterThan(4);
  const files = readdirSync(join(ROOT, 'examples/workflows'));
  const unnamed = [
    ...folders.map(({ name }) => name).filter((name) => !page.includes(`| \`${name}\` |`)),
    ...files.filter((name) => !page.includes(`\`${name}\``)),
  ];
  expect(unnamed).toEqual([]);
});
