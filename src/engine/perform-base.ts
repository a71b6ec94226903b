// Keeps the result that a run's changes are held against as it was when the run began, and reads it back: what a run is
// weighed by must not move while it is under way.
import type { BaseResult } from '../analysis/against.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import type { RunSettings } from './events.ts';

/** Stores a result for `RunSettings.against`. */
export function storeBase(blobs: Blobs, base: BaseResult): Promise<Digest> {
  return blobs.put([JSON.stringify(base)]);
}

/** The result that the settings name; null: none was known. */
export async function readBase(blobs: Blobs, settings: RunSettings): Promise<BaseResult | null> {
  if (settings.against === undefined) return null;
  return parsePlainJson(await blobs.text(settings.against as Digest)) as BaseResult;
}
