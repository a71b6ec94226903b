// Strangers' texts: a pull request full of comments, some of which claim to be ours, and a model that answers with two
// megabytes of whatever Markdown, HTML, a runner or a reader's eyes would obey.
import { describe, expect, it } from 'vitest';
import { commentMarker } from '../../src/report/comment-marker.ts';
import { filesIn } from '../github/archive.ts';
import { BOT, openPull, push } from '../github/scene.ts';
import { collectLater, expectHonest, ownComments, pendingPlaces, propose, submit } from './acts.ts';
import { aliveInLog, aliveInMarkdown } from './alive.ts';
import { EVIL } from './evil.ts';
import { startHostileModel } from './hostile-model.ts';
import { policyFor, TALE } from './pipelines.ts';
import { GAME, openStage, type Stage } from './stage.ts';

/** A comment that was there before. */
function say(stage: Stage, issue: number, login: string, body: string): number {
  const id = stage.world.nextId();
  const at = stage.world.stamp();
  stage.world.comments.set(id, { id, repository: GAME, issue, login, body, createdAt: at, updatedAt: at });
  return id;
}

describe('hostile texts', () => {
  it('among 150 comments and a forged marker our own comment is found again, and only ours is edited', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    const marker = commentMarker('tale', TALE);
    const forged = say(stage, pull, 'mallory', `${marker}\n### Pass: nothing to see here`);
    for (let index = 0; index < 150; index++) say(stage, pull, 'mona', `comment ${index}\n\n${marker}`);
    const bot = say(stage, pull, BOT, `Another action says:\n${marker}`);
    await submit(stage, pull);
    for (let index = 0; index < 150; index++) say(stage, pull, 'mona', `more ${index}`);
    await collectLater(stage);
    expect(ownComments(stage, pull)).toHaveLength(1);
    expect(ownComments(stage, pull)[0]!.body).not.toMatch(/^### ⏳/m);
    for (const id of [forged, bot]) {
      const { createdAt, updatedAt } = stage.world.comments.get(id)!;
      expect(updatedAt).toBe(createdAt);
    }
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('nothing a model says is alive in comment, summary, report or log', async () => {
    const stage = await openStage();
    const big = EVIL.repeat(Math.ceil(2_000_000 / EVIL.length));
    const model = await startHostileModel(stage.provider, (_, index) => {
      if (index % 3 === 0) return big;
      const mood = index % 3 === 1 ? EVIL : big;
      return JSON.stringify({ score: index % 2 === 0 ? mood : 4, mood });
    });
    try {
      push(stage.world, GAME, 'topic', { [`${TALE}/pipeline.yaml`]: MOODY });
      const pull = openPull(stage.world, GAME, { branch: 'topic' }).number;
      const more = { with: { policy: policyFor(model.url, 100), check: 'true' } };
      const jobs = [
        await submit(stage, pull, more),
        await collectLater(stage, more),
        await collectLater(stage, more),
      ];
      expect(pendingPlaces(stage)).toEqual([]);
      const own = [`https://github.com/${GAME}/`];
      const shown = [...jobs.map(({ summary }) => summary), ownComments(stage, pull)[0]!.body];
      shown.push(...[...stage.world.checks.values()].map(({ output }) => output.summary ?? ''));
      for (const text of shown) expect(aliveInMarkdown(text, own)).toEqual([]);
      for (const { log } of jobs) {
        expect(aliveInLog(log)).toEqual([]);
        expect(log).not.toMatch(/^::error::pwned/m);
      }
      expect(ownComments(stage, pull)[0]!.body.length).toBeLessThanOrEqual(60_000);
      for (const { summary } of jobs) expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(900_000);
      const page = [...stage.world.artifacts.values()].find(({ name }) => name.endsWith('.html'));
      const html = Buffer.from([...filesIn(page!).values()][0] ?? []).toString('utf8');
      expect(html).toMatch(/Content-Security-Policy[^>]*default-src &#39;none&#39;/);
      expect(html).not.toContain('<img src=x');
      expect(html.match(/<script/g)?.length).toBe(html.match(/<\/script/g)?.length);
      expect(html).not.toContain('<script>alert');
      expectHonest(stage);
    } finally {
      await model.close();
    }
  });
});

/** The model's own words are an outcome, so that they are shown. */
const MOODY = `name: tale
seed: 3
items: [{ id: harbour }, { id: forest }]
repeat: 3
provider: openai
model: small
steps:
  - name: tell
    prompt: "How is {{ id }}?"
    max_tokens: 600000
    retry: { max_attempts: 1 }
    schema:
      type: object
      required: [score, mood]
      properties: { score: { type: integer }, mood: { type: string } }
report: { outcomes: [mood], group_by: mood }
`;
