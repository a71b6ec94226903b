// Publishes the files of a run into a folder.
import { join } from 'node:path';
import type { Publisher } from '../../ports/publisher.ts';
import { replaceFile } from '../durable.ts';

/** Files go straight into `directory`. */
export function createDirectoryPublisher(directory: string): Publisher {
  return { file: (name, chunks) => replaceFile(join(directory, name), chunks) };
}
