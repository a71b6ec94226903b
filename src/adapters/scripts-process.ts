// Runs one program under limits: time, what it prints, and nothing of it left behind. What it may reach otherwise is what
// any program of this user may: it is for code that somebody vouches for.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from './durable.ts';

/** A program, and where what it prints goes; `stdout` null: only the end of it is kept. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdout: string | null;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** File that names the process while it runs, for whoever comes after a death. */
  readonly running: string;
}

/** How it ended. `said`: the last of what it said, its errors before its output. */
export interface ProgramEnd {
  readonly kind: 'exited' | 'killed' | 'timeout' | 'too_much' | 'missing' | 'interrupted';
  /** Exit code, or the signal that ended it. */
  readonly code: number | string | null;
  readonly said: string;
}

/** Bytes kept of what a program says last. */
const TAIL_BYTES = 4_000;
/** How long a program may take to end once it is asked to, and its pipes to close once it has (ms). */
const GRACE_MS = 1_000;
/** How often it is looked whether more came through pipes that outlive their program. */
const MAX_LOOKS = 10;

/** Runs the program until it ends, or is ended. Its children end with it, unless they left its process group. */
export async function runProgram(program: Program, signal: AbortSignal): Promise<ProgramEnd> {
  if (signal.aborted) return { kind: 'interrupted', code: null, said: '' };
  const file = program.stdout === null ? null : await open(program.stdout, 'w');
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program.command, program.args, {
        cwd: program.directory,
        env: { ...program.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      if (child.pid !== undefined)
        writeFileSync(program.running, JSON.stringify({ pid: child.pid, started: startTime(child.pid) }));
      let stopped: 'timeout' | 'too_much' | 'interrupted' | null = null;
      let later: NodeJS.Timeout | null = null;
      const kill = (how: NodeJS.Signals): void => {
        if (child.pid === undefined) return;
        try {
          process.kill(-child.pid, how);
        } catch {
          // Nobody of the group is left.
        }
      };
      const stop = (why: NonNullable<typeof stopped>): void => {
        if (stopped !== null) return;
        stopped = why;
        kill(why === 'too_much' ? 'SIGKILL' : 'SIGTERM');
        later = setTimeout(() => kill('SIGKILL'), GRACE_MS);
      };
      const limit = setTimeout(() => stop('timeout'), program.timeoutMs);
      const interrupt = (): void => stop('interrupted');
      signal.addEventListener('abort', interrupt);

      const out = new Tail();
      const errors = new Tail();
      let bytes = 0;
      let heard = 0;
      let isWriting = false;
      const read = async (): Promise<void> => {
        for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
          bytes += chunk.length;
          heard++;
          if (bytes > program.maxBytes) return stop('too_much');
          out.add(chunk);
          isWriting = true;
          try {
            await file?.writeFile(chunk);
          } finally {
            // What could not be written is not waited for.
            isWriting = false;
          }
        }
      };
      child.stderr.on('data', (chunk: Buffer) => {
        heard++;
        errors.add(chunk);
      });
      const silent = new Promise<void>((done) => child.stderr.once('close', done));
      let broken: unknown = null;
      const reading = read().catch((error: unknown) => {
        // What was torn down on purpose is no failure; a full disk is.
        if (errorCode(error) === 'ENOSPC' || errorCode(error) === 'EIO') {
          broken = error;
          stop('too_much');
        }
      });

      const end = (kind: ProgramEnd['kind'], code: ProgramEnd['code']): void => {
        clearTimeout(limit);
        if (later !== null) clearTimeout(later);
        signal.removeEventListener('abort', interrupt);
        rmSync(program.running, { force: true });
        const said = [errors.text(), program.stdout === null ? out.text() : ''];
        if (broken !== null) reject(broken);
        else resolve({ kind: stopped ?? kind, code, said: said.filter((text) => text !== '').join('\n') });
      };
      child.on('error', (error) => {
        if (child.pid === undefined)
          end(errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES' ? 'missing' : 'killed', null);
      });
      child.on('exit', (code, ended) => {
        // Whoever it left behind ends with it, and holds its pipes no longer.
        kill('SIGKILL');
        // Only who left its group can, and is not waited for; what lies in the pipes is read, however slow this machine is.
        let known = heard;
        let looks = 0;
        const look = (): void => {
          if (isWriting || (heard !== known && looks++ < MAX_LOOKS)) {
            known = heard;
            return;
          }
          child.stdout.destroy();
          child.stderr.destroy();
        };
        // After a standstill timers come before pipes, and what is immediate after both.
        const close = setInterval(() => setImmediate(look), GRACE_MS);
        void Promise.all([reading, silent]).then(() => {
          clearInterval(close);
          end(ended === null ? 'exited' : 'killed', ended ?? code);
        });
      });
    });
  } finally {
    await file?.close();
  }
}

/** Ends what a process that died has left running; `running` is the file that names it. */
export function endOrphan(running: string): void {
  try {
    const { pid, started } = JSON.parse(readFileSync(running, 'utf8'));
    // Only the very process: another may have its number by now.
    if (Number.isInteger(pid) && pid > 1 && started !== null && started === startTime(pid))
      process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing was running, or it is gone.
  }
}

/** Start of a process in clock ticks since boot; null where that cannot be told. */
function startTime(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** The last bytes of a stream. */
class Tail {
  private parts: Buffer[] = [];
  private size = 0;

  add(chunk: Buffer): void {
    this.parts.push(chunk);
    this.size += chunk.length;
    while (this.size - this.parts[0]!.length >= TAIL_BYTES) this.size -= this.parts.shift()!.length;
  }

  text(): string {
    const bytes = Buffer.concat(this.parts).subarray(-TAIL_BYTES);
    return bytes
      .toString('utf8')
      .replace(/^\uFFFD+/, '')
      .trim();
  }
}
