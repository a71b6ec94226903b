// The steps of a run in the live view: boxes in rows, or one or two lines a step, or one line for all of them.
import { formatCount } from '../analysis/numbers.ts';
import { cutText, type Line, lineWidth, padText, type Span, type Tone, widthOf } from './live-line.ts';
import type { LiveStep } from './live-picture.ts';

/** What is drawn with: a terminal that knows no Unicode gets the second set. */
export interface Glyphs {
  readonly full: string;
  readonly promised: string;
  readonly empty: string;
  readonly across: string;
  readonly down: string;
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
  readonly arrow: string;
  readonly times: string;
  readonly dot: string;
  readonly mark: string;
}

export const UNICODE: Glyphs = {
  full: '█',
  promised: '▒',
  empty: '░',
  across: '─',
  down: '│',
  corners: ['┌', '┐', '└', '┘'],
  arrow: '►',
  times: '×',
  dot: '·',
  mark: '…',
};

export const ASCII: Glyphs = {
  full: '#',
  promised: '+',
  empty: '.',
  across: '-',
  down: '|',
  corners: ['+', '+', '+', '+'],
  arrow: '>',
  times: 'x',
  dot: '-',
  mark: '~',
};

/** Columns between the sides of a box, at the least and at the most. */
const LEAST_INSIDE = 18;
const MOST_INSIDE = 26;
/** Columns of the arrow between two boxes. */
const ARROW = 4;
/** Lines of a box. */
const BOX_LINES = 8;

/** Columns of a name, and of the bars, of steps told in lines. */
const MOST_NAME = 32;
const BAR = 20;
const SHORT_BAR = 10;

/** Ways to show the steps, the richest first; each fits the columns, not all fit the rows. */
export function stepBlocks(steps: readonly LiveStep[], columns: number, glyphs: Glyphs): readonly Line[][] {
  const boxes = boxRows(steps, columns, glyphs);
  return [...(boxes === null ? [] : [boxes]), listSteps(steps, columns, glyphs, 'whole')];
}

/** The steps in at most so many lines, a line each: those around the first that is not over. */
export function fewSteps(
  steps: readonly LiveStep[],
  columns: number,
  lines: number,
  glyphs: Glyphs,
): readonly Line[] {
  const active = Math.max(
    0,
    steps.findIndex((step) => !isOver(step)),
  );
  if (lines <= 1) return listSteps(steps.slice(active, active + 1), columns, glyphs, 'short');
  if (steps.length <= lines) return listSteps(steps, columns, glyphs, 'short');
  const shown = Math.max(1, lines - 2);
  const from = Math.min(Math.max(0, active - Math.floor((shown - 1) / 2)), steps.length - shown);
  const after = steps.length - from - shown;
  const note = (count: number, where: string): Line[] =>
    count === 0 ? [] : [[['faint', `  ${count} ${count === 1 ? 'step' : 'steps'} ${where}`]]];
  return [
    ...note(from, 'before'),
    ...listSteps(steps.slice(from, from + shown), columns, glyphs, 'short'),
    ...note(after, 'after'),
  ].slice(0, lines);
}

function isOver({ valid, failed, expected }: LiveStep): boolean {
  return expected !== null && valid + failed >= expected;
}

/** How far a step is: `42%`, never 100% before all are over; '' when it cannot be known. */
function percentOf({ valid, failed, expected }: LiveStep): string {
  if (expected === null) return '';
  return expected === 0 ? '100%' : `${Math.floor((100 * (valid + failed)) / expected)}%`;
}

function barOf(step: LiveStep, columns: number, { full, empty }: Glyphs): Span[] {
  const { valid, failed, expected } = step;
  const of = expected ?? Number.POSITIVE_INFINITY;
  const filled = of === 0 ? columns : Math.floor((columns * (valid + failed)) / of);
  return [
    [isOver(step) ? 'good' : 'busy', full.repeat(filled)],
    ['faint', empty.repeat(columns - filled)],
  ];
}

/** What a unit of the step can be, in the order in which it is told. */
function countsOf(step: LiveStep): readonly (readonly [word: string, count: number, tone: Tone])[] {
  const { valid, failed, underWay, waiting, retried, children } = step;
  return [
    ['valid', valid, 'good'],
    ['failed', failed, 'bad'],
    ['under way', underWay, 'busy'],
    ['waiting', waiting, 'plain'],
    children === null ? ['retried', retried, 'warn'] : ['children', children, 'busy'],
  ];
}

/** `×4.2`: units that a fan-out makes of one. */
function factorOf({ children, valid }: LiveStep, { times }: Glyphs): string {
  if (children === null || valid === 0) return '';
  return `${times}${(children / valid).toFixed(1).replace(/\.0$/, '')}`;
}

