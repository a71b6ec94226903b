// The blocks of the pages that are no commands: pipelines run, workflows keep to the rules, policies, scenarios, JSON and
// templates are read by what reads them. Every block is one that is known here.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { readScenarioText } from '../../src/commands/scenario.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { readPolicy } from '../../src/pipeline/policy-file.ts';
import { compileTemplate } from '../../src/template/template.ts';
import { type Action, breachesOf, permissionsOf, readWorkflow } from '../workflows/rules.ts';
import { fileOf } from './clone.ts';
import { type Block, blocksOf, PAGES, readPage, SHELLS } from './page.ts';
import { type Snippet, snippetOf } from './snippet.ts';

const blocks = PAGES.flatMap((page) => blocksOf(page));
const action = parse(readPage('action.yml')) as Action;
const folder = mkdtempSync(join(tmpdir(), 'octobatch-snippets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = (language: string): readonly Block[] => blocks.filter((block) => block.language === language);
const named = ({ page, line }: Block): string => `${page}:${line}`;

describe('the YAML of the pages', () => {
  const yaml = of('yaml').map((block) => [named(block), block] as const);

  it.each(yaml)('is what it seems to be: %s', async (name, block) => {
    const snippet = snippetOf(block.text, filesBeside(block));
    switch (snippet.kind) {
      case 'pipeline':
        return run(name, snippet);
      case 'workflow':
        return checkWorkflow(snippet.text);
      case 'policy':
        return void readPolicy(block.text, name);
      case 'scenario':
        return void readScenarioText(name, block.text);
      case 'items':
        return;
      case 'unknown':
        throw new Error(`nobody knows ${snippet.keys.join(', ')}`);
      default:
        return snippet satisfies never;
    }
  });

  it('shows every kind', () => {
    const kinds = new Set(yaml.map(([, { text }]) => snippetOf(text).kind));
    for (const kind of ['pipeline', 'workflow', 'policy']) expect(kinds).toContain(kind);
  });
});

describe('the other blocks of the pages', () => {
  it('are of a language that somebody holds them against', () => {
    const known = [...SHELLS, 'yaml', 'json', 'jsonl', 'jinja', 'python', 'js', 'text', ''];
    expect(blocks.filter(({ language }) => !known.includes(language)).map(named)).toEqual([]);
  });

  it('are JSON where they say so', () => {
    for (const block of of('json')) expect(() => JSON.parse(block.text), named(block)).not.toThrow();
    for (const block of of('jsonl')) for (const line of block.text.trimEnd().split('\n')) JSON.parse(line);
  });

  it('are templates where they say so', () => {
    for (const block of of('jinja')) {
      const shown = filesBeside(block);
      const load = (name: string): string | null => shown[name] ?? '{% macro any() %}{% endmacro %}';
      expect(() => compileTemplate(named(block), block.text, load), named(block)).not.toThrow();
    }
  });
});

/** Files that a page shows in the folder of a block's own file. */
function filesBeside(block: Block): Readonly<Record<string, string>> {
  const own = fileOf(block);
  if (own === null) return {};
  const beside = blocks.filter(({ page }) => page === block.page);
  return Object.fromEntries(
    beside.flatMap((one) => {
      const path = fileOf(one);
      return path?.startsWith(`${dirname(own)}/`) ? [[path.slice(dirname(own).length + 1), one.text]] : [];
    }),
  );
}

/** Runs a pipeline to its end, answered by the simulator; one that asks models with few units. */
async function run(name: string, { files, asks }: Extract<Snippet, { kind: 'pipeline' }>): Promise<void> {
  const pipeline = join(folder, name.replaceAll(/\W+/g, '-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(pipeline, path)), { recursive: true });
    writeFileSync(join(pipeline, path), text);
  }
  const request = {
    ...{ pipeline, root: folder, runDirectory: `${pipeline}-run`, faults: '' },
    overrides: asks ? { provider: 'simulated', maxUnits: 20 } : {},
    latency: { minMs: 0, maxMs: 0 },
  };
  const options = { workerEntry: null, simulatorUrl: null, environment: {} };
  try {
    const { place } = await startRun(request, options);
    try {
      const { report } = await workAndPublish(place, {
        ...{ waitMs: null, signal: new AbortController().signal, seen: () => {} },
        ...{ launcher: 'octobatch', shownDirectory: pipeline, only: 'work' },
      });
      expect(report.units.valid).toBeGreaterThan(0);
    } finally {
      await place.close();
    }
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw new Error(`${error.message}\n${files['pipeline.yaml'] ?? ''}`);
    throw error;
  }
}

/** What is short for reading leaves out what is not needed to run. */
const SHORT = /timeout-minutes|concurrency|leaves the token/;

function checkWorkflow(text: string): void {
  const workflow = readWorkflow('block', text);
  expect(breachesOf(workflow, action).filter((sentence) => !SHORT.test(sentence))).toEqual([]);
  if (/^jobs:$/m.test(text) && text.includes('runs-on'))
    expect(Object.values(permissionsOf(workflow))).not.toContain('all');
}
