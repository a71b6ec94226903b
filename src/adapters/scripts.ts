// The folder in which a run is post-processed: laid out anew each time beside the run's own files, and what was made in it
// put among them in one step at the end.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { matchesPattern, outputPathProblem } from '../pipeline/output-path.ts';
import {
  type CompressedFiles,
  type MadeFile,
  OutputRefusedError,
  type ScriptCall,
  type ScriptEnd,
  type Workbench,
} from '../ports/scripts.ts';
import { errorCode, replaceFile } from './durable.ts';
import { compressed, compressFile, findFiles, roomFor } from './scripts-files.ts';
import { endOrphan, type ProgramEnd, runProgram } from './scripts-process.ts';

/** Folder of the work, beside the run's files; gone when all is done. */
const FOLDER = '.post-process';
const OUTPUTS = 'outputs';
const LIST = 'outputs.json';
/** What a script prints, until it is known to have ended well. */
const PRINTED = '.printed';
/** Names the program while it runs. */
const RUNNING = '.running';
/** Files that one script may leave. */
const MOST_FILES = 1_000;
/** Files that the list names; there may be more. */
const MOST_LISTED = 10_000;
/** Bytes of one line of Base64, before it is encoded. */
const LINE_BYTES = 57_000;

/** Of the environment, what a program gets; nothing that could be a key or a token. */
const PASSED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SYSTEMROOT'];

