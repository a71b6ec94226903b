// The pages about estimates, gates, early ends and coupled draws do what is written: every YAML block is understood and
// runs, every command line is run as it stands, in order.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, commandsOf, openClone } from './pages.ts';
import { expectDecent, type World } from './world.ts';

const PAGES = ['gates', 'estimates', 'adaptive-runs', 'analysis', 'variance'].map(
  (page) => `docs/${page}.md`,
);

/** What a block leaves out, so that its fields and groups are there. */
const REST: Readonly<Record<string, string>> = {
  items: 'items: [{ id: a, strategy: the_pro }, { id: b, strategy: the_coward }]\n',
  repeat: 'repeat: 400\n',
  steps: `steps:
  - name: walk
    expressions:
      valid: random.random() < 0.9
      outcome: random.choice(['win', 'lose', 'ship'])
      net: random.choice([1, -1])
      steps: random.randint(10, 30)
      hits: random.randint(0, 3)
      tries: hits + random.randint(1, 3)
      fell: random.random() < 0.1
`,
};

const blocks = blocksOf(PAGES);

let world: World;
beforeAll(async () => {
  world = await openClone('docs-analysis', []);
});
afterAll(() => world.close());

describe('the pages about what is estimated', () => {
  const snippets = blocks.filter(({ language }) => language === 'yaml');

  it('show pipelines and call commands', () => {
    expect(new Set(snippets.map(({ page }) => page)).size).toBe(4);
    expect(commandsOf(blocks).length).toBeGreaterThan(8);
  });

  it.each(snippets.map(({ page, text }, at) => [`${page}, ${at}`, text] as const))(
    'show a pipeline that runs: %s',
    async (_, text) => {
      const rest = Object.entries(REST).filter(([key]) => !new RegExp(`^${key}:`, 'm').test(text));
      const path = 'snippet/pipeline.yaml';
      mkdirSync(dirname(join(world.folder, path)), { recursive: true });
      writeFileSync(join(world.folder, path), text + rest.map(([, written]) => written).join(''));
      const { code, stdout, stderr } = await world.octobatch([
        'run',
        'snippet',
        '--quiet',
        '--fail-on',
        'never',
      ]);
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    },
  );

  it('call commands that do what is written', async () => {
    for (const line of commandsOf(blocks)) {
      const spoken = await world.shell(line);
      expect(spoken.code, `${line}\n${spoken.stdout}${spoken.stderr}`).toBe(0);
      expect(spoken.stdout + spoken.stderr, line).not.toBe('');
      expectDecent(spoken);
    }
  });
});
