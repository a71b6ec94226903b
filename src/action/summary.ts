// Fits reports into a job summary. GitHub refuses one of more than 1 MiB, so it is measured in bytes and never cut
// inside a report: what does not fit is named instead.
import { inline } from '../report/escape.ts';

/** Bytes of UTF-8 that a step may write, with room for what the runner adds. */
export const SUMMARY_LIMIT = 900_000;

/** One run's part: Markdown that is safe to show, and the file with the same text; null when there is none. */
export interface SummaryPart {
  readonly markdown: string;
  readonly file: string | null;
}

/** All parts below each other within `limit` bytes; of a part that does not fit, its first line. */
export function fitSummary(parts: readonly SummaryPart[], limit: number = SUMMARY_LIMIT): string {
  const short = parts.map(shorten);
  let left = limit - short.reduce((sum, text) => sum + bytes(text), 0);
  const texts = parts.map((part, index) => {
    const brief = short[index]!;
    const whole = `${part.markdown.trimEnd()}\n\n`;
    const more = bytes(whole) - bytes(brief);
    if (more > left) return brief;
    left -= more;
    return whole;
  });
  return takeWhile(texts, limit).join('');
}

function shorten({ markdown, file }: SummaryPart): string {
  // The first line may be the hidden marker by which a comment is found; the verdict is the first that is seen.
  const headline = markdown.split('\n').find((line) => line.trim() !== '' && !line.startsWith('<!--')) ?? '';
  const where = file === null ? '' : ` All of it is in ${inline(file, 300)}.`;
  return `${headline}\n\nThe report is too long for this page.${where}\n\n`;
}

/** Thousands of pipelines may be too many even with one line each. */
function takeWhile(texts: readonly string[], limit: number): readonly string[] {
  let sum = 0;
  const kept = texts.filter((text) => {
    sum += bytes(text);
    return sum <= limit - 100;
  });
  const lost = texts.length - kept.length;
  return lost === 0 ? texts : [...kept, `${lost} more reports did not fit on this page.\n`];
}

function bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
