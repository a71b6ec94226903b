// The normalised pipeline: the one meaning of both forms a user can write. Plain data that survives JSON unchanged;
// it is hashed into the content key and stored in the snapshot, so it holds no file positions and no machine paths.
import type { PyDict } from '../expression/values.ts';
import type { Diagnostic } from './diagnostic.ts';

/** A name and the Python expression that gives its value. Order matters: each sees the ones before. */
export interface Assignment {
  readonly name: string;
  readonly expr: string;
}

/** One position of a unit: the field name it fills and the item group it takes items from. */
export interface UnitPosition {
  readonly name: string;
  readonly group: string;
}

/** How items become units. `direct`: one item, its fields flat. The other two: one item per position, nested. */
export type UnitStrategy =
  | { readonly kind: 'direct'; readonly group: string }
  | { readonly kind: 'cross_product'; readonly positions: readonly UnitPosition[] }
  | { readonly kind: 'permutation'; readonly positions: readonly UnitPosition[] };

export type FieldType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** A rule over a result. `error` is a template with `{field}` places; a `warning` never fails the unit. */
export interface Rule {
  readonly name: string;
  readonly expr: string;
  readonly when: string | null;
  readonly error: string;
  readonly level: 'error' | 'warning';
}

/** The checks of one step beyond its JSON schema. */
export interface Checks {
  readonly required: readonly string[];
  readonly types: Readonly<Record<string, FieldType>>;
  /** Allowed values as JSON texts (order kept); text compares without case. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly ranges: Readonly<Record<string, { readonly min: number | null; readonly max: number | null }>>;
  readonly rules: readonly Rule[];
}

/** How often one unit may be tried, and what a new attempt is told. */
export interface Retry {
  /** Most attempts of one unit, the first included; 1 means no retry. */
  readonly maxAttempts: number;
  /** Append the validation errors of the last attempt to the prompt of the next. */
  readonly feedback: boolean;
  /** Step to repeat when a check of this step fails; null: the nearest generating step that feeds it. */
  readonly from: string | null;
}

/**
 * How a step's draws hang together across units; null and false: not at all. `streamBy`: an expression over the item's
 * fields that names the stream instead of the unit. `antithetic`: an odd repetition mirrors the draws of the one before.
 * `stratify`: the first draws of so many consecutive repetitions lie in as many equal parts of the range, one in each.
 */
export interface Coupling {
  readonly streamBy: string | null;
  readonly antithetic: boolean;
  readonly stratify: number | null;
}

/** A step computed locally from seeded draws. */
export interface ExpressionStep {
  readonly kind: 'expression';
  readonly name: string;
  readonly init: readonly Assignment[];
  readonly expressions: readonly Assignment[];
  readonly loopUntil: string | null;
  readonly maxIterations: number;
  readonly checks: Checks;
  readonly retry: Retry;
  /** Absent when the draws of each unit are its own; so nothing changed for pipelines from before there was a choice. */
  readonly coupling?: Coupling;
}

/** A step answered by a model. */
export interface LlmStep {
  readonly kind: 'llm';
  readonly name: string;
  /** Key into `Pipeline.templates`. */
  readonly template: string;
  /** JSON Schema 2020-12 as JSON text, or null. */
  readonly schema: string | null;
  readonly checks: Checks;
  readonly retry: Retry;
  readonly provider: string | null;
  readonly model: string | null;
  readonly mode: Mode | null;
  /** System prompt: key into `Pipeline.templates`, or null. */
  readonly system: string | null;
  /** Hard limit of output tokens, reasoning included; part of the reserved cost. */
  readonly maxTokens: number;
  /** How far the limit may be doubled when an answer was cut off by it; null: it stays. */
  readonly maxTokensCeiling: number | null;
  readonly temperature: number | null;
  /** Computed per unit before the prompt is rendered; not part of the result. */
  readonly prepare: readonly Assignment[];
  /** What the built-in provider answers; null: it answers from the schema. */
  readonly simulate: readonly Assignment[] | null;
  /** True when a failed check here judges an earlier step's answer rather than its own. */
  readonly judge: boolean;
}

/**
 * From here on each unit is its children, one for each element of the list in `field`: with all it had, the element as
 * `childField`, `_fan_index` from 0 and `_fan_parent_id`; ids end in `__fan000`. A unit with a longer list than
 * `maxChildren` fails: the most that a run may cost is known before it begins.
 */
export interface FanOutStep {
  readonly kind: 'fan_out';
  readonly name: string;
  readonly field: string;
  readonly childField: string;
  readonly maxChildren: number;
  /** A list that cannot be fanned out is a failure of the step that made it. */
  readonly retry: Retry;
}

export type Step = ExpressionStep | LlmStep | FanOutStep;

/** How a model is asked: in batches, at half the price and within a day, or call by call while one waits. */
export type Mode = 'batch' | 'realtime';

/**
 * How a provider is reached and what it takes; null: the provider's own default. From an untrusted pipeline only what
 * lowers something counts: see policy.ts.
 */
export interface ProviderSettings {
  /** Whose protocol it speaks; null: that of its own name. */
  readonly protocol: 'openai' | 'anthropic' | 'gemini' | null;
  readonly baseUrl: string | null;
  /** Name of the environment variable that holds the key. */
  readonly keyEnv: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** OpenAI's protocol only: which of its two ways to ask. */
  readonly api: 'chat' | 'responses' | null;
  readonly completionWindow: string | null;
  /** Requests, and bytes, of one batch. */
  readonly maxRequests: number | null;
  readonly maxBytes: number | null;
  /** Estimated tokens of one model that may be queued at once. */
  readonly queueTokens: number | null;
  /** What a batch costs as a share of the price of single calls, as decimal text: `0.5`. */
  readonly batchDiscount: string | null;
  /** Single calls under way at once. */
  readonly concurrency: number | null;
  /** Hours after which a batch that is not over is cancelled. */
  readonly batchMaxAgeHours: number | null;
}

/** What the report shows. Empty lists: sensible outcomes and metrics are found from the results, and said so. */
export interface ReportSpec {
  readonly groupBy: string | null;
  readonly outcomes: readonly string[];
  readonly metrics: readonly string[];
  /** What is estimated beside outcomes and metrics; absent: nothing. */
  readonly figures?: readonly FigureSpec[];
}

/**
 * A figure of all units, or of those of one group. `net`: the mean of what each value of an outcome counts, others 0.
 * `quantile`: of a field, `at` 0 to 1, exclusive. `ratio`: the sum of `of` over the sum of `to`, expressions over a unit.
 * `rate`: events, whole numbers, over the sum of `per`. `custom`: an expression over the group, in which each field is the
 * list of its values.
 */
export type FigureSpec =
  | {
      readonly kind: 'net';
      readonly name: string;
      readonly field: string;
      readonly values: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'quantile'; readonly name: string; readonly field: string; readonly at: number }
  | { readonly kind: 'ratio'; readonly name: string; readonly of: string; readonly to: string }
  | { readonly kind: 'rate'; readonly name: string; readonly events: string; readonly per: string }
  | { readonly kind: 'custom'; readonly name: string; readonly expr: string };

/** The region a gated quantity must lie in; at least one bound is set. Shares are 0 to 1. */
export interface Region {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** What becomes of a gate that the numbers do not decide: it fails, or the run goes on, see `StopSpec`. Absent: neither. */
export type OnInconclusive = 'fail' | 'extend';

interface StatisticalClaim {
  readonly name: string;
  readonly region: Region;
  readonly confidence: number;
  readonly onInconclusive?: OnInconclusive;
}

interface ExpressionClaim extends StatisticalClaim {
  readonly expr: string;
}

interface DifferenceClaim extends ExpressionClaim {
  readonly by: string;
  readonly of: string;
  readonly minus: string;
}

/**
 * A claim that must hold. `expr` is an expression over a result's fields. `confidence` is 0.5 to 1, exclusive. Of a change
 * the region is for this run's value less the base's; of a difference for that of the group `of` less that of `minus`,
 * groups by the field `by`.
 */
export type Gate =
  | (ExpressionClaim & { readonly kind: 'share' })
  | (ExpressionClaim & { readonly kind: 'mean' })
  | (ExpressionClaim & { readonly kind: 'share_change' })
  | (ExpressionClaim & { readonly kind: 'mean_change' })
  | (DifferenceClaim & { readonly kind: 'share_difference' })
  | (DifferenceClaim & { readonly kind: 'mean_difference' })
  | (StatisticalClaim & { readonly kind: 'valid_share' })
  | { readonly kind: 'cost'; readonly name: string; readonly region: Region };

/** What is estimated to decide when to stop. */
export interface StopQuantity {
  readonly kind: 'share' | 'mean';
  readonly expr: string;
}

/**
 * When a run stops before its last repetition: it is weighed after every `every` repetitions of all items, each time the
 * same units, and never on what happens to be finished. `half_width`: an interval is narrow enough. `gates`: each is
 * decided, at the levels of O'Brien and Fleming for so many looks; they are copies, for they decide what is run.
 * `best`: after each wave the worse half of the items' groups is dropped, and the one left is estimated anew on
 * `fresh` repetitions that chose nothing.
 */
export interface StopSpec {
  readonly every: number;
  readonly rule:
    | {
        readonly kind: 'half_width';
        readonly of: StopQuantity;
        readonly atMost: number;
        readonly confidence: number;
      }
    | { readonly kind: 'gates'; readonly gates: readonly Gate[] }
    | {
        readonly kind: 'best';
        readonly of: StopQuantity;
        /** A field of the items. */
        readonly by: string;
        readonly wants: 'highest' | 'lowest';
        readonly fresh: number;
      };
}

/** A price in US dollars per million tokens, as decimal text, as billed (any batch discount already taken off). */
export interface Price {
  readonly input: string;
  readonly output: string;
}

/** What tokens of one model cost in one mode, fixed when a run is created. Amounts as in `Price`. */
export interface TokenPrice extends Price {
  /** Null: as any input. */
  readonly cachedInput: string | null;
  /** Requests with more input tokens than this pay these prices for all their tokens. */
  readonly above: (Price & { readonly inputTokens: number; readonly cachedInput: string | null }) | null;
  /** Where it comes from, for people: `pipeline`, or the name, version and date of the source. */
  readonly source: string;
}

/** What to do when a script fails: the run's verdict is an error, or it is told and nothing else. */
export type OnScriptFailure = 'fail' | 'warn';

interface PostProcessEntry {
  readonly name: string;
  /** File below the run's `outputs/` that takes what is made; null: what a script prints goes to the report. */
  readonly output: string | null;
}

/** A program of the pipeline folder that is run once over the whole run. */
export interface ScriptEntry extends PostProcessEntry {
  readonly kind: 'script';
  /** Path below the pipeline folder, and its text when the run was made. */
  readonly path: string;
  readonly source: string;
  /** Files of its folder with the same ending, which it may import, by path below the pipeline folder. */
  readonly beside: Readonly<Record<string, string>>;
  /** Program and its first arguments; null: by the file's ending. */
  readonly interpreter: readonly string[] | null;
  /** In them `{run}` is the run's folder; without one that has it, the folder is the first argument. */
  readonly args: readonly string[];
  readonly timeoutSeconds: number;
  readonly maxOutputBytes: number;
  readonly onFailure: OnScriptFailure;
}

/** One table over the valid units, as Octobatch's analyser makes it: of one counted field, or of one of numbers. */
export interface AnalysisEntry extends PostProcessEntry {
  readonly kind: 'analysis';
  readonly title: string | null;
  readonly groupBy: string | null;
  readonly counts: readonly string[];
  readonly numbers: readonly string[];
  readonly netPositive: readonly string[];
  readonly netNegative: readonly string[];
  /** More columns for numbers: expressions over `data`, `count`, `mean`, `median`, `stdev` and so on of a group. */
  readonly stats: readonly Assignment[];
  readonly format: 'table' | 'csv';
}

/**
 * What is done once when all units of a run are over, in the order written; no part of the content key. `script`: a
 * program of the pipeline folder, in trusted runs only. `analysis`: a table of the results. `gzip`: files of the run's
 * folder by glob. `extract`: each valid unit as a file named by an expression over its fields.
 */
export type PostProcess =
  | ScriptEntry
  | AnalysisEntry
  | (PostProcessEntry & {
      readonly kind: 'gzip';
      readonly files: readonly string[];
      readonly keepOriginals: boolean;
    })
  | (PostProcessEntry & {
      readonly kind: 'extract';
      readonly file: string;
      /** The field whose text is written as it is; null: `content`, or all fields as JSON. */
      readonly field: string | null;
      /** An expression whose value is written as JSON; null: all fields. */
      readonly content: string | null;
      readonly compressed: boolean;
    });

/** Something the pipeline asks for that this run does not do, and why. Shown in the report. */
export interface NotRun {
  readonly name: string;
  readonly reason: string;
}

/**
 * The generator behind all draws. `python` gives CPython's draws on Octobatch's seeds, which know neither the
 * pipeline's seed nor, where items repeat, the step.
 */
export type Rng = 'tychei' | 'arc4' | 'python';

/** The normalised pipeline. */
export interface Pipeline {
  readonly form: 'native' | 'octobatch';
  readonly name: string;
  /** Canonical text of the seed: a decimal integer, or any text. */
  readonly seed: string;
  readonly rng: Rng;
  readonly repeat: number;
  readonly maxUnits: number | null;
  readonly strategy: UnitStrategy;
  /** Requests packed into one batch at the most; null: the provider's limit. Not part of the content key. */
  readonly chunkSize: number | null;
  /** Template variables shared by all prompts: one JSON object as text. */
  readonly globals: string;
  /** Template sources by name, everything `include` may reach. Line ends normalised to \n. */
  readonly templates: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly provider: string | null;
  readonly model: string | null;
  readonly mode: Mode | null;
  /** By provider name. */
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly prices: Readonly<Record<string, Price>>;
  /** US dollars as decimal text, or null: no cap. */
  readonly maxCost: string | null;
  readonly report: ReportSpec;
  readonly gates: readonly Gate[];
  /**
   * How often, of pull requests that change nothing, one may fail a gate on a change, all such gates taken together; 0 to
   * 0.5, exclusive. Absent: 0.01.
   */
  readonly falseAlarms?: number;
  /** Absent: every planned unit is run. */
  readonly stop?: StopSpec;
  /** Places in the canonical order of the only units that are run, as ranges such as `0-99,105`; absent: all. */
  readonly only?: string;
  /** Absent: nothing. */
  readonly postProcess?: readonly PostProcess[];
  readonly notRun: readonly NotRun[];
}

/** One item: its id (already made safe for unit ids) and its fields. */
export interface Item {
  readonly id: string;
  readonly fields: PyDict;
}

/** Items by group name, in the user's order. */
export type Items = ReadonlyMap<string, readonly Item[]>;

/** A pipeline with its items: everything a run needs, read from the user's files once. */
export interface LoadedPipeline {
  readonly pipeline: Pipeline;
  readonly items: Items;
}

/** A pipeline fresh from the user's files, with what is doubtful in them; warnings are no part of a run. */
export interface CheckedPipeline extends LoadedPipeline {
  readonly warnings: readonly Diagnostic[];
}
