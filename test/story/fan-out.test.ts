// A pipeline that fans out, on GitHub: one job sends the lists, a later one makes children of them and sends those, the next
// ones ask again for what failed and show the result. Each job knows nothing but the state branch and its artifacts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../github/archive.ts';
import { openPull, push } from '../github/scene.ts';
import { collectLater, expectHonest, ownComments, pendingPlaces, statusOf, submit } from './acts.ts';
import type { JobEnd } from './job.ts';
import { GAME, type Stage, setStage } from './stage.ts';
import { WORKFLOWS } from './workflows.ts';

const SAGA = 'pipelines/saga';

/** Twelve chapters of a saga have up to five scenes each, of which a unit takes four; the simulator sends some of five. */
function saga(highest: number): string {
  return `name: saga
seed: 5
items: [{ id: harbour }, { id: forest }]
repeat: 6
provider: openai
model: small
steps:
  - name: outline
    prompt: "How long are the scenes of a chapter in the {{ id }}?"
    max_tokens: 60
    schema:
      type: object
      required: [scenes]
      properties: { scenes: { type: array, minItems: 3, maxItems: 5, items: { type: integer, minimum: 1, maximum: 9 } } }
  - name: split
    fan_out: scenes
    as: pages
    max: 4
    retry: { max_attempts: 2 }
  - name: write
    prompt: "Write scene {{ _fan_index }} of {{ _fan_parent_id }} on {{ pages }} pages."
    max_tokens: 100
    schema:
      type: object
      required: [score]
      properties: { score: { type: integer, minimum: 1, maximum: ${highest} } }
  - name: judge
    expressions: { good: "score >= 3" }
gates:
  - { name: good scenes, share: good, at_least: 0.3 }
report: { group_by: id, outcomes: [good], metrics: [score] }
`;
}

const files = (highest: number) => ({ [`${SAGA}/pipeline.yaml`]: saga(highest) });
const HERE = { with: { command: 'submit', pipeline: SAGA } };

describe('a run that fans out', () => {
  let stage: Stage;
  const golden = (name: string, title: string): Promise<void> => {
    expectHonest(stage);
    return expect(stage.look(title)).toMatchFileSnapshot(`../golden/story/${name}.txt`);
  };
  const said = (pull: number): string => ownComments(stage, pull, 'saga', SAGA)[0]!.body;
  const sent = (): number => stage.provider.batches().length;
  /** Collectors until the run is over; the last of them. */
  const collectAll = async (): Promise<JobEnd> => {
    for (let jobs = 1; ; jobs++) {
      const job = await collectLater(stage);
      if (job.outputs.status !== 'pending' || jobs === 6) return job;
      stage.look('one of several');
    }
  };
  beforeAll(async () => {
    stage = await setStage({ repository: { public: true, files: { ...WORKFLOWS, ...files(6) } } });
  });
  afterAll(() => stage.close());

  it('has a result on main some jobs later', async () => {
    await stage.job({ event: { name: 'push', branch: 'main' }, ...HERE });
    const job = await collectAll();
    expect(job.outputs.status, job.log).toBe('completed');
    stage.look('main');
  });

  let pull: number;
  let commit: string;

  it('submits what makes the lists, and does not pretend to know how many units come of it', async () => {
    commit = push(stage.world, GAME, 'topic', files(4));
    pull = openPull(stage.world, GAME, { branch: 'topic' }).number;
    const job = await submit(stage, pull, HERE);
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(said(pull)).toMatch(/^ write .* 0 of \? +waiting$/m);
    await golden('fan-out-1-lists', 'A pull request');
  });

  it('makes children of the lists that are there in the next job, and sends them beside what is asked again', async () => {
    const before = sent();
    const job = await collectLater(stage);
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(sent()).toBe(before + 2);
    expect(said(pull)).toMatch(/^ write .* 0 of \d+\+ +0 of 1 back$/m);
    await golden('fan-out-2-children', 'The first collector');
  });

  it('shows the result against that of main, child by child', async () => {
    const job = await collectAll();
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'completed']);
    expect(statusOf(stage, commit, 'saga', SAGA)?.state).toBe('success');
    expect(pendingPlaces(stage)).toEqual([]);
    const { artifacts } = stage.world;
    const kept = [...artifacts.values()].filter(
      ({ name, run }) => name.endsWith('-results') && run === job.run,
    );
    const lines = new TextDecoder().decode(filesIn(kept[0]!).get('results.jsonl')).trimEnd().split('\n');
    expect(lines).toHaveLength(Number(job.outputs.valid));
    expect(lines[0]).toMatch(/"unit_id":"harbour__rep0000__fan000"/);
    await golden('fan-out-3-result', 'The last collector');
  });
});
