// Weighs by gates: enough when each that the run waits for is decided at the level of this look. It asks the same judge as
// the report does, of all gates at once, so that a run never stops for what its report does not say.
import type { Gate, Pipeline } from '../pipeline/pipeline.ts';
import { gatesWaitedFor } from '../pipeline/stop-spec.ts';
import type { Accounting } from './accounting.ts';
import { type BaseResult, holdAgainst } from './against.ts';
import { type Analyser, createAnalyser } from './analyser.ts';
import type { Look } from './look.ts';
import type { UnitRecord } from './record.ts';
import type { Scale, Weighed } from './stop.ts';

// Empty lists would have the analyser look for what could be shown.
const NOTHING_SHOWN = { groupBy: null, outcomes: [], metrics: [''] };

/** Enough when no gate that is waited for is left undecided. */
export class GateScale implements Scale {
  private readonly pipeline: Pipeline;
  private readonly waitedFor: ReadonlySet<Gate>;
  private readonly written: readonly Gate[];
  private readonly analyser: Analyser;
  private readonly base: BaseResult | null;

  constructor(pipeline: Pipeline, look: Look, base: BaseResult | null) {
    this.written = pipeline.gates;
    this.waitedFor = new Set(gatesWaitedFor(pipeline.gates));
    // What becomes of an undecided gate at the end is no decision yet.
    const gates = pipeline.gates.map(undecidedStays);
    this.pipeline = { ...pipeline, gates, report: NOTHING_SHOWN };
    this.analyser = createAnalyser({ pipeline: this.pipeline, provider: '', simulated: false, look });
    this.base = base;
  }

  add(record: UnitRecord): void {
    this.analyser.add(record);
  }

  weigh(accounting: Accounting): Weighed {
    const { gates } = holdAgainst(this.analyser.finish(accounting), this.pipeline, this.base);
    const isOpen = (at: number): boolean => gates[at]?.state === 'inconclusive';
    const undecided = this.written.filter((gate, at) => this.waitedFor.has(gate) && isOpen(at)).length;
    return { kind: 'gates', enough: undecided === 0, gates: this.waitedFor.size, undecided };
  }
}

function undecidedStays(gate: Gate): Gate {
  if (gate.kind === 'cost') return gate;
  const { onInconclusive: _, ...rest } = gate;
  return rest;
}
