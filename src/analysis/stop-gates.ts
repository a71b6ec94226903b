// Weighs by gates: enough when each is decided at the level of this look. It asks the same judge as the report does, so
// that a run never stops for what its report does not say.
import type { Gate, Pipeline } from '../pipeline/pipeline.ts';
import type { Accounting } from './accounting.ts';
import { type BaseResult, holdAgainst } from './against.ts';
import { type Analyser, createAnalyser } from './analyser.ts';
import type { Look } from './look.ts';
import type { UnitRecord } from './record.ts';
import type { Scale, Weighed } from './stop.ts';

// Empty lists would have the analyser look for what could be shown.
const NOTHING_SHOWN = { groupBy: null, outcomes: [], metrics: [''] };

/** Enough when no gate is left undecided. */
export class GateScale implements Scale {
  private readonly pipeline: Pipeline;
  private readonly analyser: Analyser;
  private readonly base: BaseResult | null;

  constructor(pipeline: Pipeline, gates: readonly Gate[], look: Look, base: BaseResult | null) {
    this.pipeline = { ...pipeline, gates, report: NOTHING_SHOWN };
    this.analyser = createAnalyser({ pipeline: this.pipeline, provider: '', simulated: false, look });
    this.base = base;
  }

  add(record: UnitRecord): void {
    this.analyser.add(record);
  }

  weigh(accounting: Accounting): Weighed {
    const { gates } = holdAgainst(this.analyser.finish(accounting), this.pipeline, this.base);
    const undecided = gates.filter(({ state }) => state === 'inconclusive').length;
    return { kind: 'gates', enough: undecided === 0, gates: gates.length, undecided };
  }
}
