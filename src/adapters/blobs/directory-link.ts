// Makes the blobs of one directory also those of another: by a second name for the same bytes where the disk allows it, by
// a copy where it does not. What is damaged stays damaged, and is found when it is read.
import { constants, copyFile, link, mkdir, open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, syncDirectory } from '../durable.ts';

const BLOB = /^[0-9a-f]{64}$/;

/** Resolves when every blob of `from` is durable in `to`; may be repeated. A folder without blobs has none to give. */
export async function linkBlobs(from: string, to: string): Promise<void> {
  const folders = await namesIn(from);
  for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    const names = (await namesIn(join(from, folder))).filter((name) => BLOB.test(name));
    if (names.length === 0) continue;
    await mkdir(join(to, folder), { recursive: true });
    for (const name of names) await linkOrCopy(join(from, folder, name), join(to, folder, name));
    await syncDirectory(join(to, folder));
  }
  if (folders.length > 0) await syncDirectory(to);
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    // Another disk, or one that knows no second names.
    const temporary = join(dirname(to), `.${process.pid}.tmp`);
    await copyFile(from, temporary, constants.COPYFILE_FICLONE);
    const file = await open(temporary, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, to);
  }
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
