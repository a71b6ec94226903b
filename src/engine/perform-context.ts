// What the performers of one tick share: the ports, the journal followed so far, and the pipeline of the snapshot,
// compiled on first use. It holds nothing that a crash could lose.

import { createEvaluation, type Evaluation } from '../expression/evaluation.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { fieldsFromJson, fieldsToJson } from '../expression/json.ts';
import type { Value } from '../expression/values.ts';
import type { LlmStep, LoadedPipeline, Step } from '../pipeline/pipeline.ts';
import type { Digest } from '../ports/blobs.ts';
import type { ProviderSession, RunPorts } from '../ports/session.ts';
import { openUnitStream } from '../simulation/unit-stream.ts';
import { planUnits, type UnitTable } from '../simulation/units.ts';
import { type CompiledTemplate, compileTemplate } from '../template/template.ts';
import { compileValidator, type Validator } from '../validation/validator.ts';
import type { JournalEvent } from './events.ts';
import type { LineSource } from './records.ts';
import { JournalError, type JournalFold, type RunState } from './state.ts';

/** What a model step needs to make a prompt. */
export interface PromptParts {
  readonly template: CompiledTemplate;
  readonly system: CompiledTemplate | null;
  readonly prepare: readonly { readonly name: string; readonly expression: CompiledExpression }[];
}

/** One process's view of a run while it works on it. */
export class RunContext {
  readonly ports: RunPorts;
  readonly pipeline: LoadedPipeline['pipeline'];
  readonly units: UnitTable;
  /** Batches this process tried to submit, and when it last began to (ms). */
  readonly attempted = new Map<string, number>();
  /** Batches not to be looked at again before a time (ms). */
  readonly notBefore = new Map<string, number>();
  /** Why a batch could not be dealt with lately; for people. */
  readonly troubles = new Map<string, string>();
  private readonly fold: JournalFold;
  private version: number;
  private known: RunState;
  private readonly validators = new Map<string, Validator>();
  private readonly prompts = new Map<string, PromptParts>();
  private globalFields: ReadonlyMap<string, Value> | null = null;

  constructor(ports: RunPorts, loaded: LoadedPipeline, fold: JournalFold, version: number) {
    this.ports = ports;
    this.pipeline = loaded.pipeline;
    this.units = planUnits(loaded.pipeline, loaded.items);
    this.fold = fold;
    this.version = version;
    this.known = requireState(fold);
  }

  /** The run as of the last journal read or write. */
  get state(): RunState {
    return this.known;
  }

  /** Reads what others wrote since. */
  async follow(): Promise<void> {
    const { events, version } = await this.ports.journal.readAfter(this.version);
    if (version === this.version) return;
    this.fold.apply(events);
    this.version = version;
    this.known = requireState(this.fold);
  }

  /**
   * Writes events. When somebody else wrote first, reads that, and writes again only if `stillRight` says so;
   * otherwise the work is dropped and decided anew.
   */
  async record(
    events: readonly JournalEvent[],
    stillRight: (state: RunState) => boolean = () => false,
  ): Promise<boolean> {
    for (;;) {
      const result = await this.ports.journal.append(events, this.version);
      if (result.kind === 'appended') {
        this.fold.apply(events);
        this.version = result.version;
        this.known = requireState(this.fold);
        return true;
      }
      await this.follow();
      if (!stillRight(this.known)) return false;
    }
  }

  readonly lines: LineSource = (digest) => this.ports.blobs.lines(digest as Digest);

  step(index: number): Step {
    return this.pipeline.steps[index]!;
  }

  llmStep(index: number): LlmStep {
    const step = this.step(index);
    if (step.kind !== 'llm') throw new JournalError(`Step "${step.name}" is not answered by a model.`);
    return step;
  }

  providerOf(step: LlmStep): string {
    return step.provider ?? this.pipeline.provider ?? 'simulated';
  }

  modelOf(step: LlmStep): string {
    return step.model ?? this.pipeline.model ?? 'simulated';
  }

  session(provider: string): Promise<ProviderSession> {
    return this.ports.provider(provider);
  }

  validatorOf(index: number): Validator {
    const step = this.step(index);
    let validator = this.validators.get(step.name);
    if (validator === undefined) {
      const schema = step.kind === 'llm' ? step.schema : null;
      this.validators.set(
        step.name,
        (validator = compileValidator({ step: step.name, schema, checks: step.checks })),
      );
    }
    return validator;
  }

  promptOf(step: LlmStep): PromptParts {
    let parts = this.prompts.get(step.name);
    if (parts === undefined) {
      const { templates } = this.pipeline;
      const load = (name: string): string | null =>
        Object.hasOwn(templates, name) ? templates[name]! : null;
      const compile = (name: string): CompiledTemplate => compileTemplate(name, load(name) ?? '', load);
      parts = {
        template: compile(step.template),
        system: step.system === null ? null : compile(step.system),
        prepare: step.prepare.map(({ name, expr }) => ({ name, expression: compileExpression(expr) })),
      };
      this.prompts.set(step.name, parts);
    }
    return parts;
  }

  /** The template variables all prompts share. */
  get globals(): ReadonlyMap<string, Value> {
    this.globalFields ??= fieldsFromJson(this.pipeline.globals);
    return this.globalFields;
  }

  /** A fresh allowance for one unit's expressions, drawing from the stream named by (seed, unit, step, purpose). */
  evaluation(unit: string, step: string, purpose: string): Evaluation {
    const drawing = { id: unit, repeats: this.pipeline.repeat > 1 };
    return createEvaluation({ random: openUnitStream(this.pipeline, drawing, step, purpose) });
  }

  /** The unit's item fields as one JSON object text. */
  itemFields(unit: number): string {
    return fieldsToJson(this.units.unit(unit).fields);
  }
}

function requireState(fold: JournalFold): RunState {
  const state = fold.state();
  if (state === null) throw new JournalError('The journal is empty.');
  return state;
}
