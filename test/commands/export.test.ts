// Units handed to other programs: every value comes back out of each format as it was, and memory does not grow with them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { exportUnits, formatExport, readExport } from '../../src/commands/export.ts';
import { openResults } from '../../src/commands/result-source.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const OPTIONS = { workerEntry: null, simulatorUrl: null };
const folder = mkdtempSync(join(tmpdir(), 'octobatch-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** A results.jsonl of these lines. */
function results(lines: readonly string[], failures: readonly string[] = []): string {
  const place = mkdtempSync(join(folder, `${files++}-`));
  writeFileSync(join(place, 'results.jsonl'), lines.map((line) => `${line}\n`).join(''));
  if (failures.length > 0)
    writeFileSync(join(place, 'failures.jsonl'), failures.map((line) => `${line}\n`).join(''));
  return join(place, 'results.jsonl');
}

/** A stream that keeps what is written to it. */
class Sink extends Writable {
  readonly chunks: Buffer[] = [];
  readonly isTTY: boolean;
  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.chunks.push(Buffer.from(chunk));
    done();
  }
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

async function write(path: string, flags: { what?: string; format?: string; out?: string }): Promise<Buffer> {
  const source = await openResults(path, folder, OPTIONS);
  const sink = new Sink();
  await exportUnits(source, readExport({ what: 'results', out: '-', ...flags }), sink);
  return sink.bytes;
}

function bufferOf(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
}

const LINES = [
  '{"unit_id":"a__rep0000","won":true,"steps":3,"share":0.5,"who":"=SUM(A1)","path":[1,2],"mixed":1,"huge":123456789012345678901234567890,"_metadata":{"attempts":2}}',
  '{"unit_id":"a__rep0001","won":false,"steps":9007199254740993,"share":2,"who":"Zoë, \\"the\\" smith\\nof York","path":{"a":null},"mixed":"1","huge":-5}',
  '{"unit_id":"b__rep0000","won":null,"steps":-4,"share":1.0,"who":"","path":[],"late":"x"}',
];

describe('an export to Parquet', () => {
  it('gives every column the type of its values, and each value back', async () => {
    const bytes = bufferOf(await write(results(LINES), { format: 'parquet' }));
    const columns = parquetSchema(parquetMetadata(bytes)).children.map(({ element }) => [
      element.name,
      element.converted_type ?? element.type,
    ]);
    expect(columns).toEqual([
      ['unit_id', 'UTF8'],
      ['won', 'BOOLEAN'],
      ['steps', 'INT64'],
      ['share', 'DOUBLE'],
      ['who', 'UTF8'],
      ['path', 'UTF8'],
      ['mixed', 'UTF8'],
      ['huge', 'UTF8'],
      ['late', 'UTF8'],
    ]);
    expect(await parquetReadObjects({ file: bytes })).toEqual([
      {
        ...{ unit_id: 'a__rep0000', won: true, steps: 3n, share: 0.5, who: '=SUM(A1)', path: '[1,2]' },
        ...{ mixed: '1', huge: '123456789012345678901234567890', late: null },
      },
      {
        ...{ unit_id: 'a__rep0001', won: false, steps: 9007199254740993n, share: 2, path: '{"a":null}' },
        ...{ who: 'Zoë, "the" smith\nof York', mixed: '"1"', huge: '-5', late: null },
      },
      {
        ...{ unit_id: 'b__rep0000', won: null, steps: -4n, share: 1, who: '', path: '[]', mixed: null },
        ...{ huge: null, late: 'x' },
      },
    ]);
  });

  it('writes many units in several row groups, the same bytes each time', async () => {
    const lines = Array.from({ length: 25_000 }, (_, at) => `{"unit_id":"u${at}","n":${at},"half":${at}.5}`);
    const path = results(lines);
    const bytes = await write(path, { format: 'parquet' });
    expect(bytes.equals(await write(path, { format: 'parquet' }))).toBe(true);
    const { row_groups } = parquetMetadata(bufferOf(bytes));
    expect(row_groups.map(({ num_rows }) => num_rows)).toEqual([10_000n, 10_000n, 5_000n]);
    const rows = await parquetReadObjects({ file: bufferOf(bytes), rowStart: 19_999, rowEnd: 20_001 });
    expect(rows).toEqual([
      { unit_id: 'u19999', n: 19_999n, half: 19_999.5 },
      { unit_id: 'u20000', n: 20_000n, half: 20_000.5 },
    ]);
  });

  it('is a whole file without any unit', async () => {
    const bytes = bufferOf(await write(results([]), { format: 'parquet' }));
    expect(await parquetReadObjects({ file: bytes })).toEqual([]);
  });

  it('refuses units whose answers bring names without end', async () => {
    const lines = Array.from({ length: 30 }, (_, unit) => {
      const own = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`n${unit * 50 + i}`, 1]));
      return JSON.stringify({ unit_id: `u${unit}`, ...own });
    });
    for (const format of ['csv', 'parquet'])
      await expect(write(results(lines), { format })).rejects.toThrow(/more than 1,000 fields/);
    const all = (await write(results(lines), { format: 'jsonl' })).toString();
    expect(all).toContain('"n1499"');
  });

  it('is not written to a screen', async () => {
    const source = await openResults(results(LINES), folder, OPTIONS);
    const request = readExport({ what: 'results', format: 'parquet', out: '-' });
    await expect(exportUnits(source, request, new Sink(true))).rejects.toThrow(ConfigurationError);
  });
});

