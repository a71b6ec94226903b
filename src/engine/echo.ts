// Keeps what a provider says about a batch free of what it was asked: journals and logs hold no prompts.

/** Of a text that is looked for in prompts, pieces so long at every `STRIDE`: an echo of 23 characters is found. */
const PIECE = 16;
const STRIDE = 8;

/** What stands in the place of the part that quotes. */
const LEFT_OUT = '[left out: it quotes the request]';

/** The text up to where it begins to quote one of the texts; unchanged when it quotes none. */
export async function withoutEcho(text: string, texts: AsyncIterable<string>): Promise<string> {
  const said = collapsed(text);
  let pieces = piecesOf(said);
  let cut = said.length;
  for await (const one of texts) {
    const forms = formsOf(one);
    const found = pieces.find(({ piece }) => forms.some((form) => form.includes(piece)));
    if (found === undefined) continue;
    // An echo may begin a little before its first whole piece.
    cut = Math.max(0, found.at - STRIDE);
    pieces = pieces.filter(({ at }) => at < found.at);
    if (pieces.length === 0) break;
  }
  return cut === said.length ? text : `${said.slice(0, cut)}${LEFT_OUT}`;
}

/** The ways in which a service may write a text it quotes: plain, as a JSON string, and as one in ASCII. */
function formsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[^\x00-\x7f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [...new Set([text, json, ascii])].map(collapsed);
}

/** Line ends and runs of blanks as one blank: messages are told in one line. */
function collapsed(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function piecesOf(text: string): { readonly at: number; readonly piece: string }[] {
  const pieces: { at: number; piece: string }[] = [];
  for (let at = 0; at + PIECE <= text.length; at += STRIDE)
    pieces.push({ at, piece: text.slice(at, at + PIECE) });
  return pieces;
}
