// The units of every level of a run: the planned ones, and the children that fan-outs make of them. Like the table of
// units it holds none of them: which child a number means follows from the number.
import { fieldsToJson } from '../expression/json.ts';
import type { Value } from '../expression/values.ts';
import type { Step } from '../pipeline/pipeline.ts';
import { childId } from './unit-stream.ts';
import type { Unit, UnitTable } from './units.ts';

/** Units by the step they come to; a step that does not exist stands for the results. */
export interface UnitLevels {
  /** The unit with that number: of a child the item, the repetition and the fields are its source's, the id its own. */
  unit(step: number, index: number): Unit;
  /** Its starting fields as the text of one JSON object. */
  text(step: number, index: number): string;
}

/** The units of a pipeline with these steps. */
export function planLevels(table: UnitTable, steps: readonly Step[]): UnitLevels {
  const widths: number[][] = [[]];
  for (const step of steps) {
    const before = widths.at(-1)!;
    widths.push(step.kind === 'fan_out' ? [...before, step.maxChildren] : before);
  }
  const widthsAt = (step: number): readonly number[] => widths[step] ?? widths.at(-1)!;
  return {
    unit(step, index) {
      const before = widthsAt(step);
      if (before.length === 0) return table.unit(index);
      const { source, branch } = descend(before, index);
      const unit = table.unit(source);
      const id = branch.reduce(childId, unit.id);
      return {
        index,
        id,
        item: unit.item,
        repetition: unit.repetition,
        get fields() {
          return new Map<string, Value>([...unit.fields, ['unit_id', id]]);
        },
      };
    },
    text(step, index) {
      const before = widthsAt(step);
      if (before.length === 0) return table.text(index);
      const { source, branch } = descend(before, index);
      const text = table.text(source);
      const { id } = table.unit(source);
      const begin = `{"unit_id":${JSON.stringify(id)}`;
      // An item may have a field of that name, which stands in its place.
      if (!text.startsWith(begin)) return fieldsToJson(this.unit(step, index).fields);
      return `{"unit_id":${JSON.stringify(branch.reduce(childId, id))}${text.slice(begin.length)}`;
    },
  };
}

/** From which planned unit, by which place at each fan-out. */
function descend(widths: readonly number[], index: number): { source: number; branch: readonly number[] } {
  const branch: number[] = [];
  let source = index;
  for (const width of widths.toReversed()) {
    branch.unshift(source % width);
    source = Math.floor(source / width);
  }
  return { source, branch };
}
