// The live view as lines: what a run is doing, fitted to a terminal. Pure: the same picture and size, the same lines.
// It never gives more lines than rows, nor a line of more than the columns.
import { formatMoney } from '../analysis/money.ts';
import { formatCount } from '../analysis/numbers.ts';
import { formatAge } from './ages.ts';
import { cutLine, type Line, lineWidth, padText, type Span, widthOf, wrapText } from './live-line.ts';
import { type LiveBatch, type LiveMoney, type Picture, sayMoney } from './live-picture.ts';
import { fewSteps, type Glyphs, stepBlocks } from './live-steps.ts';

/** A terminal's size in characters. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines that are kept for what matters beside boxes: facts, and batches and failures where models are asked. */
const BESIDE_BOXES = { local: 6, models: 13 } as const;
/** The most lines of a section, so that one does not drive the others off the screen. */
const MOST_PAUSE = 3;
const MOST_BATCHES = 12;
const MOST_FAILURES = 5;
const MONEY_BAR = 20;
/** Letters of a batch's name, and of its end among them. */
const ID_COLUMNS = 16;
const ID_END = 7;

/** The picture on a screen of this size. */
export function layOut(picture: Picture, { columns, rows }: ScreenSize, glyphs: Glyphs): readonly Line[] {
  if (rows < 1 || columns < 1) return [];
  const must: Line[] = [headLine(picture, columns, glyphs)];
  const paused = pauseLines(picture, columns).slice(0, Math.max(0, Math.min(MOST_PAUSE, rows - 2)));
  const facts = factLines(picture, columns, glyphs);
  const room = rows - must.length - paused.length;
  const asksModels = picture.steps.some(({ kind }) => kind === 'llm');
  const rich = stepBlocks(picture.steps, columns, glyphs).find((block, index, all) => {
    const isBoxes = all.length > 1 && index === 0;
    const beside = asksModels ? BESIDE_BOXES.models : BESIDE_BOXES.local;
    return block.length + (isBoxes ? beside : Math.min(facts.length, 2)) <= room;
  });
  const steps =
    rich ??
    fewSteps(picture.steps, columns, Math.max(1, room - Math.min(facts.length, room > 3 ? 2 : 0)), glyphs);
  let left = room - steps.length;
  const kept = facts.slice(0, Math.max(0, left));
  left -= kept.length;
  const foot: Line[] = left > 0 ? [[['faint', picture.hint]]] : [];
  left -= foot.length;
  const sections = lists(picture, columns, left, glyphs);
  // What is left becomes blank lines between the blocks.
  left -= sections.reduce((sum, section) => sum + section.length, 0);
  const blocks = [[...must, ...kept.slice(0, 1)], paused, steps, kept.slice(1), ...sections, foot].filter(
    (block) => block.length > 0,
  );
  const lines: Line[] = [];
  for (const [index, block] of blocks.entries()) {
    if (index > 0 && left > 0) {
      lines.push([]);
      left--;
    }
    lines.push(...block);
  }
  return lines.slice(0, rows).map((line) => cutLine(line, columns, glyphs.mark));
}

function headLine(picture: Picture, columns: number, { dot, mark }: Glyphs): Line {
  const { run, standing, ageMs, shard } = picture;
  const age = formatAge(ageMs);
  const [tone, text] = ((): Span => {
    switch (standing) {
      case 'open':
        return picture.paused === null ? ['busy', `running for ${age}`] : ['warn', `paused after ${age}`];
      case 'canceling':
        return ['warn', `being cancelled, after ${age}`];
      case 'finished':
        return ['good', `finished after ${age}`];
      default:
        return standing satisfies never;
    }
  })();
  const part = shard === null ? '' : `  ${dot}  shard ${shard}`;
  const name = `${run}${part}`;
  const whole: Line = [
    ['strong', name],
    ['faint', `  ${dot}  `],
    [tone, text],
  ];
  // What it does is worth more than the end of its name.
  const room = columns - widthOf(text) - 2;
  if (lineWidth(whole) <= columns || room < 8) return whole;
  return [...cutLine([['strong', name]], room, mark), ['plain', '  '], [tone, text]];
}

/** Single lines about the whole run, the most important first. */
function factLines(picture: Picture, columns: number, glyphs: Glyphs): readonly Line[] {
  return [
    booksLine(picture, columns),
    ...(picture.afterwards === undefined
      ? []
      : [[['busy', `after the run: ${picture.afterwards}`]] satisfies Line]),
    ...(picture.money === null ? [] : [moneyLine(picture.money, columns, glyphs)]),
    ...etaLine(picture, columns),
    ...waveLine(picture),
  ];
}

function booksLine({ planned, valid, failed, inFlight }: Picture, columns: number): Line {
  const lost: Span = [failed === 0 ? 'plain' : 'bad', `${formatCount(failed)} failed`];
  const whole: Line = [
    ['plain', `${formatCount(planned)} planned = ${formatCount(valid)} valid + `],
    lost,
    ['plain', ` + ${formatCount(inFlight)} in flight`],
  ];
  if (lineWidth(whole) <= columns) return whole;
  return [['plain', `${formatCount(valid)} of ${formatCount(planned)} valid, `], lost];
}

