// What `compare` shows of two runs: whether their units could be paired, what changed, the gates on changes, and the units
// that differ. It leaves what a run is by itself to its report.
import type { Comparison } from '../analysis/comparison-change.ts';
import type { GateResult } from '../analysis/gates.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { gateSentences } from './layout.ts';
import { changeBlocks } from './layout-changes.ts';

/** One of the two. `name` is untrusted. */
export interface ComparedSide {
  readonly name: string;
  readonly planned: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  /** An answer was invented. */
  readonly simulated: boolean;
  /** `provider/model` of each model step; untrusted. Null: not known. */
  readonly models: readonly string[] | null;
}

/** A unit that is something else now; all three may quote an answer. */
export interface ChangedUnit {
  readonly unit: string;
  readonly before: string;
  readonly after: string;
}

/** Two results held against each other. */
export interface RunComparison {
  readonly base: ComparedSide;
  readonly head: ComparedSide;
  /** Both are the same run. */
  readonly isSame: boolean;
  /** Why units are not paired; null: they are. */
  readonly unpaired: string | null;
  /** Units that only one side has, left out when units are paired. */
  readonly baseOnly: number;
  readonly headOnly: number;
  readonly comparison: Comparison | null;
  /** The gates on changes. */
  readonly gates: readonly GateResult[];
  /** Units that are something else now; null: nobody asked. */
  readonly units: readonly ChangedUnit[] | null;
}

/** Units that a person is shown; `--json` has all. */
const ROWS = 50;

/** The comparison as blocks. */
export function layOutComparison(compared: RunComparison): readonly Block[] {
  const { head, comparison, gates, units, isSame } = compared;
  if (isSame) return [paragraph([...sidesText(compared), { strong: 'This is the same run.' }])];
  const blocks: Block[] = [paragraph([...sidesText(compared), ...joinText(pairingText(compared), ' ')])];
  const told = gateSentences(gates, head.simulated);
  if (told.length > 0) blocks.push(paragraph(joinText(told, ' ')));
  const changes =
    comparison === null ? [] : changeBlocks('the base', comparison, { gates, simulated: head.simulated });
  if (changes.length === 0)
    blocks.push(paragraph(['The two have no quantity in common that could be compared.']));
  blocks.push(...changes);
  // Where nothing moved there is no table of changes with the gates in it.
  const isTold = changes.some(({ kind }) => kind === 'table');
  if (!isTold && gates.length > 0) blocks.push({ kind: 'table', table: gateTable(gates) });
  if (units !== null) blocks.push(...unitBlocks(units));
  return blocks;
}

function sidesText({ base, head }: RunComparison): Text {
  return [
    { code: head.name, max: 100 },
    ` (${countsOf(head)}) against `,
    { code: base.name, max: 100 },
    ` (${countsOf(base)}). `,
  ];
}

function countsOf({ planned, valid, failed, inFlight, simulated }: ComparedSide): string {
  const rest = [
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
    ...(inFlight === 0 ? [] : [`${formatCount(inFlight)} not finished`]),
    ...(simulated ? ['simulated answers'] : []),
  ];
  return [`${formatCount(valid)} of ${formatUnits(planned)} valid`, ...rest].join(', ');
}

function pairingText({ base, head, unpaired, baseOnly, headOnly }: RunComparison): Text[] {
  const text: Text[] = [];
  if (unpaired === null) text.push([{ strong: 'Paired by unit.' }]);
  else text.push([{ strong: `Unpaired: ${unpaired}.` }, ' Only a larger change can be told from chance.']);
  const alone = baseOnly + headOnly;
  if (unpaired === null && alone > 0)
    text.push([`${formatUnits(alone)} that only one of them has are left out.`]);
  if (base.models !== null && head.models !== null && base.models.join('\n') !== head.models.join('\n')) {
    text.push(['Models: ', ...modelsText(head.models), ' here, ', ...modelsText(base.models), ' there.']);
  }
  return text;
}

function modelsText(models: readonly string[]): Text {
  const names = [...new Set(models)].map((model): Text => [{ code: model, max: 60 }]);
  return names.length === 0 ? ['none'] : joinText(names, ', ');
}

function gateTable(gates: readonly GateResult[]) {
  return {
    head: ['Result', 'Gate on a change', 'Why'],
    align: ['left', 'left', 'left'] as const,
    rows: gates.map(({ state, name, reason }): readonly Text[] => [[state], [{ name }], [reason]]),
  };
}

function unitBlocks(units: readonly ChangedUnit[]): readonly Block[] {
  if (units.length === 0) return [paragraph(['No unit is anything else.'])];
  const shown = units.slice(0, ROWS);
  const more = units.length - shown.length;
  const blocks: Block[] = [
    paragraph([{ strong: `${formatUnits(units.length)} ${units.length === 1 ? 'differs' : 'differ'}.` }]),
    {
      kind: 'table',
      table: {
        head: ['Unit', 'Before', 'After'],
        align: ['left', 'left', 'left'],
        rows: shown.map(({ unit, before, after }) => [
          [{ code: unit, max: 60 }],
          [{ code: before, max: 120 }],
          [{ code: after, max: 120 }],
        ]),
      },
    },
  ];
  if (more > 0)
    blocks.push(paragraph([`${formatCount(more)} more are in the output of `, { code: '--json' }, '.']));
  return blocks;
}
