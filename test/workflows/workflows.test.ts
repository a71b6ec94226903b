// Every workflow file of the repository, and those that users copy, keeps to the rules; the least permissions of each
// stand here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { warnNoCollector } from '../../src/commands/announce-collector.ts';
import { payCommand } from '../../src/commands/workflow-command.ts';
import { pipelineKey } from '../../src/report/comment-marker.ts';
import {
  type Action,
  breachesOf,
  commandsOf,
  ownSteps,
  type Permissions,
  permissionsOf,
  readWorkflow,
  stepsOf,
  type Workflow,
} from './rules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const action = parse(read('action.yml')) as Action;

function workflowsIn(folder: string): readonly Workflow[] {
  return readdirSync(join(ROOT, folder))
    .sort()
    .map((file) => readWorkflow(file, read(`${folder}/${file}`)));
}

const examples = workflowsIn('examples/workflows');
const own = workflowsIn('.github/workflows');

const READ: Permissions = { contents: 'read' };
const NIGHTLY: Permissions = { contents: 'write', actions: 'read', statuses: 'write' };
const WHOLE: Permissions = { ...NIGHTLY, 'pull-requests': 'write' };

/** What each job may do. Whoever widens one says here that it was meant. */
const ALLOWED: Readonly<Record<string, Readonly<Record<string, Permissions>>>> = {
  'cancel.yml': { cancel: WHOLE },
  'collect.yml': { collect: WHOLE },
  'matrix.yml': { plan: READ, shards: { contents: 'write', actions: 'read' }, collect: NIGHTLY },
  'nightly.yml': { simulate: NIGHTLY, alert: { issues: 'write' } },
  'paid-fork.yml': { submit: WHOLE },
  'pull-request.yml': { submit: WHOLE },
  'required.yml': { submit: WHOLE },
  'simulate.yml': { simulate: READ },
};
const OWN_ALLOWED: typeof ALLOWED = {
  'ci.yml': { check: READ, action: READ },
  'octobatch.yml': {
    simulate: { ...READ, 'pull-requests': 'write' },
    collect: { ...READ, actions: 'read' },
  },
  'release.yml': { gate: READ, publish: { contents: 'write' } },
};

const named = (file: string): Workflow => examples.find((one) => one.file === file)!;

