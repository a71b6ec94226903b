// The comments of pull requests that change something, situation by situation, as their reviewers read them.
import { describe, expect, test } from 'vitest';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { COMMENT_LIMIT, type CommentInput, commentBody } from '../../src/report/comment.ts';
import { HEADLINE_LIMIT, verdictWord } from '../../src/report/headline.ts';
import { gateId, resultLine } from '../../src/report/history.ts';
import { PLOT_WIDTH } from '../../src/report/plot.ts';
import type { Stopping } from '../../src/report/stopped.ts';
import { commentOf, dialogues, FORTY, hands, STRATEGIES, walks } from './comment-golden-scene.ts';
import { earlier, HEAD, inputOf, surroundings } from './comment-scene.ts';
import { reportOf, waiting } from './fixture.ts';

const noDrop: Gate = {
  kind: 'share_change',
  name: 'no drop in character',
  expr: 'in_character',
  region: { atLeast: -0.05, atMost: null },
  confidence: 0.95,
};
const asLong: Gate = {
  kind: 'mean_change',
  name: 'answers as long',
  expr: 'words',
  region: { atLeast: -4, atMost: 4 },
  confidence: 0.95,
};
const inCharacter: Gate = {
  kind: 'share',
  name: 'in character',
  expr: 'in_character',
  region: { atLeast: 0.8, atMost: null },
  confidence: 0.95,
};
const cheap: Gate = { kind: 'cost', name: 'cost', region: { atLeast: null, atMost: 0.25 } };
const validHands: Gate = {
  kind: 'valid_share',
  name: 'valid hands',
  region: { atLeast: 0.8, atMost: null },
  confidence: 0.95,
};
const netGate: Gate = {
  kind: 'mean',
  name: 'net of a hand',
  expr: 'net',
  region: { atLeast: -0.4, atMost: null },
  confidence: 0.95,
};
const fewHard: Gate = {
  kind: 'share',
  name: 'hard decisions',
  expr: "difficulty == 'hard'",
  region: { atLeast: null, atMost: 0.25 },
  confidence: 0.95,
};
const beats: Gate = {
  kind: 'mean_difference',
  name: 'the pro beats the gambler',
  expr: 'net',
  by: 'strategy',
  of: 'the_pro',
  minus: 'the_gambler',
  region: { atLeast: 0, atMost: null },
  confidence: 0.95,
};
const steady: Gate = { ...asLong, name: 'walks as long', expr: 'steps', region: { atLeast: -1, atMost: 1 } };

const gates = [noDrop, asLong, inCharacter, cheap];
const old = { redrawn: 0, inCharacter: 0.9 };
const talks = (repeat: number, inCharacter: number, redrawn = 0.4, words = 31) =>
  commentOf(dialogues({ redrawn, inCharacter, words }, { repeat, gates }), dialogues(old, { repeat, gates }));
const handGates = [validHands, fewHard, cheap];

const stopped = (part: Partial<Stopping>): Stopping => ({
  ...{ stop: { every: 100, rule: { kind: 'gates', gates } }, look: 2, looks: 5 },
  ...{ units: 800, most: 2000, otherwise: 2000, isOver: true, enough: true },
  found: { kind: 'gates', gates: 3, undecided: 0 },
  ...part,
});
const figure = (n: number, value: number, half: number) => ({
  n,
  value,
  low: value - half,
  high: value + half,
});
const searched = stopped({
  stop: {
    every: 50,
    rule: { kind: 'best', of: { kind: 'mean', expr: 'net' }, by: 'strategy', wants: 'highest', fresh: 200 },
  },
  ...{ look: 3, looks: 3, units: 399, most: 399, otherwise: 900 },
  found: {
    kind: 'best',
    rounds: [
      [
        { ...figure(49, 0.02, 0.27), name: 'the_pro', goesOn: true },
        { ...figure(50, -0.16, 0.27), name: 'the_coward', goesOn: true },
        { ...figure(47, -0.3, 0.26), name: 'the_gambler', goesOn: false },
      ],
      [
        { ...figure(98, -0.02, 0.19), name: 'the_pro', goesOn: true },
        { ...figure(99, -0.2, 0.19), name: 'the_coward', goesOn: false },
      ],
    ],
    left: ['the_pro'],
    fresh: figure(197, -0.07, 0.13),
  },
});

const shared = { streamBy: "'shoe'", antithetic: false, stratify: null };
const coupled = hands({ repeat: 300, gates: [beats, validHands] });
const [deal, ...rest] = coupled.pipeline.steps;
const withShoe = {
  ...coupled,
  pipeline: { ...coupled.pipeline, steps: [{ ...deal!, coupling: shared }, ...rest] as typeof rest },
};
const before = talks(500, 0.91);
const pending = reportOf(waiting());

