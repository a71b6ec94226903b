// The rows of figures that a pipeline asks for beside outcomes and metrics, as the result and group tables hold them. It
// estimates nothing.
import type { FigureEstimate, Interval, Slice } from '../analysis/estimate.ts';
import { errorDecimals, formatCount, formatNumber, formatPlain } from '../analysis/numbers.ts';
import type { Text } from './block.ts';
import { formatInterval, nbsp, plainBounds } from './interval-text.ts';

/** One row for each figure of a slice: no gate, name, estimate with its interval, nothing needed, worst cases. */
export function figureRows(slice: Slice): readonly (readonly Text[])[] {
  return slice.figures.map((figure) => [
    [nbsp('no gate')],
    [{ name: figure.name }],
    estimateCell(figure),
    [''],
    [figure.worst === null ? '' : plainBounds(figure.worst)],
  ]);
}

function estimateCell(figure: FigureEstimate): Text {
  const { value, interval, note, n, missing } = figure;
  if (value === null) return [note ?? 'no value'];
  const span = interval === null ? '' : ` ${spanOf(figure, interval)}`;
  const lacking = missing === 0 ? '' : `, ${formatCount(missing)} without a value`;
  const said = note === null ? '' : `; ${note}`;
  return [{ strong: formatFigure(figure) }, `${span}, n\u00a0${formatCount(n)}${lacking}${said}`];
}

/** The ends of a quantile's interval are values that were seen, so that no decimals are added to them. */
function spanOf({ kind }: FigureEstimate, interval: Interval): string {
  if (kind !== 'quantile') return formatInterval(interval, null);
  return nbsp(`(${formatPlain(interval.low)} to ${formatPlain(interval.high)})`);
}

/** The value of a figure, with the decimals that its interval carries; of one without a value nothing. */
function formatFigure({ kind, value, interval }: FigureEstimate): string {
  if (value === null) return '';
  if (kind === 'quantile' || interval === null || interval.high === interval.low) return formatPlain(value);
  return formatNumber(value, errorDecimals((interval.high - interval.low) / 4));
}
