// Processes of one machine as owners of claims. Another machine's, container's or boot's process is never said to be
// finished: its claim has to run out instead.
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Owners } from '../ports/owners.ts';

/** This process, by machine, boot, process namespace, process id, start time and a fresh random part. */
export function createProcessOwners(): Owners {
  const place = placeOfProcesses();
  const self = [place, process.pid, startTime(process.pid) ?? '', randomUUID().slice(0, 8)].join('/');
  return {
    self,
    async isFinished(owner) {
      const [otherPlace, pid, started] = owner.split('/');
      if (otherPlace !== place || !/^\d+$/.test(pid ?? '')) return false;
      if (!isRunning(Number(pid))) return true;
      const now = startTime(Number(pid));
      return started !== '' && now !== null && now !== started;
    },
  };
}

function placeOfProcesses(): string {
  const parts = [hostname(), tryRead('/proc/sys/kernel/random/boot_id'), tryLink('/proc/self/ns/pid')];
  return parts.map((part) => part.replace(/[^\w.:[\]-]/g, '_')).join('|');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The fields of /proc/PID/stat after the command name, which may itself hold blanks and brackets. */
function statFields(pid: number): string[] | null {
  const text = tryRead(`/proc/${pid}/stat`);
  return text === '' ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === 'Z';
}

/** Start time in clock ticks since boot, which tells a process from a later one with the same id; null if unknown. */
function startTime(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

function tryRead(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function tryLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
