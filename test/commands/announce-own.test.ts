// Which comment is a pipeline's own, and what may take the place of what stands there.
import { describe, expect, test } from 'vitest';
import { announce } from '../../src/commands/announce.ts';
import { findOwnComment } from '../../src/report/comment-marker.ts';
import { NEWER } from '../report/comment-scene.ts';
import { hostWithPull, REPORTS, requestOf } from './announce-scene.ts';

const { pass, fail, pending, dryRun } = REPORTS;

describe('invented answers', () => {
  test.each([
    ['a result', fail],
    ['a run under way', pending],
  ])('never take the place of %s about the same commit', async (_, real) => {
    const hosting = hostWithPull();
    await announce(hosting, requestOf(real));
    const before = hosting.written.map(({ body }) => body);
    const announced = await announce(hosting, requestOf(dryRun));
    expect(announced.comment.did).toBe('nothing');
    expect(hosting.written.map(({ body }) => body)).toEqual(before);
  });

  test('replace what is about an older commit, and one another', async () => {
    const hosting = hostWithPull();
    await announce(hosting, requestOf(fail, { target: { pull: 17, commit: NEWER } }));
    expect((await announce(hosting, requestOf(dryRun))).comment.did).toBe('edited');
    const other = { ...dryRun, headline: 'Dry run: otherwise' };
    expect((await announce(hosting, requestOf(other))).comment.did).toBe('edited');
    expect((await announce(hosting, requestOf(pass))).comment.did).toBe('edited');
  });
});

describe('a pipeline with another name at the same path', () => {
  const renamed = { name: 'other-name', path: 'pipelines/npc-dialogue' };

  test('goes on with its comment and what that remembers', async () => {
    const hosting = hostWithPull();
    await announce(hosting, requestOf(fail, { target: { pull: 17, commit: NEWER } }));
    await announce(hosting, requestOf(pass, { pipeline: renamed }));
    expect(hosting.written).toHaveLength(1);
    expect(hosting.written[0]!.body).toMatch(/^<!-- octobatch other-name [0-9a-f]{8} -->\n/);
    expect(hosting.written[0]!.body).toContain(NEWER.slice(0, 7));
  });

  test('takes the comment with its own name when there are both', () => {
    const marker = '<!-- octobatch new 01234567 -->';
    const bodies = ['<!-- octobatch old 01234567 -->', marker, marker, '<!-- octobatch new 89abcdef -->'];
    const comments = bodies.map((body, at) => ({ id: at + 1, author: 'bot', body }));
    expect(findOwnComment(comments, { author: 'bot', marker })?.id).toBe(2);
    expect(findOwnComment(comments.slice(0, 1), { author: 'bot', marker })?.id).toBe(1);
    expect(findOwnComment(comments.slice(3), { author: 'bot', marker })).toBeNull();
    expect(findOwnComment(comments, { author: 'eve', marker })).toBeNull();
  });
});
