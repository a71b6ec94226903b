// The blocks of every surface as HTML: the same words and numbers as the comment, with elements of a page. Untrusted
// text is made visible and short here, and escaped by `html`.
import { formatCount } from '../analysis/numbers.ts';
import type { Verdict } from '../analysis/verdict.ts';
import type { Block, Piece, Table, Text } from './block.ts';
import { isInert, manyLines, oneLine } from './escape.ts';
import { verdictEmoji } from './headline.ts';
import { html, type Markup } from './html-markup.ts';

/** Rows of any table; what is more is said, and stands in report.json. */
const TABLE_ROWS = 200;
/** Characters of a quoted text. */
export const QUOTE_LIMIT = 4000;

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'inconclusive', 'pending', 'dry_run', 'error'];

/** Running text; a piece that begins with the sign of a verdict becomes a chip in its colour. */
export function writeText(text: Text): Markup {
  return html`${text.map(writePiece)}`;
}

function writePiece(piece: Piece): Markup {
  if (typeof piece === 'string') return writeOwn(piece);
  if ('strong' in piece) return html`<strong>${piece.strong}</strong>`;
  if ('code' in piece) return html`<code>${oneLine(piece.code, piece.max)}</code>`;
  const name = oneLine(piece.name, 64);
  return isInert(name) ? html`${name}` : html`<code>${name}</code>`;
}

/** The signs of comments are drawn here, so that they look the same with every font. */
function writeOwn(text: string): Markup {
  const verdict = VERDICTS.find((candidate) => text.startsWith(verdictEmoji(candidate)));
  if (verdict === undefined) return html`${text}`;
  return chip(verdict, text.slice(verdictEmoji(verdict).length).trim());
}

/** A word with a sign and a colour; it reads the same without both. */
export function chip(verdict: Verdict, word: string): Markup {
  return html`<span class="chip ${verdict.replace('_', '-')}">${sign(verdict)}${word}</span>`;
}

/** Shapes in a box of 16 that differ without their colour. */
function sign(verdict: Verdict): Markup {
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true">${stroke(verdict)}</svg>`;
}

function stroke(verdict: Verdict): Markup {
  switch (verdict) {
    case 'pass':
      return html`<path d="M3 8.5l3.2 3.2L13 4.8"/>`;
    case 'fail':
      return html`<path d="M4 4l8 8M12 4l-8 8"/>`;
    case 'inconclusive':
      return html`<path d="M2.5 9.5c1.8-3.6 3.7-3.6 5.5-1.5s3.7 2.1 5.5-1.5"/>`;
    case 'pending':
      return html`<circle cx="8" cy="8" r="5.5"/><path d="M8 4.8V8l2.3 1.6"/>`;
    case 'dry_run':
      return html`<path d="M5.5 4v8M10.5 4v8"/>`;
    case 'error':
      return html`<path d="M8 3v6M8 12.2v.6"/>`;
    default:
      return verdict satisfies never;
  }
}

/** Blocks one below the other. `plot` draws what comments draw as text; without it the text is kept. */
export function writeBlocks(blocks: readonly Block[], plot: Markup | null = null): Markup {
  return html`${blocks.map((block) => writeBlock(block, plot))}`;
}

function writeBlock(block: Block, plot: Markup | null): Markup {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${writeText(block.text)}</p>\n`;
    case 'plot':
      return plot ?? html`<pre>${block.lines.join('\n')}</pre>\n`;
    case 'table':
      return writeTable(block.table);
    case 'quote':
      return writeQuote(block.text);
    case 'details':
      return html`<details><summary>${block.summary}</summary>${writeBlocks(block.blocks, plot)}</details>\n`;
    default:
      return block satisfies never;
  }
}

/** Untrusted text as it came, its lines kept. */
export function writeQuote(text: string): Markup {
  return html`<pre class="quote">${manyLines(text, QUOTE_LIMIT)}</pre>\n`;
}

/** A table that scrolls sideways by itself; `name` says what it holds to those who do not see it. */
export function writeTable(
  table: Table,
  name: string = table.head[0] ?? '',
  rows: number = TABLE_ROWS,
): Markup {
  const side = (c: number) => (table.align[c] === 'right' ? html` class="number"` : null);
  const head = table.head.map((text, c) => html`<th scope="col"${side(c)}>${text}</th>`);
  const body = table.rows
    .slice(0, rows)
    .map((row) => html`<tr>${row.map((cell, c) => html`<td${side(c)}>${writeText(cell)}</td>`)}</tr>\n`);
  const more = table.rows.length - rows;
  return html`<div class="scroll" role="group" tabindex="0" aria-label="${name}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>
${more > 0 ? leftOut(more, more === 1 ? 'row' : 'rows', 'report.json') : null}`;
}

/** What is not on this page, and where it is. */
export function leftOut(count: number, what: string, file: string): Markup {
  return html`<p class="note">${formatCount(count)} more ${what} ${count === 1 ? 'is' : 'are'} in <code>${file}</code>.</p>\n`;
}