describe('the workflows', () => {
  it('keep to every rule', () => {
    expect(examples.length).toBeGreaterThan(7);
    expect(own.length).toBeGreaterThan(2);
    expect([...examples, ...own].flatMap((one) => breachesOf(one, action))).toEqual([]);
  });

  it('have the permissions that the table gives them, and no others', () => {
    const found = (all: readonly Workflow[]) =>
      Object.fromEntries(all.map((one) => [one.file, permissionsOf(one)]));
    expect(found(examples)).toEqual(ALLOWED);
    expect(found(own)).toEqual(OWN_ALLOWED);
  });

  it('say why each permission is there', () => {
    const bare = examples.flatMap(({ file, text }) =>
      [...text.matchAll(/^ +[a-z-]+: (?:read|write)(?! #).*$/gm)].map(([line]) => `${file}: ${line.trim()}`),
    );
    expect(bare).toEqual([]);
  });

  it('have names of their own', () => {
    const names = examples.filter(({ file }) => file !== 'required.yml').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the workflows for users', () => {
  it('open with what they do, need and cost', () => {
    for (const { file, text } of examples)
      expect(text.split('\n', 3), file).toEqual([
        expect.stringMatching(/^# Does: \S.*\.$/),
        expect.stringMatching(/^# Needs: \S.*/),
        expect.stringMatching(/^# Costs: \S.*\.$/),
      ]);
  });

  it('use the action, and the sample without a key has none', () => {
    for (const workflow of examples) expect(ownSteps(workflow).length, workflow.file).toBeGreaterThan(0);
    expect(named('simulate.yml').text).not.toContain('secrets.');
    expect(ownSteps(named('simulate.yml')).map((step) => step.with?.provider)).toEqual(['simulated']);
  });

  it('together use every command but the one that shows a report again', () => {
    const used = examples.flatMap(ownSteps).map((step) => step.with?.command ?? 'run');
    expect(commandsOf(action).length).toBeGreaterThan(5);
    expect([...new Set([...used, 'report'])].sort()).toEqual([...commandsOf(action)].sort());
  });

  it('collect what others have sent: by schedule, by hand, and after the workflows that are named', () => {
    const { on } = named('collect.yml');
    expect(Object.keys(on)).toEqual(['schedule', 'workflow_run', 'workflow_dispatch']);
    const names = examples.map(({ name }) => name);
    for (const name of (on.workflow_run as { readonly workflows: readonly string[] }).workflows)
      expect(names).toContain(name);
  });

  it('are known again by the action: the collector before it pays, and how a fork is paid for', () => {
    const paths = new Map(examples.map(({ file, text }) => [`.github/workflows/${file}`, text]));
    const without = new Map([...paths].filter(([path]) => !/collect|matrix/.test(path)));
    expect(warnNoCollector(without, 'main')).toContain('examples/workflows/collect.yml');
    without.set('.github/workflows/collect.yml', named('collect.yml').text);
    expect(warnNoCollector(without, 'main')).toBeNull();
    const commit = 'a'.repeat(40);
    expect(payCommand(paths, { pull: 17, commit })).toBe(
      `gh workflow run paid-fork.yml -f pr=17 -f sha=${commit}`,
    );
  });

  it('check nothing out where they hold keys and follow somebody else', () => {
    for (const file of ['collect.yml', 'cancel.yml'])
      expect(stepsOf(named(file)).map(({ uses }) => uses)).toEqual(['OWNER/octobatch-action@v1']);
  });

  it('take policy and ceiling of a paid run from the default branch, and its code from the commit that was read', () => {
    const { jobs, on } = named('paid-fork.yml');
    expect(Object.keys(on)).toEqual(['workflow_dispatch']);
    expect(jobs.submit).toMatchObject({ if: 'github.ref_name == github.event.repository.default_branch' });
    const [checkout, paid, ...more] = jobs.submit!.steps;
    expect(more).toEqual([]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
    expect(checkout?.with?.ref).toBe('${{ inputs.sha }}');
    expect(parse(String(paid?.with?.policy))).toHaveProperty('models');
  });

  it('write a skipped success under the name that the action gives the status', () => {
    const { slug, hash } = pipelineKey('dice', 'pipelines/dice');
    const contexts = stepsOf(named('required.yml')).flatMap((step) => step.env?.CONTEXT ?? []);
    expect(contexts).toEqual([`octobatch/${slug}-${hash}`]);
  });
});

describe('the rules', () => {
  it('find what is wrong', () => {
    const bad = readWorkflow(
      'bad.yml',
      `name: bad
on:
  pull_request_target:
  pull_request: { paths: [a] }
  schedule: [{ cron: "0 * * * *" }]
concurrency: { group: bad, cancel-in-progress: true }
jobs:
  a:
    steps:
      - uses: actions/checkout@main
      - run: echo "\${{ github.event.pull_request.title }}"
        env: { KEY: "\${{ secrets.KEY }}" }
      - id: own
        uses: OWNER/octobatch-action@v1
        env: { KEY: "\${{ secrets.KEY }}" }
        with: { command: pay, pipelines: p }
      - uses: ./
        env: { KEY: "\${{ secrets.KEY }}", OUT: "\${{ steps.own.outputs.money }}" }
`,
    );
    expect(breachesOf(bad, action).map((sentence) => sentence.replace('bad.yml: ', ''))).toEqual([
      'it starts on pull_request_target',
      '0 * * * * is on the hour, when GitHub is late',
      'pull_request has paths, so that a required status may never come',
      'it cancels a job that may be paying',
      'a secret is outside of the environment of the action',
      'run has a key and no max-cost',
      'actions/checkout@main is not pinned, or of a third party',
      'checkout leaves the token on the disk',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
      'an expression is pasted into a script: echo "${{ github.event.pull_request.title }}"',
      'the action has no input pipelines',
      'the action has no command pay',
      'the action has no output money',
      'job a has no timeout-minutes',
      'a stranger writes github.event.pull_request.title',
    ]);
    expect(permissionsOf(bad)).toEqual({ a: 'all' });
    expect(() => readWorkflow('bad.yml', 'a: 1\na: 2\n')).toThrow('bad.yml: Map keys must be unique');
  });
});
