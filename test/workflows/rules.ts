// What every workflow file must keep to, ours and those for users: one rule a function, from a workflow to sentences about
// what is wrong with it. It knows nothing of GitHub's schema; that is the concern of linters.
import { parseDocument } from 'yaml';

/** Permissions by name; a workflow that says nothing has all that the repository gives. */
export type Permissions = Readonly<Record<string, string>>;

export interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

interface WorkflowJob {
  readonly permissions?: Permissions;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Concurrency {
  readonly group?: string;
  readonly 'cancel-in-progress'?: unknown;
}

/** A workflow file as far as the rules look at it. */
export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

/** What `action.yml` says of the action. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The action as users name it, and as this repository names it. */
const OURS = ['OWNER/octobatch-action@v1', './'];
const FIRST_PARTY = /^actions\/[a-z-]+@v\d+$/;

/** Texts that strangers write. A step that needs one takes it from the event's file, not from an expression. */
const STRANGERS = [
  'github.head_ref',
  'github.event.pull_request.title',
  'github.event.pull_request.body',
  'github.event.pull_request.head.ref',
  'github.event.pull_request.head.label',
  'github.event.pull_request.head.repo.default_branch',
  'github.event.issue.',
  'github.event.comment.',
  'github.event.review',
  'github.event.discussion.',
  'github.event.head_commit.',
  'github.event.commits',
  'github.event.pages',
  'github.event.workflow_run.head_branch',
  'github.event.workflow_run.head_commit.',
  'github.event.workflow_run.display_title',
  'github.event.workflow_run.pull_requests',
];

/** Reads a workflow file as YAML 1.2. Throws when it is none. */
export function readWorkflow(file: string, text: string): Workflow {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [first] = [...document.errors, ...document.warnings];
  if (first !== undefined) throw new Error(`${file}: ${first.message}`);
  const found = document.toJS() as Omit<Workflow, 'file' | 'text'>;
  return { ...found, on: eventsOf(found.on), file, text };
}

/** `on: push`, `on: [push]` and `on: { push: }` say the same. */
function eventsOf(on: unknown): Workflow['on'] {
  if (typeof on === 'object' && on !== null && !Array.isArray(on)) return on as Workflow['on'];
  return Object.fromEntries([on].flat().map((event) => [String(event), null]));
}

/** The permissions of each job: its own, else those of the workflow. */
export function permissionsOf(workflow: Workflow): Readonly<Record<string, Permissions | 'all'>> {
  const jobs = Object.entries(workflow.jobs);
  return Object.fromEntries(
    jobs.map(([name, job]) => [name, job.permissions ?? workflow.permissions ?? 'all']),
  );
}

/** Everything that is wrong with a workflow, a sentence each. */
export function breachesOf(workflow: Workflow, action: Action): readonly string[] {
  const found = [
    ...ofTriggers(workflow),
    ...ofConcurrency(workflow),
    ...ofSecrets(workflow),
    ...stepsOf(workflow).flatMap((step) => [...ofUses(step), ...ofShell(step), ...ofInputs(step, action)]),
    ...ofOutputs(workflow, action),
  ];
  for (const [name, job] of Object.entries(workflow.jobs))
    if (typeof job['timeout-minutes'] !== 'number') found.push(`job ${name} has no timeout-minutes`);
  for (const text of STRANGERS) if (workflow.text.includes(text)) found.push(`a stranger writes ${text}`);
  return found.map((sentence) => `${workflow.file}: ${sentence}`);
}

/** All steps of all jobs. */
export function stepsOf(workflow: Workflow): readonly Step[] {
  return Object.values(workflow.jobs).flatMap((job) => job.steps);
}

/** The steps that are this action. */
export function ownSteps(workflow: Workflow): readonly Step[] {
  return stepsOf(workflow).filter(({ uses }) => uses !== undefined && OURS.includes(uses));
}

/** The commands that the description of the input names. */
export function commandsOf(action: Action): readonly string[] {
  return [...(action.inputs.command?.description ?? '').matchAll(/`(\w+)` \(/g)].map(([, name]) => name!);
}

function ofTriggers({ on }: Workflow): readonly string[] {
  const found: string[] = [];
  for (const event of ['pull_request_target', 'issue_comment', 'issues', 'discussion'])
    if (event in on) found.push(`it starts on ${event}`);
  for (const { cron } of (on.schedule ?? []) as readonly { readonly cron: string }[])
    if (
      cron
        .split(' ')[0]!
        .split(',')
        .some((minute) => !(Number(minute) > 0))
    )
      found.push(`${cron} is on the hour, when GitHub is late`);
  for (const event of ['pull_request', 'merge_group', 'push'])
    if ((on[event] as { readonly paths?: unknown } | null)?.paths !== undefined)
      found.push(`${event} has paths, so that a required status may never come`);
  return found;
}

/** What has a key may be paying, so that it is never cut off. */
function ofConcurrency(workflow: Workflow): readonly string[] {
  const { concurrency } = workflow;
  if (concurrency?.group === undefined) return ['it has no concurrency group'];
  const cancels = concurrency['cancel-in-progress'];
  if (cancels === false || (cancels === true && ownSteps(workflow).every(isKeyless))) return [];
  return ['it cancels a job that may be paying'];
}

function isKeyless(step: Step): boolean {
  return step.with?.provider === 'simulated' && !namesSecret(step.env);
}

/** A key is in the environment of our own step only, and what starts a run has a ceiling. */
function ofSecrets(workflow: Workflow): readonly string[] {
  const found: string[] = [];
  const own = ownSteps(workflow);
  const uses = workflow.text.match(/\$\{\{\s*secrets\./g)?.length ?? 0;
  const keys = own
    .flatMap((step) => Object.values(step.env ?? {}))
    .filter((value) => /secrets\./.test(value));
  if (uses !== keys.length) found.push('a secret is outside of the environment of the action');
  for (const step of own) {
    const command = step.with?.command ?? 'run';
    if (!namesSecret(step.env) || (command !== 'run' && command !== 'submit')) continue;
    if (!(Number(step.with?.['max-cost']) > 0)) found.push(`${command} has a key and no max-cost`);
  }
  return found;
}

function namesSecret(env: Step['env']): boolean {
  return Object.values(env ?? {}).some((value) => value.includes('secrets.'));
}

function ofUses({ uses, with: inputs }: Step): readonly string[] {
  if (uses === undefined) return [];
  const found: string[] = [];
  if (!OURS.includes(uses) && !FIRST_PARTY.test(uses))
    found.push(`${uses} is not pinned, or of a third party`);
  if (uses.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false)
    found.push('checkout leaves the token on the disk');
  return found;
}

/** No expression in a script: it would be pasted in, and what it stands for would be run. */
function ofShell({ run = '' }: Step): readonly string[] {
  return run.includes('${{') ? [`an expression is pasted into a script: ${run.trim()}`] : [];
}

function ofInputs({ uses, with: inputs = {} }: Step, action: Action): readonly string[] {
  if (uses === undefined || !OURS.includes(uses)) return [];
  const found = Object.keys(inputs).filter((name) => !Object.hasOwn(action.inputs, name));
  const sentences = found.map((name) => `the action has no input ${name}`);
  const { command = 'run' } = inputs;
  if (!commandsOf(action).includes(String(command))) sentences.push(`the action has no command ${command}`);
  return sentences;
}

function ofOutputs(workflow: Workflow, action: Action): readonly string[] {
  const ids = ownSteps(workflow).flatMap(({ id }) => id ?? []);
  return [...workflow.text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)]
    .filter(([, id, name]) => ids.includes(id!) && !Object.hasOwn(action.outputs, name!))
    .map(([, , name]) => `the action has no output ${name}`);
}
