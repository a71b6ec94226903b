// What is remembered of a commit's result: one short line of figures. A line read back from a comment is data of a
// strict grammar; it holds no free text, and what does not fit the grammar is no line.
import { parseUsd } from '../analysis/money.ts';
import { formatCount } from '../analysis/numbers.ts';
import type { Verdict } from '../analysis/verdict.ts';
import { sha256Hex } from '../expression/sha256.ts';
import type { Block, Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import { formatGateValue, verdictEmoji, verdictWord } from './headline.ts';
import type { Report } from './report.ts';

/** Most commits that are remembered. */
export const HISTORY_LIMIT = 10;

/** One commit's result. `spent`: US dollars as decimal text, null when unknown. */
export interface ResultLine {
  /** Hex, 7 to 64 digits. */
  readonly commit: string;
  readonly verdict: Exclude<Verdict, 'pending'>;
  readonly valid: number;
  readonly planned: number;
  readonly spent: string | null;
  /** The first gate's value as it was shown, and 8 hex digits that name that gate; null when there is none. */
  readonly figure: string | null;
  readonly gate: string | null;
}

const COMMIT = /^[0-9a-f]{7,64}$/;
const LINE =
  /^([0-9a-f]{7,64}) (pass|fail|inconclusive|dry_run|error) (\d{1,12})\/(\d{1,12}) (-|\d{1,9}(?:\.\d{1,12})?) (?:- -|(\S{1,24}) ([0-9a-f]{8}))$/;
/** `41%`, `−0.25`, `1,234.5`, `$0.05`, `1.234e15`; of a change `−11pp`, `+2.4`, `±0`. */
const FIGURE = /^[−+±]?\$?\d[\d,]*(?:\.\d+)?(?:e−?\d+)?(?:%|pp)?$/;

/** True for a commit's hex digits, whole or shortened. */
export function isCommit(text: string): boolean {
  return COMMIT.test(text);
}

/** True when the run will not go on by itself or on command: a pause is no end. */
export function isOver(report: Report): boolean {
  const paused = ['budget', 'blocked', 'unusable'].includes(report.error?.kind ?? '');
  return report.verdict !== 'pending' && !paused;
}

/** True when a verdict was reached. */
export function isComplete(report: Report): boolean {
  return report.verdict !== 'pending' && report.verdict !== 'error';
}

/** What is remembered of a finished run; null while it is not over, and for a commit that is none. */
export function resultLine(report: Report, commit: string): ResultLine | null {
  const { verdict, units, cost } = report;
  if (verdict === 'pending' || !isOver(report) || !isCommit(commit)) return null;
  // Of a part of a run, or of invented answers, no figure is remembered.
  const gate = isComplete(report) && !report.simulated ? report.gates[0] : undefined;
  const value = gate === undefined || gate.value === null ? null : formatGateValue(gate).replace(' pp', 'pp');
  const shown = gate !== undefined && value !== null && value.length <= 24 && FIGURE.test(value);
  return {
    commit,
    verdict,
    valid: units.valid,
    planned: units.planned,
    spent: cost.spent,
    figure: shown ? value : null,
    gate: shown ? gateId(gate.name) : null,
  };
}

/** Hex digits by which a gate is known again without its name. */
export function gateId(name: string): string {
  return sha256Hex(name).slice(0, 8);
}

/** Newest first, each commit once, at most ten. */
export function addResult(history: readonly ResultLine[], line: ResultLine | null): readonly ResultLine[] {
  if (line === null) return history.slice(0, HISTORY_LIMIT);
  return [line, ...history.filter(({ commit }) => commit !== line.commit)].slice(0, HISTORY_LIMIT);
}

/** One line of text that `parseResult` reads back. */
export function writeResult(line: ResultLine): string {
  const figure = line.figure === null || line.gate === null ? '- -' : `${line.figure} ${line.gate}`;
  return `${line.commit} ${line.verdict} ${line.valid}/${line.planned} ${line.spent ?? '-'} ${figure}`;
}

/** Reads such a line; null for anything else. */
export function parseResult(text: string): ResultLine | null {
  const [, commit, verdict, valid, planned, spent, figure, gate] = LINE.exec(text) ?? [];
  if (commit === undefined || (figure !== undefined && !FIGURE.test(figure))) return null;
  return {
    commit,
    verdict: verdict as ResultLine['verdict'],
    valid: Number(valid),
    planned: Number(planned),
    spent: spent === '-' || parseUsd(spent!) === null ? null : spent!,
    figure: figure ?? null,
    gate: gate ?? null,
  };
}

/** `✅ pass`. */
export function verdictCell(verdict: Verdict): string {
  return `${verdictEmoji(verdict)} ${verdictWord(verdict).toLowerCase()}`;
}

/** The folded table of earlier commits; nothing when there are none. A figure is shown below its own gate's name only. */
export function historyBlocks(report: Report, earlier: readonly ResultLine[]): readonly Block[] {
  if (earlier.length === 0) return [];
  const gate = report.gates[0]?.name ?? null;
  const id = gate === null ? null : gateId(gate);
  const figures = gate !== null && earlier.some((line) => line.figure !== null && line.gate === id);
  const rows = earlier.map((line): readonly Text[] => [
    [{ code: line.commit.slice(0, 7) }],
    [verdictCell(line.verdict)],
    [`${formatCount(line.valid)} of ${formatCount(line.planned)}`],
    [line.spent === null ? 'unknown' : formatUsd(line.spent)],
    ...(figures ? [[line.gate === id ? (line.figure ?? '').replace('pp', ' pp') : '']] : []),
  ]);
  const columns = figures ? 5 : 4;
  const table: Block = {
    kind: 'table',
    table: {
      head: ['Commit', 'Verdict', 'Valid units', 'Cost', 'First gate'].slice(0, columns),
      align: (['left', 'left', 'right', 'right', 'right'] as const).slice(0, columns),
      rows,
    },
  };
  const caption: readonly Block[] =
    figures && gate !== null ? [{ kind: 'paragraph', text: ['First gate: ', { name: gate }, '.'] }] : [];
  const summary = `Earlier commits on this pull request (${earlier.length})`;
  return [{ kind: 'details', summary, blocks: [table, ...caption] }];
}
