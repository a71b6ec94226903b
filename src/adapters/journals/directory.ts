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
  const last = await lastSegment(directory);
  for (let number = after + 1; number <= last; number++) {
    const text = readSegment(directory, number);
    // An append ends its last line; what was cut off may have said that something was sent.
    if (!text.endsWith('\n')) throw unreadable(directory, number);
    for (const line of text.split('\n')) if (line !== '') events.push(parseEvent(line, directory, number));
  }
  // Who goes on would write behind a gap, and send again what nobody remembers.
  if (last < after) throw damaged(directory, `lacks ${segmentName(after)}`);
  return { events, version: last };
}

function readSegment(directory: string, number: number): string {
  try {
    // A segment is small, and most of them many: a turn of the event loop for each would take longer than reading it.
    return readFileSync(join(directory, segmentName(number)), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw damaged(directory, `lacks ${segmentName(number)}`);
    throw error;
  }
}

function parseEvent(line: string, directory: string, number: number): JournalEvent {
  try {
    return JSON.parse(line) as JournalEvent;
  } catch {
    throw unreadable(directory, number);
  }
}

function unreadable(directory: string, number: number): JournalError {
  return damaged(directory, `cannot be read in ${segmentName(number)}`);
}

/** Such a journal does not come from a process that died: something happened to its files. */
function damaged(directory: string, what: string): JournalError {
  return new JournalError(`The journal in ${directory} ${what}: verify the run, and repair it.`);
}

/** The highest number. A list made while others append may lack some before it, which are there all the same. */
async function lastSegment(directory: string): Promise<number> {
  try {
    const names = await readdir(directory);
    return names.reduce((last, name) => Math.max(last, Number(SEGMENT.exec(name)?.[1] ?? 0)), 0);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.jsonl`;
}
