// The report as GitHub Markdown. Untrusted text leaves only through the sinks of escape.ts; nothing here decides
// what is said.
import type { Block, Piece, Table, Text } from './block.ts';
import { fence, fenceLines, inline, plainName } from './escape.ts';
import { verdictEmoji } from './headline.ts';
import { layOut } from './layout.ts';
import type { Report } from './report.ts';

/** The whole comment or job summary, without a publisher's marker. Ends with a line end. */
export function toMarkdown(report: Report): string {
  const heading = `### ${verdictEmoji(report.verdict)} ${report.headline}`;
  return `${[heading, ...layOut(report).map(writeBlock)].join('\n\n')}\n`;
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
      const body = block.blocks.map(writeBlock).join('\n\n');
      return `<details>\n<summary>${block.summary}</summary>\n\n${body}\n\n</details>`;
    }
    default:
      return block satisfies never;
  }
}

function writeText(text: Text): string {
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
