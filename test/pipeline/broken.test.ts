// Broken pipeline folders: what a person is told about each. The folders and the expected lines are golden files.
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../src/adapters/folder.ts';
import { hopelessGates } from '../../src/analysis/feasible.ts';
import { ConfigurationError, formatDiagnostic, formatWarning } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { checkSchema } from './schema-check.ts';

const BROKEN = fileURLToPath(new URL('../golden/pipeline/broken/', import.meta.url));
const DOUBTFUL = fileURLToPath(new URL('../golden/pipeline/doubtful/', import.meta.url));

async function linesFor(folder: string, shownAs: string): Promise<string[]> {
  try {
    await loadPipeline(openFolder(folder, shownAs), {}, checkSchema, null, hopelessGates);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
  return ['(loads)'];
}

describe('a broken pipeline folder', () => {
  test('gives one line per mistake, with its place and how to mend it', async () => {
    const names = (await readdir(BROKEN)).sort();
    expect(names.length).toBeGreaterThan(100);
    let text = '';
    for (const name of names) {
      const lines = await linesFor(join(BROKEN, name), name);
      text += `${lines.join('\n')}\n\n`;
    }
    await expect(text).toMatchFileSnapshot('../golden/pipeline/broken.txt');
    expect(text).not.toContain('(loads)');
  });

  test('loads when it is only doubtful, with one warning per doubt', async () => {
    const names = (await readdir(DOUBTFUL)).sort();
    let text = '';
    for (const name of names) {
      const folder = openFolder(join(DOUBTFUL, name), name);
      const { warnings } = await loadPipeline(folder, {}, checkSchema, null, hopelessGates);
      expect(warnings, name).not.toEqual([]);
      text += `${warnings.map(formatWarning).join('\n')}\n\n`;
    }
    await expect(text).toMatchFileSnapshot('../golden/pipeline/doubtful.txt');
  });

  test('is told when a link leaves the folder', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'octobatch-'));
    try {
      const outside = join(parent, 'secret.jinja2');
      await writeFile(outside, 'secret');
      const folder = await mkdtemp(join(parent, 'pipeline-'));
      await symlink(outside, join(folder, 'ask.jinja2'));
      await writeFile(
        join(folder, 'pipeline.yaml'),
        'items: [{ id: a }]\nsteps:\n  - { name: ask, prompt: ask.jinja2 }\n',
      );
      expect(await linesFor(folder, 'linked')).toEqual([
        "linked/pipeline.yaml:3:26  the template 'ask.jinja2' is outside the pipeline's folder  (move it into the folder)",
      ]);
    } finally {
      await rm(parent, { recursive: true });
    }
  });

  test('is told when it does not exist', async () => {
    expect(await linesFor(join(BROKEN, 'there-is-none'), 'there-is-none')).toEqual([
      'there-is-none  the folder holds neither pipeline.yaml nor config.yaml  (create pipeline.yaml, or name the folder of an Octobatch pipeline)',
    ]);
  });
});
