// Reads what `analyze` is asked to estimate. It knows no results: whether a field exists is seen when they are read.

import { ExpressionSyntaxError } from '../expression/errors.ts';
import { compileExpression } from '../expression/expression.ts';
import type { FigureSpec, ReportSpec } from '../pipeline/pipeline.ts';
import { usageError } from './arguments.ts';

/** The flags as they are written. */
export interface AnalyzeFlags {
  readonly groupBy?: string;
  readonly count: readonly string[];
  readonly net: readonly string[];
  readonly numeric: readonly string[];
  readonly quantile: readonly string[];
  readonly stat: readonly string[];
}

/** What they ask for; without any that names a quantity, what the pipeline's own report shows. */
export function readWanted(flags: AnalyzeFlags, own: ReportSpec): ReportSpec {
  const { count, numeric } = flags;
  const figures = [
    ...flags.net.map((text) => readNet(text, count)),
    ...flags.quantile.map(readQuantile),
    ...flags.stat.map(readStat),
  ];
  const twice = figures.find(({ name }, at) => figures.findIndex((one) => one.name === name) < at);
  if (twice !== undefined) throw usageError('analyze', `"${twice.name}" is asked for twice`, 'leave one out');
  if (count.length + numeric.length + figures.length === 0) {
    return { ...own, groupBy: flags.groupBy ?? own.groupBy };
  }
  return {
    groupBy: flags.groupBy ?? null,
    outcomes: [...new Set(count)],
    metrics: [...new Set(numeric)],
    ...(figures.length === 0 ? {} : { figures }),
  };
}

/** `win=1,lose=-1` of the one field that is counted, or `outcome:win=1,lose=-1`. */
function readNet(text: string, count: readonly string[]): FigureSpec {
  const fix = 'write --net "outcome:win=1,lose=-1"';
  const named = /^([^=]*?):(.*)$/s.exec(text);
  const field = named?.[1] ?? (count.length === 1 ? count[0] : undefined);
  if (field === undefined) throw usageError('--net', `it is not said of which field "${text}" is`, fix);
  const values = (named?.[2] ?? text).split(',').map((part): readonly [string, number] => {
    const at = part.lastIndexOf('=');
    const number = readNumber(part.slice(at + 1));
    if (at < 1 || number === null) throw usageError('--net', `"${part}" gives no value a number`, fix);
    return [part.slice(0, at).trim(), number];
  });
  return { kind: 'net', name: `net ${field}`, field, values: Object.fromEntries(values) };
}

/** `steps:0.9`. */
function readQuantile(text: string): FigureSpec {
  const at = text.lastIndexOf(':');
  const share = readNumber(text.slice(at + 1));
  if (at < 1 || share === null || share <= 0 || share >= 1) {
    throw usageError('--quantile', `"${text}" is no quantile of a field`, 'write --quantile steps:0.9');
  }
  const field = text.slice(0, at);
  return {
    kind: 'quantile',
    name: `${Number((share * 100).toPrecision(12))}% quantile of ${field}`,
    field,
    at: share,
  };
}

/** `spread=max(steps) - min(steps)`. */
function readStat(text: string): FigureSpec {
  const fix = 'write --stat "spread=max(steps) - min(steps)"; each field is the list of its values';
  const [, name = '', expr = ''] = /^([^=]+)=(?!=)(.*)$/s.exec(text) ?? [];
  if (name.trim() === '') throw usageError('--stat', `"${text}" has no name`, fix);
  try {
    compileExpression(expr);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    throw usageError('--stat', `${name.trim()}: ${error.message} (column ${error.column})`, fix);
  }
  return { kind: 'custom', name: name.trim(), expr };
}

function readNumber(text: string): number | null {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : null;
}
