// The report as GitHub Markdown. Untrusted text leaves only through the sinks of escape.ts; nothing here decides
// what is said.
import type { Block, Piece, Table, Text } from './block.ts';
import { fence, fenceLines, inline, plainName } from './escape.ts';
import { verdictEmoji } from './headline.ts';
import { layOut } from './layout.ts';
import type { Report } from './report.ts';

/** The whole comment or job summary, without a publisher's marker. Ends with a line end. */
export function toMarkdown(report: Report): string {
  return `${headingOf(report)}\n\n${writeBlocks(layOut(report))}\n`;
}

/** The first line, with its emoji. */
export function headingOf(report: Report): string {
  return `### ${verdictEmoji(report.verdict)} ${report.headline}`;
}

/** Blocks one below the other, without a line end. */
export function writeBlocks(blocks: readonly Block[]): string {
  return blocks.map(writeBlock).join('\n\n');
}

function writeBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return writeText(block.text);
    case 'plot':
      return fenceLines(block.lines);
    case 'table':
      return writeTable(block.table);
    case 'quote':
      return fence(block.text);
    case 'details': {
      const body = writeBlocks(block.blocks);
      return `<details>\n<summary>${block.summary}</summary>\n\n${body}\n\n</details>`;
    }
    default:
      return block satisfies never;
  }
}

/** One line of text. */
export function writeText(text: Text): string {
  return text.map(writePiece).join('');
}

function writePiece(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return `**${piece.strong}**`;
  return 'name' in piece ? plainName(piece.name) : inline(piece.code, piece.max);
}

function writeTable(table: Table): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = `|${table.align.map((side) => (side === 'right' ? '--:' : ':--')).join('|')}|`;
  return [row(table.head), rule, ...table.rows.map((cells) => row(cells.map(writeText)))].join('\n');
}
