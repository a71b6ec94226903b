// A journal as a folder of numbered segments, one file an append. A segment is written under a temporary name, made
// durable, and linked to its number: the link fails when the number is taken, which is the compare-and-swap.
import { readFileSync } from 'node:fs';
import { link, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEvent } from '../../engine/events.ts';
import { JournalError } from '../../engine/state.ts';
import type { Journal } from '../../ports/journal.ts';
import { errorCode, syncDirectory, writeTemporary } from '../durable.ts';

const SEGMENT = /^(\d{8})\.jsonl$/;

/** Opens the journal in `directory`; the folder is made by the first append. */
export function openDirectoryJournal(directory: string): Journal {
  return {
    isDear: false,
    read: () => readSegments(directory, 0),
    readAfter: (version) => readSegments(directory, version),
    async append(events, expectedVersion) {
      const next = expectedVersion + 1;
      const lines = events.map((event) => `${JSON.stringify(event)}\n`);
      const temporary = await writeTemporary(directory, lines);
      try {
        await link(temporary, join(directory, segmentName(next)));
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return { kind: 'conflict' };
        throw error;
      } finally {
        await unlink(temporary);
      }
      await syncDirectory(directory);
      return { kind: 'appended', version: next };
    },
  };
}

async function readSegments(directory: string, after: number): ReturnType<Journal['read']> {
  const events: JournalEvent[] = [];
  let version = after;
  for (const number of await listSegments(directory)) {
    if (number <= after) continue;
    if (number !== version + 1) throw damaged(directory, `lacks ${segmentName(version + 1)}`);
    // A segment is small, and most of them many: a turn of the event loop for each would take longer than reading it.
    const text = readFileSync(join(directory, segmentName(number)), 'utf8');
    for (const line of text.split('\n')) if (line !== '') events.push(parseEvent(line, directory, number));
    version = number;
  }
  return { events, version };
}

function parseEvent(line: string, directory: string, number: number): JournalEvent {
  try {
    return JSON.parse(line) as JournalEvent;
  } catch {
    throw damaged(directory, `cannot be read in ${segmentName(number)}`);
  }
}

/** Such a journal does not come from a process that died: something happened to its files. */
function damaged(directory: string, what: string): JournalError {
  return new JournalError(`The journal in ${directory} ${what}: verify the run, and repair it.`);
}

async function listSegments(directory: string): Promise<number[]> {
  try {
    const names = await readdir(directory);
    const numbers = names.map((name) => Number(SEGMENT.exec(name)?.[1] ?? 0)).filter((number) => number > 0);
    return numbers.sort((a, b) => a - b);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.jsonl`;
}
