// What a YAML block of a page is, told from its keys, and the rest of a pipeline around one that shows a part. It runs nothing.
import { parseDocument } from 'yaml';
import { nativeSchema } from '../../src/pipeline/schema.ts';

/** What a block shows; `files`: a whole pipeline folder by path. */
export type Snippet =
  | { readonly kind: 'pipeline'; readonly files: Readonly<Record<string, string>>; readonly asks: boolean }
  | { readonly kind: 'workflow'; readonly text: string }
  | { readonly kind: 'policy' }
  | { readonly kind: 'scenario' }
  | { readonly kind: 'items' }
  | { readonly kind: 'unknown'; readonly keys: readonly string[] };

const NATIVE = Object.keys(nativeSchema.shape);
const OCTOBATCH = ['pipeline', 'api', 'processing', 'prompts', 'schemas', 'validation'];
/** Entries of `post_process` that only that form has. */
const OCTOBATCH_ENTRIES = /^\s+(?:- type: gzip|script: \.?\/?scripts\/)/m;
const SCENARIO = ['latency', 'call_latency', 'lifetime', 'faults', 'cached', 'queue_tokens', 'mishaps'];
const STEP = ['prompt', 'expressions', 'fan_out', 'script', 'prompt_template'];
const WORKFLOW = ['on', 'permissions', 'concurrency', 'env', 'with'];

/** What parts of pipelines leave out: items, and a step whose fields they speak of. */
const REST: Readonly<Record<string, string>> = {
  items: `items:
  - { id: a, strategy: the_pro, tale: once, text: one }
  - { id: b, strategy: the_coward, tale: twice, text: two }
`,
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
      good: outcome != 'lose'
`,
};

/** The same for folders of the Octobatch form, a file each, and for its configuration. */
const OCTOBATCH_FILES: Readonly<Record<string, string>> = {
  'items.yaml': 'items:\n  - { id: a, text: one }\n  - { id: b, text: two }\n',
};
const OCTOBATCH_REST: Readonly<Record<string, string>> = {
  processing: 'processing:\n  strategy: direct\n  items: { source: items.yaml, key: items }\n',
  pipeline: 'pipeline:\n  steps:\n    - { name: walk, scope: expression, expressions: { outcome: "1" } }\n',
};

/** What the block is. `files`: other files that the page shows, below the folder of this one. */
export function snippetOf(text: string, files: Readonly<Record<string, string>> = {}): Snippet {
  const shown = parseDocument(text).toJS() as unknown;
  if (Array.isArray(shown)) return listed(text, shown, files);
  const keys = Object.keys((shown ?? {}) as object);
  const among = (known: readonly string[]): boolean => keys.every((key) => known.includes(key));
  if (keys.includes('jobs')) return { kind: 'workflow', text };
  if (among(WORKFLOW) && keys.length > 0) return { kind: 'workflow', text: inWorkflow(text, keys) };
  if (keys.includes('models')) return { kind: 'policy' };
  if (keys.some((key) => SCENARIO.includes(key))) return { kind: 'scenario' };
  if (keys.some((key) => OCTOBATCH.includes(key)) || OCTOBATCH_ENTRIES.test(text))
    return whole('config.yaml', text, keys, OCTOBATCH_REST, { ...OCTOBATCH_FILES, ...files });
  if (among(NATIVE)) return whole('pipeline.yaml', text, keys, REST, files);
  return { kind: 'unknown', keys };
}

function listed(text: string, shown: readonly unknown[], files: Readonly<Record<string, string>>): Snippet {
  const keys = Object.keys((shown[0] ?? {}) as object);
  if (keys.some((key) => STEP.includes(key))) return snippetOf(`steps:\n${indent(text)}`, files);
  if (keys.includes('uses')) return { kind: 'workflow', text: inWorkflow(text, ['steps']) };
  return keys.includes('id') || keys.includes('name') ? { kind: 'items' } : { kind: 'unknown', keys };
}

function whole(
  name: string,
  text: string,
  keys: readonly string[],
  rest: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>>,
): Snippet {
  const missing = Object.entries(rest).flatMap(([key, lines]) => (keys.includes(key) ? [] : [lines]));
  const written = text + missing.join('');
  const asks =
    /^[\s{,-]*(?:prompt|prompt_template|templates): /m.test(written) || /[{,] prompt: /.test(written);
  return { kind: 'pipeline', asks, files: { ...stubs(written, name), ...files, [name]: written } };
}

/** Files that a part names and the page does not show. */
function stubs(text: string, name: string): Record<string, string> {
  const named = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map((match) => match[1]!);
  const folder = name === 'config.yaml' ? 'templates/' : '';
  return Object.fromEntries([
    ...named(/\b(?:prompt|system|prompt_template): ([\w./-]+\.\w+)/g).map((path) => [
      `${folder}${path}`,
      'Say it.\n',
    ]),
    ...named(/\bschema: ([\w./-]+\.json)/g).map((path) => [path, '{ "type": "object" }\n']),
    ...named(/\bscript: ([\w./-]+\.\w+)/g).map((path) => [path, '\n']),
  ]);
}

function inWorkflow(text: string, keys: readonly string[]): string {
  const own = keys.includes('on') ? '' : 'on: push\n';
  if (keys.includes('steps')) return `${own}jobs:\n  a:\n    steps:\n${indent(indent(indent(text)))}`;
  if (keys.includes('with'))
    return `${own}jobs:\n  a:\n    steps:\n      - uses: OWNER/octobatch-action@v1\n${indent(indent(indent(indent(text))))}`;
  return `${own}${text}jobs: { a: { steps: [] } }\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
