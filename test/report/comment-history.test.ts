import { expect, test } from 'vitest';
import { commentBody } from '../../src/report/comment.ts';
import { readData, readHistory, writeData } from '../../src/report/comment-data.ts';
import { commentMarker } from '../../src/report/comment-marker.ts';
import { addResult, HISTORY_LIMIT, parseResult, resultLine, writeResult } from '../../src/report/history.ts';
import { fc } from '../property.ts';
import { earlier, HEAD, inputOf, nasty, poisoned } from './comment-scene.ts';
import { canceled, dialogue, paused, reportOf, sailor, shipGate, waiting } from './fixture.ts';

const marker = commentMarker('npc-dialogue', 'examples/npc-dialogue');
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const line = fc.record({
  commit: hex(40),
  verdict: fc.constantFrom('pass', 'fail', 'inconclusive', 'dry_run', 'error'),
  valid: fc.nat(),
  planned: fc.nat(),
  spent: fc.constantFrom(null, '0', '0.0148', '12.5', '0.000000000001'),
  figure: fc.constantFrom('41%', '−0.25', '1,234.5', '$0.05', '1.234e15', '99.99%'),
  gate: hex(8),
});

test('a result is read back as it was written', () => {
  fc.assert(
    fc.property(line, (one) => {
      expect(parseResult(writeResult(one))).toEqual(one);
    }),
  );
  const bare = earlier('a', { spent: null });
  expect(parseResult(writeResult(bare))).toEqual(bare);
});

test('what a comment keeps is read back, each commit once and at most ten', () => {
  fc.assert(
    fc.property(fc.uniqueArray(line, { maxLength: 14, selector: (one) => one.commit }), (history) => {
      const body = `${marker}\n${writeData({ same: '0123456789abcdef', history })}\n### x\n`;
      expect(readHistory(body, marker)).toEqual(history.slice(0, HISTORY_LIMIT));
      expect(readHistory(body.replace(/\n/g, '\r\n'), marker)).toEqual(history.slice(0, HISTORY_LIMIT));
    }),
  );
});

test('a line outside the grammar is dropped, the others are kept', () => {
  const good = `${'a'.repeat(40)} pass 3/4 0.5 - -`;
  const bad = [
    '',
    `${'g'.repeat(40)} pass 3/4 0.5 - -`,
    `${'a'.repeat(6)} pass 3/4 0.5 - -`,
    `${'b'.repeat(40)} won 3/4 0.5 - -`,
    `${'b'.repeat(40)} pending 3/4 0.5 - -`,
    `${'b'.repeat(40)} pass 3/4 0.5 @octocat 0123abcd`,
    `${'b'.repeat(40)} pass 3/4 0.5 [x](y) 0123abcd`,
    `${'b'.repeat(40)} pass 3/4 0.5 41% 0123abcd more`,
    `${'b'.repeat(40)} pass 3/4 1e9 - -`,
    `${'b'.repeat(40)} pass 3/9999999999999 0.5 - -`,
    ` ${good}`,
  ];
  for (const text of bad) expect(parseResult(text)).toBeNull();
  const rows = [...bad, good].map((text) => `result ${text}`);
  const body = [marker, '<!-- octobatch-data 1', 'same 0123456789abcdef', ...rows, '-->', 'x'].join('\n');
  expect(readHistory(body, marker).map((one) => one.commit)).toEqual(['a'.repeat(40)]);
});

test('hidden lines count right below the marker and nowhere else', () => {
  const data = writeData({ same: '0123456789abcdef', history: [earlier('a')] });
  expect(readHistory(`${marker}\n\n${data}\n`, marker)).toEqual([]);
  expect(readHistory(`${marker}\n### x\n${data}\n`, marker)).toEqual([]);
  expect(readHistory(`${data}\n`, marker)).toEqual([]);
  expect(readHistory(`${commentMarker('other', 'other')}\n${data}\n`, marker)).toEqual([]);
  expect(readHistory(`${marker}\n${data.replace('-->', '')}\n`, marker)).toEqual([]);
  expect(readData('').same).toBeNull();
});

test('no text of a model or a person can add to what a comment keeps', () => {
  const report = reportOf(dialogue());
  const base = inputOf(report, { history: [earlier('7')] });
  fc.assert(
    fc.property(nasty, (evil) => {
      const body = commentBody({ ...base, report: poisoned(report, evil) });
      expect(readHistory(body, base.marker).map((one) => one.commit)).toEqual([HEAD, '7'.repeat(40)]);
    }),
    { numRuns: 60 },
  );
});

test('only a run that is over is remembered', () => {
  expect(resultLine(reportOf(waiting()), HEAD)).toBeNull();
  expect(resultLine(reportOf(paused({ kind: 'blocked', provider: 'x', why: 'x' })), HEAD)).toBeNull();
  expect(resultLine(reportOf(dialogue()), HEAD)).toMatchObject({ verdict: 'fail', figure: '86%' });
  expect(resultLine(reportOf(dialogue()), 'main')).toBeNull();
});

test('of a part of a run and of invented answers no figure is remembered', () => {
  expect(resultLine(reportOf(canceled()), HEAD)).toMatchObject({
    verdict: 'error',
    figure: null,
    gate: null,
  });
  expect(resultLine(reportOf(sailor({ gates: [shipGate] })), HEAD)).toMatchObject({
    figure: null,
    spent: '0',
  });
});

test('a commit that was run again has its newest result only', () => {
  const list = addResult([earlier('a'), earlier('b')], earlier('b', { verdict: 'fail' }));
  expect(list.map((one) => [one.commit[0], one.verdict])).toEqual([
    ['b', 'fail'],
    ['a', 'pass'],
  ]);
});
