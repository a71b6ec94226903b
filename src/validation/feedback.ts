// What the next attempt is told about the last one. Short and plain: the issues quote an untrusted answer, and the
// prompt they go into is paid for by the token.
import type { Failure } from './failure.ts';
import { shorten } from './wording.ts';

const MAX_LENGTH = 2000;
const MAX_ISSUES = 10;
const MAX_ISSUE = 300;

/** The text to append to the prompt of the next attempt, at most 2,000 characters. */
export function feedbackText(failure: Failure): string {
  const opening = 'Your last answer to this was not accepted:';
  const closing = 'Answer again with the corrected JSON object only, without any other text.';
  let text = opening;
  let left = failure.issues.length;
  for (const issue of failure.issues.slice(0, MAX_ISSUES)) {
    const place = issue.path === '' ? '' : `${issue.path} `;
    const line = `\n- ${shorten(oneLine(`${place}${issue.message}`), MAX_ISSUE)}`;
    // Room for the line that counts what was left out, and for the closing.
    if (text.length + line.length + closing.length + 40 > MAX_LENGTH) break;
    text += line;
    left--;
  }
  if (left > 0) text += `\n- and ${left} more`;
  return `${text}\n${closing}`;
}

function oneLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}
