// The report for a terminal or a CI log: the same blocks as the comment, without Markdown. No line can be a
// workflow command, whatever a model wrote.
import picocolors from 'picocolors';
import { formatCount } from '../analysis/numbers.ts';
import type { Verdict } from '../analysis/verdict.ts';
import type { Block, Piece, Table, Text } from './block.ts';
import { log, logLines, logText } from './escape.ts';
import { layOut } from './layout.ts';
import type { Report } from './report.ts';

/** Rows of a table that other forms fold away: here nothing can be folded. */
const FOLDED_ROWS = 40;

type Colors = ReturnType<typeof picocolors.createColors>;

/** Lines for people; `width` is the number of columns, tables are wrapped to it. Ends with a line end. */
export function toTerminal(
  report: Report,
  options: { readonly color: boolean; readonly width: number },
): string {
  const colors = picocolors.createColors(options.color);
  const width = Math.max(60, options.width);
  const heading = colors.bold(paint(colors, report.verdict)(logText(report.headline, 120)));
  const blocks = layOut(report)
    .flatMap(shorten)
    .map((block) => writeBlock(block, colors, width));
  // Wrapping may have moved a word to the start of a line, where it means something else.
  return logLines(`${[heading, ...blocks].join('\n\n')}\n`);
}

/** Blocks that are no report, in the same way. */
export function blocksToTerminal(
  blocks: readonly Block[],
  options: { readonly color: boolean; readonly width: number },
): string {
  const colors = picocolors.createColors(options.color);
  const width = Math.max(60, options.width);
  return logLines(`${blocks.map((block) => writeBlock(block, colors, width)).join('\n\n')}\n`);
}

function paint(colors: Colors, verdict: Verdict): (text: string) => string {
  switch (verdict) {
    case 'pass':
      return colors.green;
    case 'fail':
    case 'error':
      return colors.red;
    case 'inconclusive':
      return colors.yellow;
    case 'pending':
    case 'dry_run':
      return colors.cyan;
    default:
      return verdict satisfies never;
  }
}

function writeBlock(block: Block, colors: Colors, width: number): string {
  switch (block.kind) {
    case 'paragraph':
      return wrap(block.text, colors, width);
    case 'plot':
      return block.lines.join('\n');
    case 'table':
      return writeTable(block.table, colors, width);
    case 'quote':
      return log(block.text, 20, width - 4);
    case 'details':
      return [
        colors.bold(block.summary),
        ...block.blocks.map((inner) => writeBlock(inner, colors, width)),
      ].join('\n\n');
    default:
      return block satisfies never;
  }
}

/** A long table that other forms fold away is cut, at the beginning of a row that names itself. */
function shorten(block: Block): readonly Block[] {
  if (block.kind === 'details') return [{ ...block, blocks: block.blocks.flatMap(shortenTable) }];
  return [block];
}

function shortenTable(block: Block): readonly Block[] {
  if (block.kind !== 'table' || block.table.rows.length <= FOLDED_ROWS) return [block];
  const { rows } = block.table;
  let kept = FOLDED_ROWS;
  while (kept > 1 && isEmpty(rows[kept]?.[0])) kept--;
  const more = `${formatCount(rows.length - kept)} more rows are in report.html and report.md.`;
  return [
    { kind: 'table', table: { ...block.table, rows: rows.slice(0, kept) } },
    { kind: 'paragraph', text: [more] },
  ];
}

function isEmpty(cell: Text | undefined): boolean {
  return cell?.every((piece) => plain(piece) === '') ?? true;
}

function plain(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return piece.strong;
  return 'name' in piece ? logText(piece.name, 64) : logText(piece.code, piece.max);
}

/** Breaks between words; a word longer than the line keeps its length, so that a command can still be copied. */
function wrap(text: Text, colors: Colors, width: number): string {
  let [column, out] = [0, ''];
  // A word may be of several pieces, as a name and the comma behind it are.
  let [word, length] = ['', 0];
  const put = (): void => {
    if (column > 0 && column + length > width && length > 0) {
      out = `${out.trimEnd()}\n`;
      column = 0;
    }
    out += word;
    column += length;
    [word, length] = ['', 0];
  };
  for (const piece of text) {
    const style = typeof piece !== 'string' && 'strong' in piece ? colors.bold : (part: string) => part;
    for (const part of plain(piece).replace(NBSP, ' ').split(/( )/)) {
      if (part === '') continue;
      if (part === ' ') {
        put();
        out += part;
        column++;
        continue;
      }
      word += style(part);
      length += [...part].length;
    }
  }
  put();
  return out.trimEnd();
}

/** Where a line of a table is not to be broken. */
const NBSP = /\u00a0/g;

function writeTable(table: Table, colors: Colors, width: number): string {
  const cells = [
    table.head.map((head) => head),
    ...table.rows.map((row) => row.map((text) => text.map(plain).join(''))),
  ];
  const widths = fitWidths(cells, width);
  return cells
    .flatMap((row, r) => {
      const wrapped = row.map((cell, c) => wrapCell(cell, widths[c] ?? 0));
      const height = Math.max(...wrapped.map((lines) => lines.length));
      return Array.from({ length: height }, (_, i) => {
        const parts = wrapped.map((lines, c) =>
          pad(lines[i] ?? '', widths[c] ?? 0, table.align[c] ?? 'left'),
        );
        const line = parts.join('  ').trimEnd();
        return ` ${r === 0 ? colors.dim(line) : line}`;
      });
    })
    .join('\n');
}

/** Column widths as wide as needed; while they do not fit, the names in the second column give way, then the widest. */
function fitWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) =>
    Math.max(...rows.map((row) => displayWidth(row[c] ?? ''))),
  );
  const room = width - 1 - 2 * (columns - 1);
  const over = () => widths.reduce((sum, w) => sum + w, 0) > room;
  while (over() && (widths[1] ?? 0) > 16) widths[1]!--;
  while (over() && Math.max(...widths) > 8) widths[widths.indexOf(Math.max(...widths))]!--;
  return widths;
}

/** A cell's lines: broken between words, and inside what is wider than its column. Nothing is cut away. */
function wrapCell(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  // An interval is one word, as long as there is room for it.
  const words = text.split(' ').flatMap((word) => (displayWidth(word) > width ? word.split(NBSP) : [word]));
  for (const word of words.map((one) => one.replace(NBSP, ' '))) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    const characters = [...word];
    while (characters.length > width) lines.push(characters.splice(0, width).join(''));
    line = characters.join('');
  }
  return [...lines, line];
}

function pad(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return side === 'right' ? space + text : text + space;
}

/** Columns of a text; our own verdict signs take two. */
function displayWidth(text: string): number {
  return [...text].length + (text.match(/[✅❌⏳🛑]/gu) ?? []).length;
}
