// Every message that the page about troubles quotes is one of ours: those about pipelines are provoked, the others stand
// in the sources. Every kind of failure has its row.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hopelessGates } from '../../src/analysis/feasible.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { memoryFolder } from '../pipeline/memory-folder.ts';
import { ROOT, readPage, rowsOf } from './page.ts';

const rows = rowsOf('docs/troubleshooting.md');
const quotes = rows.flatMap(([first = '']) =>
  first.startsWith('"') ? [first.replaceAll(/^"|"$/g, '')] : [],
);

/** A pipeline with the mistake that a message is about. */
const PROVOKED: Readonly<Record<string, string>> = {
  'unknown key': 'items: [{ id: a }]\nsteps: [{ name: s, expression: { x: "1" } }]\n',
  'nothing here is named': 'items: [{ id: a }]\nsteps: [{ name: s, expressions: { x: "win" } }]\n',
  'is not there yet':
    'items: [{ id: a }]\nsteps: [{ name: s, expressions: { x: y } }, { name: t, expressions: { y: "1" } }]\n',
  'is a variable of the prompts':
    'globals: { tone: kind }\nitems: [{ id: a }]\nsteps: [{ name: s, expressions: { x: tone } }]\n',
  'is always true': 'items: [{ id: a }]\nsteps: [{ name: s, expressions: { x: "1" }, loop_until: "True" }]\n',
  'can never pass':
    'items: [{ id: a }]\nsteps: [{ name: s, expressions: { x: "True" } }]\ngates: [{ name: g, share: x, at_least: 0.9 }]\n',
  'two items': 'items: [{ id: a }, { id: a }]\nsteps: [{ name: s, expressions: { x: "1" } }]\n',
  'which was named for':
    'provider: openai\nmodel: gpt-5-mini\nitems: [{ id: a }]\nsteps: [{ name: s, prompt: "Say {{ id }}." }]\n',
};

describe('the page about troubles', () => {
  it('quotes what the program says', () => {
    const said = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readPage(`src/${name}`))
      .join('\n')
      .replaceAll(/\\?`/g, '');
    expect(quotes.length).toBeGreaterThan(25);
    const invented = quotes.flatMap((quote) =>
      quote.split('…').filter((part) => part.trim().length > 2 && !said.includes(part)),
    );
    expect(invented).toEqual([]);
  });

  it.each(Object.entries(PROVOKED))('quotes what a pipeline is told: %s', async (words, text) => {
    const quote = quotes.find((one) => one.includes(words));
    expect(quote).toBeDefined();
    const parts = quote!.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const files = memoryFolder({ 'pipeline.yaml': text });
    const loading = loadPipeline(
      files,
      words.includes('named for') ? { provider: 'gemini' } : {},
      () => null,
      null,
      hopelessGates,
    );
    await expect(loading).rejects.toThrow(ConfigurationError);
    await expect(loading).rejects.toThrow(new RegExp(parts.join('.*')));
  });

  it('has a row for every kind of failure', () => {
    const kinds = [...readPage('src/validation/failure.ts').matchAll(/^ {2}\| '([a-z]+)'/gm)].map(
      (match) => match[1]!,
    );
    expect(kinds.length).toBeGreaterThan(8);
    const cells = rows.map(([first = '']) => first).join(' ');
    for (const kind of kinds) expect(cells).toContain(`\`${kind}\``);
  });
});