/** The workbench of the run whose files are in `runDirectory`. */
export function createWorkbench(
  runDirectory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Workbench {
  return new DirectoryWorkbench(resolve(runDirectory), environment);
}

class DirectoryWorkbench implements Workbench {
  readonly directory: string;
  readonly layout: Workbench['layout'];
  private readonly home: string;
  private readonly outputs: string;
  private readonly environment: Readonly<Record<string, string>>;
  /** Paths below `outputs/`, without regard to case, as the first 53 bits of their digests. */
  private readonly taken = new Set<number>();
  /** The folders they lie in, likewise. */
  private readonly folders = new Set<number>();

  constructor(run: string, environment: Readonly<Record<string, string | undefined>>) {
    this.home = run;
    this.directory = join(run, FOLDER);
    this.outputs = join(this.directory, OUTPUTS);
    this.layout = { file: (name, chunks) => replaceFile(join(this.directory, name), chunks) };
    const passed = PASSED.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    this.environment = {
      ...Object.fromEntries(passed),
      PYTHONDONTWRITEBYTECODE: '1',
      OCTOBATCH_RUN: this.directory,
      OCTOBATCH_OUTPUTS: this.outputs,
    };
  }

  async isOpen(): Promise<boolean> {
    return (await lstat(this.directory).catch(() => null)) !== null;
  }

  async clear(): Promise<void> {
    this.taken.clear();
    this.folders.clear();
    endOrphan(join(this.directory, RUNNING));
    await rm(this.directory, { recursive: true, force: true });
    await mkdir(this.directory, { recursive: true });
  }

  async write(
    path: string,
    text: string,
    { isCompressed, isNew }: { readonly isCompressed: boolean; readonly isNew: boolean },
  ): Promise<number> {
    const whole = await this.admit(path, isNew);
    const bytes = isCompressed ? compressed(text) : Buffer.from(text, 'utf8');
    await this.put(whole, bytes);
    return bytes.length;
  }

  async gzip(patterns: readonly string[], keepOriginals: boolean): Promise<CompressedFiles> {
    const { files } = await findFiles(this.directory);
    const wanted = files.filter(
      ({ path }) => !path.endsWith('.gz') && patterns.some((pattern) => matchesPattern(pattern, path)),
    );
    const made: MadeFile[] = [];
    let left = 0;
    let why: string | null = null;
    const isMade = ({ path }: { readonly path: string }): boolean => path.startsWith(`${OUTPUTS}/`);
    // Of two files that would become one, what was made wins: the other one stays as it is, and that is said.
    for (const { path } of [...wanted.filter(isMade), ...wanted.filter((file) => !isMade(file))]) {
      const isOutput = isMade({ path });
      const target = `${isOutput ? path.slice(OUTPUTS.length + 1) : path}.gz`;
      let whole: string;
      try {
        whole = await this.admit(target, false);
        if ((await lstat(whole).catch(() => null)) !== null)
          throw new OutputRefusedError("is another file's already");
      } catch (error) {
        if (!(error instanceof OutputRefusedError)) throw error;
        left++;
        why ??= error.message;
        continue;
      }
      await compressFile(join(this.directory, path), whole);
      if (isOutput && !keepOriginals) {
        await rm(join(this.directory, path));
        this.taken.delete(keyOf(target.slice(0, -'.gz'.length)));
      }
      made.push({ path: target, bytes: (await stat(whole)).size });
    }
    return { files: made, left, why };
  }

  async run(call: ScriptCall, signal: AbortSignal): Promise<ScriptEnd> {
    await mkdir(this.outputs, { recursive: true });
    const before = new Map((await findFiles(this.outputs)).files.map(({ path, mark }) => [path, mark]));
    const printed = join(this.directory, PRINTED);
    const [program = '', ...first] = call.interpreter;
    const script = join(this.directory, 'pipeline', call.path);
    const isPlaced = call.args.some((word) => word.includes('{run}'));
    const args = call.args.map((word) => word.replaceAll('{run}', this.directory));
    const end = await runProgram(
      {
        command: program === 'node' ? process.execPath : program,
        args: [...first, script, ...(isPlaced ? [] : [this.directory]), ...args],
        directory: this.directory,
        environment: this.environment,
        stdout: call.output === null ? null : printed,
        timeoutMs: call.timeoutMs,
        maxBytes: call.maxOutputBytes,
        running: join(this.directory, RUNNING),
      },
      signal,
    );
    let why = whyFailed(end, call, program);
    const found = await findFiles(this.outputs);
    const files: MadeFile[] = found.files
      .filter(({ path, mark }) => before.get(path) !== mark)
      .map(({ path, bytes }) => ({ path, bytes }));
    why ??= found.others > 0 ? 'it left links, or what is no file, below outputs/' : null;
    why ??= refused(files, call);
    try {
      if (why === null && call.output !== null && !(await lstat(printed).catch(() => null))?.isFile())
        why = 'it took away the file for what it prints';
      if (why === null && call.output !== null) {
        const whole = await this.admit(call.output, false);
        await rename(printed, whole);
        const mine = { path: call.output, bytes: (await stat(whole)).size };
        files.splice(0, files.length, ...files.filter(({ path }) => path !== mine.path), mine);
      }
    } catch (error) {
      if (!(error instanceof OutputRefusedError)) throw error;
      why = `its output ${call.output} ${error.message}`;
    }
    if (why !== null) await this.takeBack(before);
    else for (const { path } of files) this.take(path);
    await rm(printed, { force: true });
    const kind = end.kind === 'interrupted' ? 'interrupted' : why === null ? 'ok' : 'failed';
    return { kind, why, said: end.said, files: why === null ? files : [] };
  }

  async *encoded(path: string): AsyncGenerator<string> {
    const chunks = createReadStream(join(this.outputs, path), { highWaterMark: LINE_BYTES });
    for await (const chunk of chunks as AsyncIterable<Buffer>) yield chunk.toString('base64');
  }

  async restore(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const whole = await this.admit(path, false);
    await rm(whole, { force: true });
    const file = await open(whole, 'wx');
    try {
      for await (const line of lines) await file.writeFile(Buffer.from(line, 'base64'));
    } finally {
      await file.close();
    }
  }

  async deliver(stamp: string): Promise<void> {
    const { files } = await findFiles(this.outputs);
    // Without the list nothing counts as being in place.
    await rm(join(this.home, LIST), { force: true });
    await rm(join(this.home, OUTPUTS), { recursive: true, force: true });
    if (files.length > 0) await rename(this.outputs, join(this.home, OUTPUTS));
    const listed = files.slice(0, MOST_LISTED).map(({ path, bytes }) => ({ path, bytes }));
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const list = { key: stamp, count: files.length, bytes: total, files: listed };
    await replaceFile(join(this.home, LIST), [`${JSON.stringify(list, null, 2)}\n`]);
    await rm(this.directory, { recursive: true, force: true });
  }

  async delivered(): Promise<string | null> {
    try {
      const { key, count } = JSON.parse(await readFile(join(this.home, LIST), 'utf8'));
      const isThere = count === 0 || (await lstat(join(this.home, OUTPUTS))).isDirectory();
      return isThere && typeof key === 'string' ? key : null;
    } catch {
      return null;
    }
  }

  /** Takes a path for a file and gives its place. */
  private async admit(path: string, isNew: boolean): Promise<string> {
    const problem = outputPathProblem(path);
    if (problem !== null) throw new OutputRefusedError(problem);
    await mkdir(this.outputs, { recursive: true });
    const whole = await roomFor(this.outputs, path);
    const key = keyOf(path);
    const there = await lstat(whole).catch(() => null);
    if (this.taken.has(key)) {
      if (isNew) throw new OutputRefusedError('is the file of another unit already');
      if (there === null) throw new OutputRefusedError('differs from another file in case only');
    }
    // Not taken before that is known: whatever lies in the folder would be below the name of a file.
    if (there?.isDirectory()) throw new OutputRefusedError('is a folder already');
    // Where case counts, a file may stand beside a folder of its name in other letters; elsewhere neither could be written.
    if (this.folders.has(key) && there === null)
      throw new OutputRefusedError('differs from a folder in case only');
    const folder = parentsOf(path).find((parent) => this.taken.has(keyOf(parent)));
    if (folder !== undefined)
      throw new OutputRefusedError('lies in a folder that has the name of another file');
    this.take(path);
    return whole;
  }

  private take(path: string): void {
    this.taken.add(keyOf(path));
    for (const parent of parentsOf(path)) this.folders.add(keyOf(parent));
  }

  /** Replaces what is there, a link itself and not where it leads. */
  private async put(whole: string, bytes: Buffer): Promise<void> {
    try {
      await writeFile(whole, bytes, { flag: 'wx' });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      if ((await lstat(whole)).isDirectory()) throw new OutputRefusedError('is a folder already');
      await rm(whole);
      await writeFile(whole, bytes, { flag: 'wx' });
    }
  }

  /** Of a script that failed nothing is left that was not there before. */
  private async takeBack(before: ReadonlyMap<string, string>): Promise<void> {
    const { files, others } = await findFiles(this.outputs);
    for (const { path } of files) if (!before.has(path)) await rm(join(this.outputs, path), { force: true });
    // Links are not followed, and a folder that is one is no folder of ours.
    if (others > 0) await this.removeOthers();
  }

  private async removeOthers(): Promise<void> {
    const info = await lstat(this.outputs);
    if (!info.isDirectory()) return rm(this.outputs, { force: true });
    const kept = `${this.outputs}.kept`;
    await mkdir(kept, { recursive: true });
    for (const { path } of (await findFiles(this.outputs)).files)
      await rename(join(this.outputs, path), await roomFor(kept, path));
    await rm(this.outputs, { recursive: true, force: true });
    await rename(kept, this.outputs);
  }
}

function whyFailed(end: ProgramEnd, call: ScriptCall, program: string): string | null {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? null : `it ended with exit code ${end.code}`;
    case 'killed':
      return end.code === null ? 'it could not be started' : `it was ended by ${end.code}`;
    case 'timeout':
      return `it took longer than ${call.timeoutMs / 1000} s and was ended`;
    case 'too_much':
      return `it printed more than ${call.maxOutputBytes} bytes and was ended`;
    case 'missing':
      return `${program} is not installed here: install it, or name another program that runs the script`;
    case 'interrupted':
      return 'it was interrupted';
    default:
      return end.kind satisfies never;
  }
}

function refused(files: readonly MadeFile[], { maxOutputBytes }: ScriptCall): string | null {
  if (files.length > MOST_FILES)
    return `it left more than ${MOST_FILES} files below outputs/: put them into an archive`;
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > maxOutputBytes)
    return `it left more than ${maxOutputBytes} bytes below outputs/`;
  const isBad = files.some(({ path }) => outputPathProblem(path) !== null);
  const isTwice = new Set(files.map(({ path }) => path.toLowerCase())).size < files.length;
  if (isBad) return 'it left a file below outputs/ whose name not every system can have';
  return isTwice ? 'it left two files below outputs/ whose names differ in case only' : null;
}

/** The folders on the way to a path, from the first: of `a/b/c` these are `a` and `a/b`. */
function parentsOf(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join('/'));
}

function keyOf(path: string): number {
  const digest = createHash('sha256').update(path.toLowerCase()).digest();
  return digest.readUIntBE(0, 6) * 32 + (digest[6]! & 31);
}
