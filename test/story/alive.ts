// What GitHub would bring to life in a text that is shown: everything outside of code, with our own markup taken away.
// It knows what the action writes itself, and counts anything else as a breach.

/** Markdown without fenced blocks and code spans: all that GitHub interprets. */
function interpreted(markdown: string): string {
  return markdown
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)([^\n]*?[^`])\1(?!`)/g, '');
}

const BREACHES: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['mention', /(?:^|[^\w`])@[a-z0-9]/i],
  ['reference', /(?:^|\s)(?:#\d+|GH-\d+)\b/],
  ['image', /!\[/],
  ['link', /\]\(|\bhttps?:\/\/|\bwww\./i],
  ['HTML', /<[a-z!/?]/i],
  ['hidden character', /[\p{Cf}\p{Co}\p{Cs}\u0000-\u0008\u000b-\u001f\u007f\u2028\u2029]/u],
];

/** What is alive in Markdown of ours with texts of others in it; empty when nothing is. `own`: addresses we may link. */
export function aliveInMarkdown(markdown: string, own: readonly string[]): string[] {
  const hidden = [...markdown.matchAll(new RegExp(BREACHES[5]![1], 'gu'))].map(() => 'hidden character');
  let text = markdown
    .replace(/^<!-- octobatch [a-z0-9-]+ [0-9a-f]{8} -->$/gm, '')
    .replace(/^<!-- octobatch-data 1\n(?:(?:same|result) [^<>@#`[\]]*\n)*-->$/gm, '');
  text = interpreted(text);
  text = text.replace(/(?<!!)\[[^\]\n]*\]\((https:\/\/[^)\s]+)\)/g, (whole, url: string) =>
    own.some((start) => url.startsWith(start)) ? '' : whole,
  );
  text = text.replace(/<\/?(?:details|summary|sub)>|<code>[0-9a-f]{7,40}<\/code>/g, '');
  const found = BREACHES.slice(0, 5).filter(([, pattern]) => pattern.test(text));
  return [...new Set(hidden), ...found.map(([name, pattern]) => `${name}: ${around(text, pattern)}`)];
}

/** Lines of a log that the runner would obey, apart from those we send: by their first word. */
export function aliveInLog(log: string): string[] {
  const ours = /^::(?:group|endgroup|add-mask|error|warning|notice|debug)\b/;
  return log.split(/\r\n|[\n\r]/).filter((line) => {
    const isCommand = /^\s*::[a-z]/.test(line) || /##\[/.test(line);
    return isCommand && !ours.test(line);
  });
}

function around(text: string, pattern: RegExp): string {
  const at = text.search(pattern);
  return JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
}
