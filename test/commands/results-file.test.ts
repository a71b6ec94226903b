import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openResults } from '../../src/commands/result-source.ts';
import { readResultsFile, surveyResultsFile } from '../../src/commands/results-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-results-'));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string, failures: string | null = null): string {
  const place = mkdtempSync(join(folder, `${files++}-`));
  if (failures !== null) writeFileSync(join(place, 'failures.jsonl'), failures);
  const path = join(place, 'results.jsonl');
  writeFileSync(path, text);
  return path;
}

const REPEATED = '{"unit_id":"a__rep0000","n":1}\r\n\r\n  \n{"unit_id":"a__rep0001","n":2.0}';
const SINGLE = '{"unit_id":"a","n":1}\n{"unit_id":"b","n":"2"}\n';
const FAILED = '{"unit_id":"a__rep0002","kind":"refused","input":{},"errors":[]}\n';

describe('a survey of a results file', () => {
  it('counts what a full reading counts, with ends of lines of any kind and empty lines', async () => {
    for (const [path, valid, repeats] of [
      [fileOf(REPEATED), 2, true],
      [fileOf(SINGLE), 2, false],
      [fileOf(SINGLE, FAILED), 2, true],
      [fileOf(''), 0, false],
    ] as const) {
      expect(await surveyResultsFile(path)).toMatchObject({ valid, repeats });
      const [plain, whole] = await Promise.all(
        [true, false].map((isPlain) => openResults(path, folder, { ...OPTIONS }, isPlain)),
      );
      expect(plain?.accounting).toEqual(whole?.accounting);
      expect(plain?.pipeline.repeat).toBe(whole?.pipeline.repeat);
    }
  });

  it('says nothing of repetitions where only a later unit may be one', async () => {
    expect(await surveyResultsFile(fileOf(`${SINGLE}{"unit_id":"c__rep0001"}\n`))).toBeNull();
    expect(await surveyResultsFile(fileOf(`${SINGLE}{"unit_id":"c_\\u005frep0001"}\n`))).toBeNull();
  });

  it('counts failures by kind', async () => {
    const survey = await surveyResultsFile(fileOf(REPEATED, `${FAILED}${FAILED}`));
    expect(survey?.failures).toEqual({ refused: 2 });
  });
});

const OPTIONS = { workerEntry: null, simulatorUrl: null, environment: {} };

describe('a results file', () => {
  it('names the line that is no result, also when little of it is read', async () => {
    const path = fileOf(`${SINGLE}\n{"unit_id":"c","n":[1,}\n`);
    for (const only of [null, new Set<string>()]) {
      const read = async () => {
        for await (const record of readResultsFile(path, only)) expect(record.kind).toBe('valid');
      };
      await expect(read()).rejects.toMatchObject({
        diagnostics: [{ what: expect.stringContaining('line 4') }],
      });
    }
  });
});
