// What the page about GitHub says is so: tables agree, commands fit the workflows, and what it quotes is what the program
// says. Its links and blocks are looked at with those of all pages, in test/docs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Action, commandsOf, permissionsOf, readWorkflow } from './rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const action = parse(read('action.yml')) as Action;
const github = read('docs/github.md');
const PAGES = [
  ...['README.md', 'examples/README.md', 'src/README.md', '.github/CONTRIBUTING.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const workflows = readdirSync(join(ROOT, 'examples/workflows')).map((file) =>
  readWorkflow(file, read(`examples/workflows/${file}`)),
);

describe('the page about GitHub', () => {
  it('has the same table of permissions as the README, with all that the workflows ask for', () => {
    const table = between(github);
    expect(between(read('README.md'))).toBe(table);
    const asked = workflows
      .flatMap((workflow) => Object.values(permissionsOf(workflow)))
      .flatMap((granted) => Object.entries(granted).map(([name, right]) => `${name}: ${right}`));
    const listed = [...table.matchAll(/`([a-z-]+: (?:read|write))`/g)].map(([, text]) => text);
    // The one of the issue that the nightly workflow opens is not the action's.
    for (const permission of new Set(asked)) {
      if (permission !== 'issues: write') expect(listed).toContain(permission);
    }
  });

  it('tells of every command, and of every input that is about GitHub', () => {
    const told = [...github.matchAll(/^\| `([a-z]+)` \| .* \| .* \|$/gm)].map(([, name]) => name);
    for (const name of commandsOf(action)) expect(told).toContain(name);
    const inputs = ['comment', 'check', 'deadline', 'baseline', 'state', 'state-branch', 'shard', 'wait'];
    for (const name of [...inputs, 'fail-on', 'token', 'pipeline']) {
      expect(Object.keys(action.inputs)).toContain(name);
      expect(github).toMatch(new RegExp(`\`${name}[\`:]`));
    }
  });

  it('quotes what the program says', () => {
    const said = sources();
    const quotes = [...github.matchAll(/^\| "(.+?)" \|/gm)].map(([, quote]) => quote!);
    expect(quotes.length).toBeGreaterThan(8);
    for (const quote of quotes) {
      const parts = quote.split('…').filter((part) => part.trim().length > 2);
      for (const part of parts) expect(said.includes(part), `nothing says "${part}"`).toBe(true);
    }
  });

  it('starts workflows that are there, with inputs that they have', () => {
    const text = PAGES.map(read).join('\n') + workflows.map((one) => one.text).join('\n');
    const commands = [...text.matchAll(/gh workflow run (\S+?\.yml)((?: -f \w+=\S+)*)/g)];
    expect(commands.length).toBeGreaterThan(3);
    for (const [line, file, flags] of commands) {
      const workflow = workflows.find((one) => one.file === file);
      const dispatch = workflow?.on.workflow_dispatch as { readonly inputs?: object } | null | undefined;
      expect(dispatch, line).not.toBeUndefined();
      const given = [...flags!.matchAll(/-f (\w+)=/g)].map(([, name]) => name);
      expect(given, line).toEqual(Object.keys(dispatch?.inputs ?? {}));
    }
  });
});

function between(text: string): string {
  const match = /<!-- permissions -->([\s\S]*)<!-- \/permissions -->/.exec(text);
  expect(match).not.toBeNull();
  return match![1]!;
}

/** All sources as text, without the marks of code inside of sentences. */
function sources(): string {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`src/${name}`))
    .join('\n')
    .replaceAll(/\\?`/g, '');
}
