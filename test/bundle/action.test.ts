// The bundled action, run by the Node that runs the tests, in a repository made for each test.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorkspace, runStep } from './action.ts';

/** A walk computed locally; `ship` is the share of walks that reach it, about one half. */
const WALK = `
name: sailor
seed: 42
items: [{ id: pier, start: 5 }]
repeat: 40
steps:
  - name: walk
    init: { position: start }
    expressions: { position: "position + random.choice([-1, 1])" }
    loop_until: position <= 0 or position >= 10
  - name: judge
    expressions: { outcome: "'water' if position <= 0 else 'ship'" }
report: { outcomes: [outcome] }
`;

/** The same with a model that is simulated. */
const TALK = `
name: talker
seed: 7
items: [{ id: a, mood: calm }, { id: b, mood: wild }]
repeat: 5
steps:
  - name: draw
    expressions: { luck: "random.randint(1, 6)" }
  - name: speak
    prompt: "You are {{ mood }} and rolled {{ luck }}. Say how you feel.\\n"
    schema:
      type: object
      properties: { luck: { type: integer }, feeling: { type: string } }
      required: [luck, feeling]
    simulate: { luck: luck, feeling: "'fine' if luck > 1 else 'bad'" }
report: { outcomes: [feeling] }
`;

function workspaceWith(files: Readonly<Record<string, string>>): string {
  const workspace = makeWorkspace();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  return workspace;
}

const gate = (expr: string, region: string): string =>
  `gates:\n  - { name: the gate, share: "${expr}", ${region} }\n`;