function boxRows(steps: readonly LiveStep[], columns: number, glyphs: Glyphs): Line[] | null {
  const inside = steps.map((step) => {
    const rows = countsOf(step).map(([word, count]) => word.length + formatCount(count).length + 3);
    const titles = [step.name, footOf(step, glyphs)].map((text) => Math.min(MOST_INSIDE, widthOf(text) + 4));
    return Math.max(LEAST_INSIDE, ...titles, ...rows);
  });
  const rows: number[][] = [];
  let room = 0;
  for (const [index, width] of inside.entries()) {
    const needs = width + 2 + ARROW;
    if (rows.length === 0 || needs > room) {
      rows.push([]);
      room = columns;
    }
    if (needs - ARROW > columns) return null;
    rows.at(-1)!.push(index);
    room -= needs;
  }
  return rows.flatMap((row) => besides(row, steps, inside, glyphs));
}

/** The boxes of one row side by side, with arrows to the next. */
function besides(
  row: readonly number[],
  steps: readonly LiveStep[],
  inside: readonly number[],
  glyphs: Glyphs,
): Line[] {
  const boxes = row.map((index) => boxOf(steps[index]!, inside[index]!, glyphs));
  return Array.from(
    { length: BOX_LINES },
    (_, line): Line =>
      row.flatMap((index, place): Span[] => {
        const isLast = index === steps.length - 1;
        const arrow: Span[] =
          line === 1 && !isLast
            ? [['faint', ` ${glyphs.across}${glyphs.arrow} `]]
            : [['plain', ' '.repeat(ARROW)]];
        const isEnd = place === row.length - 1 && (line !== 1 || isLast);
        return [...boxes[place]![line]!, ...(isEnd ? [] : arrow)];
      }),
  );
}

function boxOf(step: LiveStep, inside: number, glyphs: Glyphs): Line[] {
  const { across, down, corners, mark } = glyphs;
  const side: Span = ['faint', down];
  const border = (left: string, right: string, text: string, tone: Tone): Line => {
    const shown = text === '' ? '' : ` ${cutText(text, inside - 3, mark)} `;
    const rest = across.repeat(Math.max(0, inside - 1 - widthOf(shown)));
    return [
      ['faint', left + across],
      [tone, shown],
      ['faint', rest + right],
    ];
  };
  const within = (line: Line): Line => [side, ['plain', ' '], ...line, ['plain', ' '], side];
  const percent = percentOf(step);
  const room = inside - 2;
  const rows = countsOf(step).map(([word, count, tone]): Line => {
    const number = formatCount(count);
    const shown: Tone = count === 0 ? 'faint' : tone;
    return within([
      [shown, padText(word, Math.max(0, room - widthOf(number)))],
      [shown, number],
    ]);
  });
  return [
    border(corners[0], corners[1], step.name, 'strong'),
    within([...barOf(step, room - 5, glyphs), ['plain', ` ${percent.padStart(4)}`]]),
    ...rows,
    border(corners[2], corners[3], footOf(step, glyphs), 'faint'),
  ];
}

/** Who does the step's work, and what a fan-out makes of a unit. */
function footOf(step: LiveStep, glyphs: Glyphs): string {
  const { kind, asked } = step;
  switch (kind) {
    case 'expression':
      return 'computed here';
    case 'fan_out':
      return `fan-out ${factorOf(step, glyphs)}`.trimEnd();
    case 'llm':
      return asked ?? 'a model';
    default:
      return kind satisfies never;
  }
}

/** Steps line by line: `walk  ████░░░░  42%  420 valid, 3 failed`. `whole`: what does not fit goes on below. */
function listSteps(
  steps: readonly LiveStep[],
  columns: number,
  glyphs: Glyphs,
  how: 'whole' | 'short',
): Line[] {
  const bar = columns < 60 ? SHORT_BAR : BAR;
  const names = Math.min(
    Math.max(0, ...steps.map(({ name }) => widthOf(name))),
    Math.min(MOST_NAME, Math.max(8, columns - bar - 12)),
  );
  return steps.flatMap((step): Line[] => {
    const counts = countsOf(step)
      .filter(([word, count]) => count > 0 || word === 'valid')
      .map(([word, count, tone]): Span => {
        const factor = word === 'children' ? ` ${factorOf(step, glyphs)}` : '';
        return [tone, `${formatCount(count)} ${word}${factor}`];
      });
    const head: Span[] = [
      ['plain', `  ${padText(cutText(step.name, names, glyphs.mark), names)}  `],
      ...barOf(step, bar, glyphs),
      ['plain', ` ${percentOf(step).padStart(4)}`],
    ];
    const lines: Span[][] = [head];
    for (const count of counts) {
      const line = lines.at(-1)!;
      if (lineWidth(line) + 2 + widthOf(count[1]) <= columns) line.push(['plain', '  '], count);
      else if (how === 'whole') lines.push([['plain', '    '], count]);
      else break;
    }
    return lines;
  });
}