describe('an export to CSV', () => {
  it('defuses formulas, and quotes as RFC 4180 says', async () => {
    const text = (await write(results(LINES), { format: 'csv' })).toString();
    expect(text.split('\r\n')[0]).toBe('unit_id,won,steps,share,who,path,mixed,huge,late');
    const rows = parse(text, { columns: true, relax_quotes: false }) as Record<string, string>[];
    expect(rows.map(({ who }) => who)).toEqual(["'=SUM(A1)", 'Zoë, "the" smith\nof York', '']);
    expect(rows.map(({ steps }) => steps)).toEqual(['3', '9007199254740993', '-4']);
    expect(rows.map(({ path }) => path)).toEqual(['[1,2]', '{"a":null}', '[]']);
  });
});

describe('an export to JSON lines', () => {
  it('shows what a screen would obey', async () => {
    const source = await openResults(
      results(['{"unit_id":"a","x":"\\u001b[31mred\\n\\u202e\\u009b1m"}']),
      folder,
      OPTIONS,
    );
    const screen = new Sink(true);
    await exportUnits(source, readExport({ what: 'results', out: '-', format: 'csv' }), screen);
    expect(screen.bytes.toString()).toBe('unit_id,x\r\na,"\\u{1b}[31mred\n\\u{202e}\\u{9b}1m"\r\n');
  });

  it('gives the lines back, with what is internal', async () => {
    const line = '{"unit_id":"a","n":1.0,"_metadata":{"attempts":2,"capped":false,"loops":{}}}';
    expect((await write(results([line]), { format: 'jsonl' })).toString()).toBe(`${line}\n`);
  });
});

describe('an export of failures', () => {
  const failure =
    '{"unit_id":"c","stage":"answer","step":"tell","kind":"malformed","input":{"unit_id":"c","x":1},"raw_response":"+oops","errors":[{"path":"","rule":"json","message":"no"}],"retry_count":2}';

  it('has their records, as lines and as a table', async () => {
    const path = results(LINES, [failure]);
    expect((await write(path, { what: 'failures', format: 'jsonl' })).toString()).toBe(`${failure}\n`);
    const text = (await write(path, { what: 'failures' })).toString();
    expect(parse(text, { columns: true })).toEqual([
      {
        ...{ unit_id: 'c', stage: 'answer', step: 'tell', kind: 'malformed', input: '{"unit_id":"c","x":1}' },
        ...{ raw_response: "'+oops", errors: '[{"path":"","rule":"json","message":"no"}]', retry_count: '2' },
      },
    ]);
  });
});

describe('the file of an export', () => {
  it('says its format by its name, appears whole, and is told of', async () => {
    const source = await openResults(results(LINES), folder, OPTIONS);
    const request = readExport({ what: 'results', out: join(folder, 'out.jsonl') });
    expect(request.format).toBe('jsonl');
    const count = await exportUnits(source, request, new Sink());
    expect(readFileSync(request.out, 'utf8').split('\n')).toHaveLength(4);
    expect(formatExport(count, { ...request, out: 'out.jsonl' }, source)).toBe(
      '3 valid units in out.jsonl\n',
    );
  });

  it('is asked of a folder that is there', async () => {
    const request = readExport({ what: 'results', out: join(folder, 'nowhere', 'units.csv') });
    const source = await openResults(results(LINES), folder, OPTIONS);
    const asked = exportUnits(source, request, new Writable());
    await expect(asked).rejects.toThrow(/there is no folder ".*nowhere"/);
    await source.close();
  });

  it('is not there after a line that is no JSON, which is named', async () => {
    const path = results([...LINES, '{"unit_id": ']);
    await expect(openResults(path, folder, OPTIONS)).rejects.toMatchObject({
      diagnostics: [{ what: expect.stringMatching(/^line 4 is no JSON object/) }],
    });
  });
});
