// SHA-512 of text, synchronous and without a `node:` module. Needed only for text as a seed of Python's generator.
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The UTF-8 bytes of a text followed by their SHA-512, as hex digits. Lone surrogates count as U+FFFD. */
export function textAndSha512Hex(text: string): string {
  const bytes = utf8ToBytes(text);
  return bytesToHex(bytes) + bytesToHex(sha512(bytes));
}