describe('the bundled action', () => {
  test('runs a pipeline through simulated batches to a green dry run', async () => {
    const workspace = workspaceWith({ 'pipelines/talker/pipeline.yaml': TALK });
    const step = await runStep(workspace, { pipeline: 'pipelines/talker' });
    expect(step.log).not.toContain('::error');
    expect(step.green).toBe(true);
    expect(step.outputs).toMatchObject({
      status: 'completed',
      verdict: 'dry_run',
      valid: '10',
      failed: '0',
      cost: '0',
    });
    expect(step.outputs['run-id']).toMatch(/^talker-/);
    const results = readFileSync(join(workspace, step.outputs['results-file']!), 'utf8')
      .trimEnd()
      .split('\n');
    expect(results).toHaveLength(10);
    expect(JSON.parse(results[0]!)).toMatchObject({ unit_id: 'a__rep0000', mood: 'calm' });
    expect(JSON.parse(readFileSync(join(workspace, step.outputs['report-file']!), 'utf8')).verdict).toBe(
      'dry_run',
    );
    expect(step.summary.trimEnd()).toBe(
      readFileSync(join(workspace, step.outputs['summary-file']!), 'utf8').trimEnd(),
    );
    expect(step.summary.split('\n')[0]).toMatch(/simulated|dry run/i);
    expect(step.log).toMatch(/^::group::pipelines\/talker$/m);
    expect(step.log).toMatch(/^::endgroup::$/m);
  });

  test('goes on with what exists when nothing has changed, and pays and changes nothing', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': TALK });
    const first = await runStep(workspace, { pipeline: 'p' });
    const results = readFileSync(join(workspace, first.outputs['results-file']!), 'utf8');
    const second = await runStep(workspace, { pipeline: './p/' });
    expect(second.log).toContain('which is finished: its result is shown, and nothing is paid again');
    expect(second.outputs).toEqual(first.outputs);
    expect(readFileSync(join(workspace, second.outputs['results-file']!), 'utf8')).toBe(results);
  });

  test('a passing gate is green, a failing one red unless it is told never to be', async () => {
    const workspace = workspaceWith({
      'good/pipeline.yaml': WALK + gate("outcome == 'ship'", 'between: [0.01, 0.99]'),
      'bad/pipeline.yaml': WALK + gate("outcome == 'ship'", 'at_least: 0.9'),
    });
    const good = await runStep(workspace, { pipeline: 'good' });
    expect([good.green, good.outputs.verdict]).toEqual([true, 'pass']);
    const bad = await runStep(workspace, { pipeline: 'bad' });
    expect([bad.green, bad.outputs.status, bad.outputs.verdict]).toEqual([false, 'completed', 'fail']);
    expect(bad.annotations).toHaveLength(1);
    const never = await runStep(workspace, { pipeline: 'bad', 'fail-on': 'never' });
    expect([never.green, never.outputs.verdict]).toEqual([true, 'fail']);
  });

  test('a gate over invented answers never turns the job red', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': TALK + gate("feeling == 'bad'", 'at_least: 0.6') });
    const step = await runStep(workspace, { pipeline: 'p' });
    expect([step.green, step.outputs.verdict]).toEqual([true, 'dry_run']);
    expect(step.summary).toContain('the gate');
  });

  test('submit leaves a pending run that collect finishes', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': TALK });
    const submitted = await runStep(workspace, { command: 'submit', pipeline: 'p' });
    expect(submitted.green).toBe(true);
    expect(submitted.outputs).toMatchObject({ status: 'pending', verdict: 'pending' });
    expect(submitted.summary).toMatch(/pending/i);
    const collected = await runStep(workspace, { command: 'collect', wait: '1m' });
    expect(collected.outputs).toMatchObject({ status: 'completed', verdict: 'dry_run', valid: '10' });
    expect(collected.outputs['run-id']).toBe(submitted.outputs['run-id']);
    const again = await runStep(workspace, { command: 'collect' });
    expect(again.log).toContain('There is no unfinished run.');
    expect(again.outputs).toEqual({ status: 'completed' });
    const report = await runStep(workspace, { command: 'report', pipeline: 'p' });
    expect(report.outputs).toEqual(collected.outputs);
  });

  test('a cancelled job leaves a run that a later one finishes, to the same results', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': TALK, 'q/p/pipeline.yaml': TALK });
    const cancelled = await runStep(workspace, { pipeline: 'p' }, { cancelAt: 'sent to simulated' });
    // The batch may come back in the moment of the signal; either way the job says where the run stands.
    expect(['pending', 'completed']).toContain(cancelled.outputs.status);
    expect(cancelled.green).toBe(true);
    const resumed = await runStep(workspace, { pipeline: 'p' });
    const untouched = await runStep(workspace, { pipeline: 'p', 'working-directory': 'q' });
    expect(resumed.outputs).toMatchObject({ status: 'completed', valid: '10' });
    const [first, second] = [resumed, untouched].map((step) =>
      readFileSync(join(workspace, step.outputs['results-file']!), 'utf8'),
    );
    expect(first).toBe(second);
  });

  test('plan counts and sends nothing', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': TALK });
    const step = await runStep(workspace, { command: 'plan', pipeline: 'p' });
    expect(step.green).toBe(true);
    expect(step.log).toContain('10 units');
    expect(step.summary).toContain('10 units');
    expect(existsSync(join(workspace, '.octobatch'))).toBe(false);
  });

  test('a mistake in a pipeline is an annotation at its line, and no other pipeline suffers', async () => {
    const broken = WALK.replace('loop_until: position <= 0 or', 'loop_untill: position <= 0 or');
    const workspace = workspaceWith({
      'app/broken/pipeline.yaml': broken,
      'app/good/pipeline.yaml': WALK,
    });
    const step = await runStep(workspace, { pipeline: 'broken\ngood', 'working-directory': 'app' });
    expect(step.green).toBe(false);
    const line = broken.split('\n').findIndex((text) => text.includes('loop_untill')) + 1;
    const [first, last] = step.annotations;
    expect(first).toMatch(new RegExp(`^::error file=app/broken/pipeline.yaml,line=${line},col=\\d+::`));
    expect(first).toContain('loop_until');
    expect(last).toBe('::error::1 mistake in the configuration, nothing was run');
    expect(step.outputs).toMatchObject({ status: 'error', verdict: 'error', valid: '40' });
    expect(step.outputs['results-file']).toMatch(/^app\/\.octobatch\//);
    expect(step.summary).toContain('loop_untill');
    expect(step.log).not.toContain('    at ');
  });

  test('mistakes in the inputs are told all at once', async () => {
    const step = await runStep(workspaceWith({}), { repeat: 'many', wait: '5' });
    expect(step.green).toBe(false);
    expect(step.outputs).toMatchObject({ status: 'error', verdict: 'error' });
    for (const name of ['pipeline', 'repeat', 'wait']) {
      expect(step.annotations.filter((line) => line.startsWith(`::error::input ${name} `))).toHaveLength(1);
    }
  });

  test('a folder that is not there is one clear line', async () => {
    const step = await runStep(workspaceWith({}), { pipeline: 'pipelines/none' });
    expect(step.green).toBe(false);
    expect(step.annotations[0]).toContain('pipelines/none');
    expect(step.log).not.toContain('    at ');
  });

  test('answers and names cannot speak to the runner', async () => {
    const hostile = '\\n::error::pwned\\n##[error]pwned\\n::set-env name=A::b';
    const workspace = workspaceWith({
      'p/pipeline.yaml': TALK.replace('mood: calm', `mood: "${hostile}"`).replace(
        "feeling: \"'fine' if luck > 1 else 'bad'\"",
        'feeling: mood, extra: mood',
      ),
      'q/pipeline.yaml': `name: q\nitems: [{ id: a, x: "${hostile}" }]\nsteps:\n  - { name: s, expressions: { y: "int(x)" } }\n`,
    });
    const step = await runStep(workspace, { pipeline: 'p\nq\n::error::none' });
    const commands = step.log.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    for (const line of commands) expect(line).toMatch(/^::(group::|endgroup::|error::|error file=)/);
    expect(step.log).not.toMatch(/^::error::pwned/m);
    expect(step.log).not.toMatch(/^::set-env/m);
  });

  test('without a place for the job summary it still runs', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': WALK });
    const step = await runStep(workspace, { pipeline: 'p' }, { env: { GITHUB_STEP_SUMMARY: '' } });
    expect([step.green, step.outputs.verdict]).toEqual([true, 'pass']);
  });

  test('tells how to run it again with the version of the action that ran', async () => {
    const workspace = workspaceWith({ 'p/pipeline.yaml': WALK });
    const env = { GITHUB_ACTION_REPOSITORY: 'o/octobatch-action', GITHUB_ACTION_REF: 'v1' };
    const step = await runStep(workspace, { pipeline: 'p', seed: '3' }, { env });
    expect(step.summary).toContain('npx --package=github:o/octobatch-action#v1 octobatch run p --seed 3');
  });
});
