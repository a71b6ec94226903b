// Text of a JSON Schema `format`. Formats not named here are left to the plain text writer.
import type { RandomSource } from '../expression/random.ts';

/** A text of that format, or null for an unknown one. `word(count)` gives one of the first `count` words. */
export function textForFormat(
  format: string,
  random: RandomSource,
  word: (count: number) => string,
  words: number,
): string | null {
  const below = (count: number) => Math.floor(random.double() * count);
  const two = (value: number) => String(value).padStart(2, '0');
  const date = () => `${2020 + below(10)}-${two(1 + below(12))}-${two(1 + below(28))}`;
  const time = () => `${two(below(24))}:${two(below(60))}:${two(below(60))}Z`;
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  switch (format) {
    case 'date':
      return date();
    case 'time':
      return time();
    case 'date-time':
      return `${date()}T${time()}`;
    case 'duration':
      return `PT${1 + below(59)}M`;
    case 'email':
    case 'idn-email':
      return `${word(words)}@example.org`;
    case 'hostname':
    case 'idn-hostname':
      return `${word(words)}.example.org`;
    case 'uri':
    case 'iri':
    case 'uri-reference':
    case 'iri-reference':
    case 'url':
      return `https://example.org/${word(words)}`;
    case 'uuid':
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(below(4))}${hex(3)}-${hex(12)}`;
    case 'ipv4':
      return `192.0.2.${1 + below(254)}`;
    default:
      return null;
  }
}