function moneyLine(money: LiveMoney, columns: number, glyphs: Glyphs): Line {
  const { spent, reserved, cap, unpriced } = money;
  const words = sayMoney(money);
  if (cap === null || cap === 0n || unpriced) return [['plain', words]];
  const share = (amount: bigint): number =>
    Math.min(MONEY_BAR, Number((amount * BigInt(MONEY_BAR) * 1000n) / cap) / 1000);
  const full = Math.floor(share(spent));
  // Where any money is promised some of the bar says so: what is free is not told too large.
  const taken = reserved === 0n ? full : Math.ceil(share(spent + reserved));
  const bar: Line = [
    [spent * 10n > cap * 9n ? 'warn' : 'good', glyphs.full.repeat(full)],
    ['warn', glyphs.promised.repeat(taken - full)],
    ['faint', glyphs.empty.repeat(MONEY_BAR - taken)],
    ['plain', `  ${words}`],
  ];
  if (lineWidth(bar) <= columns) return bar;
  return widthOf(words) <= columns
    ? [['plain', words]]
    : [['plain', `${formatMoney(spent)} of at most ${formatMoney(cap)}`]];
}

function etaLine({ eta }: Picture, columns: number): Line[] {
  if (eta === null) return [];
  const left = `about ${formatAge(eta.leftMs)} left${eta.of === 'wave' ? ' for this wave' : ''}`;
  const whole = `${left}, ${eta.because}`;
  return [
    widthOf(whole) <= columns
      ? [
          ['strong', left],
          ['faint', `, ${eta.because}`],
        ]
      : [['strong', left]],
  ];
}

function waveLine({ wave }: Picture): Line[] {
  if (wave === null) return [];
  const { number, opened, most, isLast } = wave;
  const name = isLast ? `ended with wave ${formatCount(number)}` : `wave ${formatCount(number)}`;
  return [[['plain', `${name}: ${formatCount(opened)} units of at most ${formatCount(most)}`]]];
}

function pauseLines({ paused }: Picture, columns: number): readonly Line[] {
  if (paused === null) return [];
  return wrapText(`paused: ${paused}`, columns).map((text): Line => [['warn', text]]);
}

/** Batches and failures in so many lines, each list with its title. */
function lists(
  picture: Picture,
  columns: number,
  rows: number,
  glyphs: Glyphs,
): readonly (readonly Line[])[] {
  const { batches, failures } = picture;
  const failed = failures.slice(0, MOST_FAILURES).map(
    ({ kind, step, unit, issue }): Line => [
      ['bad', `  ${padText(kind, 9)}  `],
      ['plain', `${step}  ${unit}  `],
      ['faint', issue],
    ],
  );
  const wantsFailures = failed.length === 0 ? 0 : failed.length + 1;
  const wantsBatches = batches.length === 0 ? 0 : Math.min(batches.length, MOST_BATCHES) + 1;
  // Half for each; what one does not need is the other's.
  const half = Math.floor(rows / 2);
  const forFailures = Math.min(wantsFailures, Math.max(half, rows - wantsBatches));
  const forBatches = Math.min(wantsBatches, rows - forFailures);
  return [
    section(batchTitle(batches), batchLines(batches, columns, glyphs), forBatches, batches.length),
    section('last failures', failed, forFailures, failed.length),
  ];
}

function batchTitle(batches: readonly LiveBatch[]): string {
  const waves = batches.filter(({ mode }) => mode === 'realtime').length;
  const whole = batches.length - waves;
  const parts = [
    ...(whole === 0 ? [] : [`${formatCount(whole)} ${whole === 1 ? 'batch' : 'batches'}`]),
    ...(waves === 0 ? [] : ['single calls']),
  ];
  return `${parts.join(' and ')} under way`;
}

/** A title and as many lines as fit below it; nothing when there is no room for one. */
function section(title: string, lines: readonly Line[], room: number, of: number): readonly Line[] {
  if (room < 2 || lines.length === 0) return [];
  const head: Line = [['strong', title]];
  if (of <= room - 1) return [head, ...lines];
  if (room === 2) return [head, lines[0]!];
  return [head, ...lines.slice(0, room - 2), [['faint', `  and ${formatCount(of - room + 2)} more`]]];
}

/** The beginning of a provider's name for a batch says what it is, the end tells it from the others. */
function shortId(id: string, columns: number, mark: string): string {
  const letters = [...id];
  if (letters.length <= ID_COLUMNS) return id;
  const end = letters.slice(-ID_END).join('');
  return columns < 60
    ? `${mark}${end}`
    : `${letters.slice(0, ID_COLUMNS - ID_END - 1).join('')}${mark}${end}`;
}

function batchLines(batches: readonly LiveBatch[], columns: number, { dot, mark }: Glyphs): readonly Line[] {
  // Those that are held up need a person's eye first.
  const shown = batches
    .toSorted((a, b) => Number(b.isHeldUp) - Number(a.isHeldUp))
    .slice(0, MOST_BATCHES)
    .map((batch) => ({ ...batch, id: shortId(batch.id, columns, mark) }));
  const ids = Math.max(0, ...shown.map(({ id }) => widthOf(id)));
  const names = Math.max(0, ...shown.map(({ step }) => widthOf(step)));
  return shown.map(({ id, step, asked, requests, mode, says, isHeldUp }): Line => {
    // How many single calls there are is part of where they stand.
    const count =
      mode === 'realtime'
        ? ''
        : `${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'} ${dot} `;
    return [
      ['plain', `  ${padText(id, ids)}  ${padText(step, names)}  `],
      ...(columns >= 100 ? ([['faint', `${asked} ${dot} ${count}`]] as Span[]) : []),
      ...(columns >= 60 && columns < 100 ? ([['faint', count]] as Span[]) : []),
      [isHeldUp ? 'warn' : 'busy', says],
    ];
  });
}
