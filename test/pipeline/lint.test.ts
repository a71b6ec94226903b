// Pipelines that are right, however unusual: the checks of names say nothing about them. What they do say about others
// is in broken.test.ts.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../src/adapters/folder.ts';
import { ConfigurationError, formatDiagnostic, formatWarning } from '../../src/pipeline/diagnostic.ts';
import type { PipelineFiles } from '../../src/pipeline/files.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

async function said(files: PipelineFiles): Promise<string[]> {
  try {
    return (await loadPipeline(files, {}, checkSchema)).warnings.map(formatWarning);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

test.each(['examples', 'test/fixtures'])('nothing is said of the pipelines in %s', async (parent) => {
  const names = (await readdir(join(ROOT, parent), { withFileTypes: true })).filter((one) =>
    one.isDirectory(),
  );
  let pipelines = 0;
  for (const { name } of names) {
    const folder = openFolder(join(ROOT, parent, name), name);
    if (!(await folder.exists('pipeline.yaml')) && !(await folder.exists('config.yaml'))) continue;
    pipelines++;
    expect(await said(folder), name).toEqual([]);
  }
  expect(pipelines).toBeGreaterThan(0);
});

const ITEMS = 'items: [{ id: pier, start: 5, tags: [calm, wet], odds: { calm: 2 } }, { id: quay, end: 9 }]\n';

async function saidOf(
  steps: string,
  more = '',
  files: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  return said(memoryFolder({ 'pipeline.yaml': `${ITEMS}${more}\nsteps:\n${steps}`, ...files }));
}

function expressions(...lines: readonly string[]): string {
  return `  - name: walk\n    expressions:\n${lines.map((line, i) => `      f${i}: ${JSON.stringify(line)}\n`).join('')}`;
}

describe('nothing is said of', () => {
  test('variables of loops, lambdas and assignments inside expressions', async () => {
    const steps = expressions(
      '[a + b for a, (b, c) in zip(tags, [(1, (2, 3))]) if a and c]',
      '{k: v for k, v in odds.items() if k not in {t for t in tags}}',
      'sorted(tags, key=lambda t, n=start: (n, t))',
      '(total := start + 1) + total',
      'total + 1',
      '[last := t for t in tags] and last',
      "f'{start:>{len(tags)}} {(lambda x: x)(start)!r}'",
      'sum(x for row in [[1], [2]] for x in row)',
      '[[t for t in tags] for _ in range(2)]',
      'max(tags, default=None, key=len)',
      'any(map(lambda t: t in odds, tags))',
    );
    expect(await saidOf(steps)).toEqual([]);
  });

  test('fields that only some items have, repetitions, builtins and names of mathematics', async () => {
    const steps = expressions(
      'start + end',
      '_repetition_id + _repetition_seed',
      'sqrt(pi) + math.e + tau + floor(2.5) + inf',
      'random.choice(tags) + str(random.gauss(0, 1))',
      'isinstance(start, (int, float)) and id',
    );
    expect(await saidOf(steps)).toEqual([]);
  });

  test('fields that a loop gives before they are needed', async () => {
    const steps = `
  - name: walk
    init: { step: "0", path: "[]" }
    expressions:
      before: position if step > 0 else start
      moved: step > 0 and position > 3
      position: before + 1
      step: step + 1
      noted: path.append(position)
    loop_until: (done := position > 9) or len(path) > 20
`;
    expect(await saidOf(steps)).toEqual([]);
  });

  test('conditions that only look constant, and loops that end by what they draw or change', async () => {
    const steps = [
      'len([start]) > start',
      'start and True',
      'n > 3 or False',
      'random.random() < 0.1',
      'not path',
    ]
      .map(
        (until, i) => `
  - name: walk${i}
    init: { n: "0", path: "[1, 2, 3]" }
    expressions: { n: n + 1, start: "9", popped: path.pop() }
    loop_until: ${until}
  - { name: tell${i}, prompt: "{{ n }} {{ path }} {{ start }} {{ popped }}" }
`,
      )
      .join('');
    expect(await saidOf(steps)).toEqual([]);
  });

  test('whatever a model may have answered when no schema says what', async () => {
    const steps = `
  - { name: free, prompt: "Tell of {{ start }}." }
  - name: tally
    expressions: { far: verdict == 'far', length: len(response) }
    rules: [{ name: sure, expr: confidence > 0.5, when: mood != 'bad' }]
  - { name: judge, prompt: "{{ reasoning }} {{ far }}", required: [fit], ranges: { fit: [0, 1] } }
`;
    const more =
      'report: { group_by: town, outcomes: [mood] }\ngates: [{ name: g, mean: confidence, at_least: 0 }]';
    expect(await saidOf(steps, more)).toEqual([]);
  });

  test.each([
    '{ type: object, properties: { a: { type: string } }, additionalProperties: true }',
    '{ type: object, properties: { a: { type: string } }, additionalProperties: { type: number } }',
    '{ type: object, properties: { a: { type: string } }, patternProperties: { "^x": {} }, additionalProperties: false }',
    '{ type: object, properties: { a: { type: string } }, allOf: [{ properties: { verdict: {} } }] }',
    '{ type: object, properties: { a: { type: string } }, if: { required: [a] }, then: { required: [verdict] } }',
    '{ type: object }',
  ])('fields of an answer that the schema %s leaves open', async (schema) => {
    const steps = `
  - name: tell
    prompt: Tell of {{ start }}.
    schema: ${schema}
    rules: [{ name: sure, expr: verdict == a }]
    simulate: { a: "'far'", other: "1" }
`;
    expect(await saidOf(steps, 'gates: [{ name: g, share: verdict == 1, at_least: 0 }]')).toEqual([]);
  });

  test('optional properties, required fields, and fields that an answer only has in its checks', async () => {
    const steps = `
  - name: tell
    prompt: Tell of {{ start }}.
    schema: { type: object, required: [a], properties: { a: {}, b: {} }, additionalProperties: false }
  - name: weigh
    prompt: Weigh {{ a }} and {{ b }}.
    schema: { type: object, properties: { c: {} } }
    required: [d]
    types: { e: string }
    rules: [{ name: all, expr: a == b == c == d == e }]
`;
    expect(await saidOf(steps)).toEqual([]);
  });

  test('names in templates that are set, optional, imported or prepared', async () => {
    const steps = `
  - { name: tell, prompt: tell.jinja2, prepare: { half: start / 2, quarter: half / 2 } }
`;
    const files = {
      'tell.jinja2': `{% import 'parts.jinja2' as parts %}{% from 'parts.jinja2' import hello %}
{% set place = river %}{{ place }} {{ hello(start) }} {{ parts.hello(quarter) }}
{% for tag in tags %}{{ loop.index }}{{ tag }}{{ range(3) }}{% else %}{{ note | default('') }}{% endfor %}
{% if mood is defined and mood %}{{ mood }}{% endif %}
{% macro show(a, b=start) %}{{ a }}{{ b }}{{ caller() }}{{ varargs }}{{ kwargs }}{% endmacro %}
{% call show(1) %}x{% endcall %}{% set ns = namespace(n=0) %}{% set ns.n = ns.n + 1 %}{{ ns.n }}
{% with z = end %}{{ z }}{% include 'inner.jinja2' %}{% endwith %}{{ dict(a=1) }}`,
      'parts.jinja2': '{% macro hello(x) %}Hello {{ x }}{% endmacro %}',
      'inner.jinja2': '{{ z }} {{ river }} {{ mood }}',
    };
    expect(await saidOf(steps, 'globals: { river: Po }', files)).toEqual([]);
  });

  test('values that a template chosen while rendering may read', async () => {
    const steps = `
  - { name: tell, prompt: "{% include kind %}", prepare: { kind: "'part.txt'", half: start / 2 } }
`;
    expect(await saidOf(steps, '', { 'part.txt': '{{ half }}' })).toEqual([]);
  });

  test('fields of the unit and of earlier values in what the simulated provider says', async () => {
    const steps = `
  - name: tell
    prompt: Tell of {{ start }}.
    schema: { type: object, properties: { a: {}, b: {} } }
    simulate: { a: "random.choice(tags) + river", b: "a if start > 3 else odds" }
`;
    expect(await saidOf(steps, 'globals: { river: Po }')).toEqual([]);
  });

  test('the positions of combined units', async () => {
    const files = {
      'pipeline.yaml': `
items: { source: rows.yaml }
units: { cross_product: { npc: people, mood: moods } }
steps:
  - name: meet
    expressions: { title: "npc['name'].title() + mood.get('id', '')" }
  - { name: tell, prompt: "{{ npc.name }} {{ mood.whatever }} {{ title }}" }
report: { group_by: npc }
`,
      'rows.yaml': 'people: [{ id: smith, name: Smith }]\nmoods: [{ id: calm }]\n',
    };
    expect(await said(memoryFolder(files))).toEqual([]);
  });

  test('a field that a later step overwrites after something has read it', async () => {
    const steps = `
  - name: draft
    expressions: { a: start, b: start, c: start, d: start }
    rules: [{ name: r, expr: a > 0, error: "{b} is wrong" }]
  - { name: tell, prompt: "{{ c }}", schema: { type: object, properties: { d: {} } } }
  - { name: final, expressions: { a: "1", b: "2", c: "3", d: "4" } }
`;
    expect(await saidOf(steps)).toEqual([]);
  });

  test('an Octobatch folder with prepared values, repetitions and what Octobatch writes into answers', async () => {
    const files = {
      'config.yaml': `
pipeline:
  steps:
    - { name: tell, prompt_template: tell.jinja2 }
    - { name: judge, prompt_template: judge.jinja2 }
processing:
  strategy: permutation
  repeat: 3
  positions: [first, second]
  expressions: { roll: "random.randint(1, 6)", twice: roll * 2 }
  items: { source: items.yaml, key: cards, name_field: name }
prompts:
  templates: { tell: tell.jinja2, judge: judge.jinja2 }
  global_context: { river: Po }
validation:
  tell: { required: [unit_id, _metadata, line], types: { line: string } }
  judge: { rules: [{ name: fits, expr: "fit > 0.5 and first != second", error: "{fit}" }] }
`,
      'items.yaml': 'cards: [{ name: ace }, { name: king }, { name: ten }]\n',
      'templates/tell.jinja2':
        '{{ first.name }} {{ second.suit }} {{ twice }} {{ river }} {{ _repetition_id }}\n',
      'templates/judge.jinja2': '{{ line }} {{ roll }} {{ anything_the_model_added }}\n',
    };
    expect(await said(memoryFolder(files))).toEqual([]);
  });
});

// Every name that a step, a rule, a gate or the report reads is looked at: misspell any one of them, and it is found.
test.each([
  [
    'examples/drunken-sailor',
    'position start_position path steps_taken final_position outcome random scenario_name',
  ],
  ['examples/market-haggle', 'asking_price price budget patience sold cost merchant temper in_character'],
  ['test/fixtures/courier', 'hours day distance town mood line fit random'],
])('any name misspelt in %s is said at its line', async (path, words) => {
  const folder = openFolder(join(ROOT, path), 'x');
  const read = await folder.read('pipeline.yaml');
  const text = read.kind === 'text' ? read.text : '';
  const lines = text.split('\n');
  const pattern = new RegExp(`(?<![\\w.'])(?:${words.replaceAll(' ', '|')})(?![\\w:'])`, 'g');
  const isChecked = (line: string): boolean =>
    !/^\s*(#|Answer|error:|(- )?name:|items:|required:|properties:)|- \{ id/.test(line);
  let tried = 0;
  for (const [i, line] of lines.entries()) {
    if (!isChecked(line)) continue;
    for (const { index, 0: word } of line.split(', error:')[0]!.split(' # ')[0]!.matchAll(pattern)) {
      const isProse = /\{\{|f'/.test(line) && !/\{ ?$/.test(line.slice(0, index));
      if (isProse) continue;
      const changed = lines.with(i, `${line.slice(0, index)}${word}_zz${line.slice(index + word.length)}`);
      const files: PipelineFiles = {
        folder: folder.folder,
        exists: (name) => folder.exists(name),
        lines: (name) => folder.lines(name),
        list: (name) => folder.list(name),
        read: async (name) =>
          name === 'pipeline.yaml' ? { kind: 'text', text: changed.join('\n') } : folder.read(name),
      };
      tried++;
      const found = (await said(files)).filter((one) => one.includes(`${word}_zz`));
      expect(
        found.map((one) => one.split(':')[1]),
        changed[i],
      ).toContain(String(i + 1));
    }
  }
  expect(tried).toBeGreaterThan(10);
});

test('many unknown names are all said, whatever looking for likely ones would cost', async () => {
  const lines = Array.from({ length: 400 }, (_, i) => `unknown_name_number_${i} + ${'x'.repeat(60)}${i}`);
  const found = await saidOf(expressions(...lines));
  expect(found.length).toBe(800);
});

test('a name is said once per expression', async () => {
  expect(await saidOf(expressions('wind + wind * wind'))).toHaveLength(1);
});

test('a chain that would end the stack is a mistake with a place', async () => {
  const [line] = await saidOf(expressions('start', `(x := 1) + ${'1 + '.repeat(9500)}1`));
  expect(line).toMatch(
    /^pipelines\/test\/pipeline\.yaml:7:8025 {2}walk\.f1: a chain of more than 2000 operators {2}/,
  );
});

test('what is reckoned from results draws nothing: there is no stream for it', async () => {
  const claims = [
    'gates: [{ name: g, share: random.random() < 0.5, at_least: 0.1 }, { name: h, mean: f0, at_least: 0 }]',
    'report:',
    '  ratios: { r: { of: f0, to: f0 * random.random() } }',
    '  rates: { e: { events: int(random.random() < 0.1), per: f0 } }',
    '  custom: { c: random.choice(f0) }',
    'stop: { every: 10, half_width: { mean: f0 + random.random(), at_most: 1 } }',
    'repeat: 50',
  ];
  const found = await saidOf(expressions('start + 1'), claims.join('\n'));
  const drawn = found.filter((one) => one.includes(' draws  '));
  expect(drawn.map((one) => one.replace(/ draws {2}.*/, '').replace(/^\S+ {2}/, ''))).toEqual([
    'gates.g.share',
    'report.ratios.r.to',
    'report.rates.e.events',
    'report.custom.c',
    'stop.half_width.mean',
  ]);
  expect(drawn[0]).toContain('draw in an expression step, and name its field here');
});