const scenes: Record<string, CommentInput> = {
  'change-pass': {
    ...before,
    history: [earlier('7', { verdict: 'inconclusive', figure: '−2pp', gate: gateId(noDrop.name) })],
  },
  'change-fail': talks(500, 0.78, 0.6, 38),
  'change-inconclusive': talks(40, 0.86),
  'change-pending': inputOf(pending, {
    last: { commit: '77ab012'.padEnd(40, '0'), report: before.report },
    history: [resultLine(before.report, '77ab012'.padEnd(40, '0'))!],
    surroundings: {
      ...surroundings,
      base: before.surroundings.base,
      links: { ...surroundings.links, report: null },
    },
  }),
  'not-comparable': commentOf(
    dialogues({ redrawn: 1, inCharacter: 0.9 }, { repeat: 200, gates }),
    dialogues(old, { repeat: 200, gates }),
    { model: 'gemini-1.5-flash' },
  ),
  'no-base': commentOf(dialogues(old, { repeat: 200, gates }), null),
  attrition: commentOf(
    hands({ repeat: 100, rejected: 0.3, redrawn: 0.3, gates: [validHands, netGate, fewHard, cheap] }),
    hands({ repeat: 100, rejected: 0.05, gates: [validHands, netGate, fewHard, cheap] }),
  ),
  'forty-groups': commentOf(
    dialogues({ redrawn: 0.5, inCharacter: 0.84 }, { npcs: FORTY, repeat: 50, gates }),
    dialogues(old, { npcs: FORTY, repeat: 50, gates }),
  ),
  'one-metric': commentOf(walks(400, 0.3, [steady]), walks(400, 0, [steady])),
  'no-gate': commentOf(walks(400, 0.3, []), walks(400, 0, [])),
  'stopped-early': commentOf(
    {
      ...dialogues({ redrawn: 0.3, inCharacter: 0.91 }, { repeat: 200, gates }),
      look: { look: 2, looks: 5 },
      stopping: stopped({}),
    },
    dialogues(old, { repeat: 200, gates }),
  ),
  'best-of': commentOf({ ...hands({ repeat: 133, gates: [validHands] }), stopping: searched }, null),
  'variance-gain': commentOf(withShoe, null),
  difference: commentOf(
    hands({ repeat: 200, redrawn: 0.5, gates: [beats, ...handGates] }),
    hands({ repeat: 200, gates: [beats, ...handGates] }),
  ),
  'same-numbers': commentOf(dialogues(old, { repeat: 200, gates }), dialogues(old, { repeat: 200, gates })),
};

describe.each(Object.entries(scenes))('%s', (name, input) => {
  const body = commentBody(input);
  const lines = body.split('\n');
  const heading = (lines.find((line) => line.startsWith('### ')) ?? '').slice(4);

  test('reads as its golden comment', async () => {
    await expect(body).toMatchFileSnapshot(`../golden/comment/${name}.md`);
  });

  test('has a first line that begins with the verdict, without its emoji, and is at most 110 characters', () => {
    expect([...heading].length).toBeLessThanOrEqual(HEADLINE_LIMIT);
    const words = heading.replace(/\p{Extended_Pictographic}\ufe0f?/gu, '').trim();
    expect(words.startsWith(`${verdictWord(input.report.verdict)}: ${input.report.pipeline}`)).toBe(true);
  });

  test('keeps plots within 58 columns and tables within five', () => {
    for (const block of body.matchAll(/```text\n([\s\S]*?)\n```/g))
      for (const line of block[1]!.split('\n')) expect([...line].length).toBeLessThanOrEqual(PLOT_WIDTH);
    for (const row of lines.filter((line) => line.startsWith('|')))
      expect(row.split('|').length - 2).toBeLessThanOrEqual(5);
  });

  test('names its commit and, of every change, an interval', () => {
    expect(body).toContain(`For commit \`${HEAD.slice(0, 7)}\``);
    for (const [said] of body.matchAll(/\*\*Change [^*]*\*\*/g)) expect(said).toMatch(/95% CI [−+±].* to /);
  });
});

test('two hundred groups stay within the limit', () => {
  const npcs = Array.from({ length: 200 }, (_, i) => `villager_of_the_northern_shore_${i}`);
  const input = commentOf(
    dialogues({ redrawn: 0.5, inCharacter: 0.84 }, { npcs, repeat: 10, gates }),
    dialogues(old, { npcs, repeat: 10, gates }),
  );
  const body = commentBody(input);
  expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  expect(body).toContain('in_character');
});

test('all strategies of the hands are there', () => {
  expect(hands({ repeat: 2 }).cases.map(({ item }) => item)).toEqual([...STRATEGIES, ...STRATEGIES]);
});
