// Names for batches and requests: hashes of what they are, so that nothing depends on when or where they were made.
import { sha256Hex } from '../expression/sha256.ts';
import type { BatchGroup } from './events.ts';

/** 40 hex of the hash of (unit, step, attempt): the same request in whatever batch it travels. */
export function requestHash(unit: string, step: string, attempt: number): string {
  return hashParts(['octobatch-request-1', unit, step, String(attempt)]).slice(0, 40);
}

/**
 * A batch's key: 32 hex of the run's nonce, of what the batch asks for, and of how many of the step's batches a full
 * queue sent back before, so that one packed anew is not taken for the one that was sent back.
 */
export function batchKey(
  nonce: string,
  step: string,
  groups: readonly BatchGroup[],
  returned: number,
): string {
  const members = groups.flatMap((group) => [String(group.attempt), group.units]);
  return hashParts(['octobatch-batch-1', nonce, step, String(returned), ...members]).slice(0, 32);
}

/** The id a provider sees: 8 hex of the batch key, `-`, the request hash. Valid at every provider. */
export function customId(batch: string, request: string): string {
  return `${batch.slice(0, 8)}-${request}`;
}

/** SHA-256 over length-prefixed parts, so that no two lists of parts can collide by joining. */
export function hashParts(parts: readonly string[]): string {
  return sha256Hex(parts.map((part) => `${[...part].length}:${part}`).join(''));
}
