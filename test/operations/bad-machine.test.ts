// Real processes on machines that say no: files that may not grow, a full disk, folders that may not be written to.
// Each time there is one sentence, exit code 3, and a run that goes on as if nothing had been.
import { spawn, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG_MS, repeatedRequests, startWitness, type Witness } from '../crash/witness.ts';
import { CLI } from '../entries.ts';
import { isOurs } from '../node-half.ts';

const COURIER = fileURLToPath(new URL('../fixtures/courier', import.meta.url));
const IS_ROOT = process.getuid?.() === 0;

let folder: string;
let witness: Witness;
let expected: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-machine-'));
  // A user without rights shall reach it too.
  await chmod(folder, 0o755);
  await cp(COURIER, join(folder, 'courier'), { recursive: true });
  witness = await startWitness(join(folder, 'simulator'), '--latency', '5ms-20ms');
  const whole = await octobatch(['run', 'courier', '--run-dir', 'whole', '--quiet']);
  expect(whole.code, whole.errors).toBe(0);
  expected = await readFile(join(folder, 'whole', 'results.jsonl'), 'utf8');
});

afterAll(async () => {
  await witness.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ending {
  readonly code: number | null;
  readonly errors: string;
}

interface Machine {
  /** Shell commands before the program, in the shell that becomes it. */
  readonly first?: string;
  readonly uid?: number;
  /** The run's own simulator, on the same disk, instead of the witness. */
  readonly own?: boolean;
}

function octobatch(
  args: readonly string[],
  { first = ':', uid, own = false }: Machine = {},
): Promise<Ending> {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', OCTOBATCH_SIMULATOR_URL: witness.url };
  if (own) delete env.OCTOBATCH_SIMULATOR_URL;
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${first}; exec "$@"`, 'sh', process.execPath, CLI, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, errors }));
  });
}

const REFUSED =
  /^The system said no: .+\. .+, then run the same command again: nothing recorded before is lost\.\n$/;

/** One sentence, and no run is worse for it: begun again on a good machine it ends as one that met no trouble. */
async function refuses(args: readonly string[], machine: Machine, sentence: RegExp): Promise<void> {
  const before = (await witness.creates()).length;
  const first = await octobatch(args, machine);
  expect(first, args.join(' ')).toMatchObject({ code: 3 });
  expect(first.errors).toMatch(REFUSED);
  expect(first.errors).toMatch(sentence);
  const second = await octobatch(args, { own: machine.own ?? false });
  expect(second.code, second.errors).toBe(0);
  expect(await readFile(join(folder, args[3]!, 'results.jsonl'), 'utf8')).toBe(expected);
  expect(repeatedRequests((await witness.creates()).slice(before))).toEqual([]);
}

const canMount = (): boolean =>
  IS_ROOT && spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m x /mnt']).status === 0;

describe('a machine that says no', () => {
  it('where files may not grow: says so, and goes on when they may', async () => {
    for (const blocks of isOurs(0) ? [1, 8] : [4, 16]) {
      const run = `blocks-${blocks}`;
      const machine = { first: `ulimit -f ${blocks}` };
      await refuses(['run', 'courier', '--run-dir', run, '--quiet'], machine, /EFBIG.* a file in .*blocks-/);
    }
  });

  it('where the simulator of the run itself may not write: says so too, and does not wait for ever', async () => {
    for (const blocks of isOurs(0) ? [4] : [8]) {
      const run = `own-${blocks}`;
      const machine = { first: `ulimit -f ${blocks}`, own: true };
      await refuses(['run', 'courier', '--run-dir', run, '--quiet'], machine, /EFBIG/);
    }
  });

  it.skipIf(!canMount())('on a full disk: says so, and goes on when there is room', async () => {
    for (const kilobytes of isOurs(0) ? [64] : [256]) {
      // The disk is gone with the process that saw it; what was recorded on it is carried to one with more room.
      const before = (await witness.creates()).length;
      const small = join(folder, `small-${kilobytes}`);
      const kept = join(folder, `kept-${kilobytes}`);
      await mkdir(small);
      const mount = `mount -t tmpfs -o size=${kilobytes}k x ${small}`;
      const command = `"${process.execPath}" "${CLI}" run courier --run-dir "${small}" --quiet`;
      const script = `${mount} && { ${command}; code=$?; cp -r "${small}" "${kept}"; exit $code; }`;
      const first = spawnSync('unshare', ['-m', 'sh', '-c', script], {
        cwd: folder,
        env: { ...process.env, NO_COLOR: '1', OCTOBATCH_SIMULATOR_URL: witness.url },
        encoding: 'utf8',
      });
      expect(first.status, first.stderr).toBe(3);
      expect(first.stderr).toMatch(/^The system said no: ENOSPC: .* Make room on the disk, then run /);
      const second = await octobatch(['run', 'courier', '--run-dir', kept, '--quiet']);
      expect(second.code, second.errors).toBe(0);
      expect(await readFile(join(kept, 'results.jsonl'), 'utf8')).toBe(expected);
      expect(repeatedRequests((await witness.creates()).slice(before))).toEqual([]);
    }
  });

  it('where the folder may only be read: says so before anything is sent', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o555);
    const before = (await witness.creates()).length;
    // Rights do not hold back root, so that the process is somebody else's.
    const machine: Machine = IS_ROOT ? { uid: 65534 } : {};
    const { code, errors } = await octobatch(
      ['run', 'courier', '--run-dir', 'closed/run', '--quiet'],
      machine,
    );
    expect(errors).toMatch(REFUSED);
    expect(errors).toMatch(/EACCES: .*closed\/run.* Name a folder that you may write to, then/);
    expect(code).toBe(3);
    expect((await witness.creates()).length).toBe(before);
  });

  it('where a run became read-only on its way: nothing is sent, and it goes on when it may be written', async () => {
    const run = join(folder, 'turned');
    await witness.batchesTake(LONG_MS);
    const sent = await octobatch(['submit', 'courier', '--run-dir', 'turned', '--quiet']);
    await witness.batchesTake(5);
    witness.timePasses(LONG_MS);
    expect(sent.code, sent.errors).toBe(4);
    const before = (await witness.creates()).length;
    spawnSync('chmod', ['-R', 'a-w,a+rX', run]);
    const machine: Machine = IS_ROOT ? { uid: 65534 } : {};
    const refused = await octobatch(['collect', 'turned', '--wait', '1m'], machine);
    expect(refused.errors).toMatch(/EACCES/);
    expect(refused.code).toBe(3);
    expect((await witness.creates()).length).toBe(before);
    const told = await octobatch(['status', 'turned'], machine);
    expect(told.code, told.errors).toBe(0);
    spawnSync('chmod', ['-R', 'u+w', run]);
    const after = await octobatch(['collect', 'turned', '--wait', '3m']);
    expect(after.code, after.errors).toBe(0);
    expect(await readFile(join(run, 'results.jsonl'), 'utf8')).toBe(expected);
  });

  it('where a file stands in the way of the folder: says so', async () => {
    await writeFile(join(folder, 'in-the-way'), '');
    const { code, errors } = await octobatch(['run', 'courier', '--run-dir', 'in-the-way/run', '--quiet']);
    expect(errors).toMatch(/ENOTDIR.* Name a folder, not a file, then/);
    expect(code).toBe(3);
  });
});
