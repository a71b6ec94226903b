// Everything that is printed, annotated or written down when things go wrong, searched for the key, the prompts and the
// answers: the command line and the action as processes, against services that repeat what they were sent.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTION, CLI } from '../entries.ts';
import { secretBreaches } from './cell.ts';
import { type Service, type ServiceHost, startServiceHost } from './service.ts';
import { KEY_VARIABLE, MARKS, TARGETS, type Target, writePipeline } from './targets.ts';

let host: ServiceHost;
let folder: string;

beforeAll(async () => {
  host = startServiceHost();
  folder = await mkdtemp(join(tmpdir(), 'octobatch-secrets-'));
});

afterAll(async () => {
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Spoken {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an entry on this Node with the key in its environment. */
function speak(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Spoken> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [entry, ...args],
      { cwd: folder, env: { PATH: process.env.PATH ?? '', HOME: folder, [KEY_VARIABLE]: MARKS.key, ...env } },
      (_, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
}

/** A service whose every no repeats key and prompt, and whose answers are often bad. */
async function openEchoing(name: string, target: Target): Promise<{ service: Service; pipeline: string }> {
  const call = target.mode === 'batch' ? 'create' : 'ask';
  // A service can only quote the prompt of the call it answers; that of a batch is in no create.
  const quoted = target.mode === 'batch' ? '' : ` "${MARKS.prompt} A courier rode "`;
  const message = `Key ${MARKS.key} may not ask${quoted}`;
  const fail = (nth: number, status: number) => ({
    at: { call, nth },
    do: { kind: 'fail', status, message },
  });
  const service = await host.open(join(folder, `${name}-service`), {
    faults: { malformed: 0.2, refused: 0.1, rejected: 0.1, fenced: 0, seed: '2' },
    mishaps: [fail(1, 400), fail(3, 401), fail(7, 500)],
  });
  const pipeline = await writePipeline(join(folder, name), target, service.url, {
    attempts: 1,
    marked: true,
  });
  return { service, pipeline };
}

/** What must not be said: the key and prompts anywhere, answers anywhere but in a report. */
function saidTooMuch({ stdout, stderr }: Spoken): string[] {
  // The runner takes these lines out of its log: they are how it learns what to hide.
  const shown = stdout.replace(/^::add-mask::.*$/gm, '');
  const found: string[] = [];
  for (const mark of ['KEYMARK', MARKS.prompt])
    for (const [place, text] of Object.entries({ stdout: shown, stderr }))
      if (text.includes(mark)) found.push(`${mark} in ${place}: ${lineWith(text, mark)}`);
  const commands = shown.split('\n').filter((line) => line.startsWith('::'));
  for (const [place, text] of Object.entries({ annotations: commands.join('\n'), stderr }))
    if (text.includes(MARKS.answer))
      found.push(`${MARKS.answer} in ${place}: ${lineWith(text, MARKS.answer)}`);
  return found;
}

function lineWith(text: string, mark: string): string {
  return text.split('\n').find((line) => line.includes(mark)) ?? '';
}

/** One way of each provider; everyday runs try two, since every word costs a process. */
const ALL = TARGETS.filter(({ api }) => api !== 'responses');
const CHOSEN =
  process.env.OCTOBATCH_ALL_FAULTS === '1'
    ? ALL
    : ALL.filter(({ name }) => ['chat/batch', 'gemini/realtime'].includes(name));

describe('what is said when things go wrong', () => {
  for (const target of CHOSEN) {
    it(`holds no key, prompt or answer: ${target.name}`, async () => {
      const name = target.name.replace('/', '-');
      const { service, pipeline } = await openEchoing(name, target);
      const directory = join(folder, `${name}-run`);
      const words = [pipeline, '--run-dir', directory, '--max-cost', '5'];
      const all: Spoken[] = [await speak(CLI, ['submit', ...words], {})];
      for (let turn = 0; turn < 2; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 60));
        all.push(await speak(CLI, ['collect', directory], {}));
      }
      all.push(await speak(CLI, ['status', directory], {}), await speak(CLI, ['report', directory], {}));
      expect(all.flatMap(saidTooMuch)).toEqual([]);
      expect(await secretBreaches(directory)).toEqual([]);
      expect(JSON.stringify(await service.billed())).not.toBe('{"input":0,"output":0}');
      await service.stop();
    });
  }

  it('holds no key, prompt or answer in the log, annotations, summary and outputs of the action', async () => {
    for (const target of CHOSEN) {
      const name = `action-${target.name.replace('/', '-')}`;
      const { service, pipeline } = await openEchoing(name, target);
      const files = Object.fromEntries(
        ['output', 'summary', 'state'].map((file) => [file, join(folder, `${name}-${file}`)]),
      ) as Record<'output' | 'summary' | 'state', string>;
      for (const file of Object.values(files)) await writeFile(file, '');
      const spoken = await speak(ACTION, [], {
        GITHUB_ACTIONS: 'true',
        GITHUB_EVENT_NAME: 'push',
        GITHUB_WORKSPACE: folder,
        GITHUB_OUTPUT: files.output,
        GITHUB_STEP_SUMMARY: files.summary,
        GITHUB_STATE: files.state,
        INPUT_PIPELINE: pipeline,
        INPUT_STATE: `${name}-runs`,
        INPUT_WAIT: '0s',
        'INPUT_MAX-COST': '5',
      });
      expect(spoken.stdout).toContain('faults');
      expect(saidTooMuch(spoken)).toEqual([]);
      for (const file of Object.values(files))
        expect(await readFile(file, 'utf8')).not.toMatch(/KEYMARK|PROMPTMARK/);
      expect(await secretBreaches(join(folder, `${name}-runs`, 'runs'))).toEqual([]);
      await service.stop();
    }
  });
});
