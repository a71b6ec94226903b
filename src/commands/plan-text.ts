// A plan in lines for a person. It words; it computes nothing.
import { formatMoney, parseUsd } from '../analysis/money.ts';
import { formatCount, formatNumber, formatUnits } from '../analysis/numbers.ts';
import type { PromptBasis, Range } from '../engine/cost-estimate.ts';
import { formatWarning } from '../pipeline/diagnostic.ts';
import { logText } from '../report/escape.ts';
import type { Plan, PlannedCost, PlannedStep } from './plan.ts';
import type { PlannedFanOut } from './plan-fan-out.ts';

/** The plan as lines for a person. */
export function formatPlan(plan: Plan): string {
  const more = plan.units > plan.firstUnits.length ? ', ...' : '';
  const lines = [
    `${plan.pipeline}: ${unitText(plan)} (${plan.firstUnits.join(', ')}${more})`,
    ...waveLines(plan),
    ...plan.steps.flatMap(stepLines),
    ...costLines(plan),
    `  ${plan.gates} ${plan.gates === 1 ? 'gate' : 'gates'}`,
    ...plan.notRun.map(({ name, reason }) => `  not run: ${name} (${reason})`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The warnings of a plan, a line each; '' when there are none. They stop nothing. */
export function formatWarnings(plan: Plan): string {
  return plan.warnings.map((warning) => `${formatWarning(warning)}\n`).join('');
}

/** One line of a pipeline without a mistake; `pipeline` is as the person wrote it. */
export function formatValid(pipeline: string, { steps, waves, units }: Plan): string {
  const most = waves === null ? '' : 'at most ';
  const last = steps.findLast(({ fanOut }) => fanOut !== undefined)?.fanOut;
  const become = last === undefined ? '' : `, which become ${counts(last.to)}`;
  return `${pipeline}: valid, ${steps.length === 1 ? '1 step' : `${steps.length} steps`}, ${most}${formatUnits(units)}${become}\n`;
}

function unitText({ units, waves }: Plan): string {
  return waves === null || waves.least === units
    ? formatUnits(units)
    : `${formatCount(waves.least)} to ${formatUnits(units)}`;
}

function waveLines({ waves }: Plan): readonly string[] {
  if (waves === null) return [];
  const { rule, every, looks } = waves;
  const repetitions = every === 1 ? 'repetition' : `${formatCount(every)} repetitions`;
  switch (rule) {
    case 'gates':
      return [
        `  ends once the gates it waits for are decided: looked at after every ${repetitions}, at most ${times(looks)}`,
      ];
    case 'half_width':
      return [
        `  ends once its interval is narrow enough: looked at after every ${repetitions}, at most ${times(looks)}`,
      ];
    case 'best':
      return [
        `  drops the worse half after every ${repetitions}, ${times(looks - 1)}, and runs the best anew`,
      ];
    default:
      return rule satisfies never;
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${formatCount(count)} times`;
}

/** What becomes of the units at a fan-out, and how that is known. */
function fanOutLines(name: string, planned: PlannedFanOut): readonly string[] {
  const { field, max, isAnswer, from, to, bound, perUnit, looked, failing } = planned;
  const isOne = from.most === 1 && from.least === 1;
  const isGuess = looked > 0 && to.least < to.most;
  const lines = [
    `  ${name}: ${unitCounts(from)} ${isOne ? 'becomes' : 'become'} ${isGuess ? 'about ' : ''}${counts(to)}`,
  ];
  if (perUnit.mean === null) {
    const each = `${counts(perUnit)} for each`;
    const who = isAnswer ? `the model that writes “${field}”` : `what “${field}” holds by then`;
    lines.push(`    ${each}: ${who} decides, and a list longer than ${formatCount(max)} fails`);
  } else {
    const mean = perUnit.least === perUnit.most ? '' : `, ${formatNumber(perUnit.mean, 1)} in the mean`;
    const of = isGuess ? `, from ${formatCount(looked)} of ${unitCounts(from)}` : '';
    lines.push(`    ${counts(perUnit)} for each${mean}${of}`);
    if (isGuess) lines.push(`    never more than ${formatCount(bound)} in all`);
  }
  if (failing > 0) {
    const those = failing === 1 ? '1 unit fails' : `${formatCount(failing)} units fail`;
    const whose = failing === 1 ? 'its list is' : 'their list is';
    lines.push(`    ${those} here: ${whose} longer than ${formatCount(max)}, or none at all`);
  }
  return lines;
}

function unitCounts(range: Range<number>): string {
  return range.least === range.most ? formatUnits(range.most) : `${counts(range)} units`;
}

function stepLines({ name, kind, requests, cost, fanOut }: PlannedStep): readonly string[] {
  if (fanOut !== undefined) return fanOutLines(name, fanOut);
  if (kind === 'expression') return [`  ${name}: computed here`];
  const lead = `  ${name}: ${counts(requests)} requests`;
  if (cost === null) return [lead];
  const { provider, model, mode, paid, priceSource, inputTokens, outputTokens } = cost;
  // The simulator answers for a model of any name; one that nobody named has its own.
  const who = model === provider ? logText(provider) : `${logText(provider)} ${logText(model)}`;
  const whom = `${who} ${mode === 'batch' ? 'in batches' : 'in single calls'}`;
  const price = paid ? `, ${cost.cost === null ? 'cost unknown' : dollars(cost.cost)}` : '';
  const lines = [
    `${lead} to ${whom}${price}`,
    `    about ${counts(inputTokens)} tokens in, ${counts(outputTokens)} out`,
  ];
  const measured = basisText(cost.prompts);
  if (measured !== null) lines.push(`    ${measured}`);
  if (!paid) return lines;
  const source = priceSource === 'pipeline' ? 'as the pipeline declares' : `from ${priceSource}`;
  lines.push(`    price ${priceSource === null ? 'not known: declare it under prices:' : source}`);
  return lines;
}

function basisText({ basis, looked, of }: PlannedCost['prompts']): string | null {
  const words: Readonly<Record<PromptBasis, string | null>> = {
    rendered: looked < of ? `from ${formatCount(looked)} of ${formatCount(of)} prompts` : null,
    placeholders: 'from prompts with short stand-ins for earlier answers',
    template: 'from the size of the template: no prompt can be rendered yet',
  };
  return words[basis];
}

function costLines(plan: Plan): readonly string[] {
  const asked = plan.steps.flatMap((step) => step.cost ?? []);
  if (asked.length === 0) return [];
  if (asked.every(({ provider }) => provider === 'simulated'))
    return [
      '  nothing to pay: the answers are simulated',
      '    with --provider and --model: what real ones may cost',
    ];
  if (asked.every((one) => !one.paid)) return ['  nothing to pay: the answers are simulated or recorded'];
  const [early, late] = plan.waves === null ? ['', ''] : ['an early end, ', 'no early end, '];
  const isOpen = plan.steps.some(({ fanOut }) => fanOut !== undefined && fanOut.to.least < fanOut.to.most);
  const [shortest, longest] = isOpen ? [', few children', ', many children'] : ['', ''];
  const lines =
    plan.cost === null
      ? ['  cost unknown: a price is not known']
      : [
          `  cost ${dollars(plan.cost)}`,
          `    least: ${early}every answer valid at once and short${shortest}; most: ${late}every attempt used, every answer at its limit${longest}`,
        ];
  if (plan.bound !== null) {
    const { usd, certain } = plan.bound;
    const bound = formatMoney(parseUsd(usd) ?? 0n);
    lines.push(
      certain
        ? `  it cannot cost more than ${bound}`
        : `  bound about ${bound}: not every prompt is known yet`,
    );
  }
  return [...lines, capLine(plan)];
}

function capLine({ cap, cost, bound }: Plan): string {
  const limit = cap === null ? null : parseUsd(cap);
  if (limit === null) return '  no cap: set one with --max-cost';
  const lead = `  cap ${formatMoney(limit)}`;
  if (cost === null || bound === null) return lead;
  const money = (usd: string): bigint => parseUsd(usd) ?? 0n;
  if (money(bound.usd) <= limit)
    return `${lead}, ${bound.certain ? 'enough in any case' : 'probably enough in any case'}`;
  const likely = money(cost.least) > limit ? 'will' : money(cost.most) > limit ? 'may' : 'is unlikely to';
  return `${lead}, the run ${likely} pause at it`;
}

function counts({ least, most }: Range<number>): string {
  return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
}

function dollars({ least, most }: Range<string>): string {
  const [from, to] = [least, most].map((usd) => formatMoney(parseUsd(usd) ?? 0n));
  return from === to ? `${from}` : `${from} to ${to}`;
}
