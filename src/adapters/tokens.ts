// Counts tokens as OpenAI's newer models do. The tables are large, so they are loaded when first asked for; the work
// is bounded whatever the text is.

/** Longest piece counted in one go (UTF-16 units): the tokenizer takes quadratic time on text without word ends. */
const PIECE = 1_000;

/** How many pieces of one text are counted; the rest is taken to be like them. */
const PIECES = 8;

/** Counts the tokens of a text by o200k_base: nearly exact up to 8,000 characters, from its pieces beyond. */
export type TokenCounter = (text: string) => number;

/** Loads the tokenizer. */
export async function openTokenCounter(): Promise<TokenCounter> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  // What looks like a special token is text here, and never an error.
  const options = { disallowedSpecial: new Set<string>() };
  const count = (text: string): number => countTokens(text, options);
  return (text) => {
    const pieces = Math.ceil(text.length / PIECE);
    if (pieces <= 1) return count(text);
    const step = Math.max(1, pieces / PIECES);
    let tokens = 0;
    let counted = 0;
    for (let index = 0; index < pieces; index += step) {
      const start = Math.floor(index) * PIECE;
      const piece = text.slice(start, start + PIECE);
      tokens += count(piece);
      counted += piece.length;
    }
    return Math.ceil((tokens * text.length) / counted);
  };
}
