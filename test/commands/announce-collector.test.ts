import { expect, test } from 'vitest';
import { createMemoryHosting } from '../../src/adapters/hosting/memory.ts';
import { checkCollector, warnNoCollector } from '../../src/commands/announce-collector.ts';
import { HostingError, PermissionError } from '../../src/ports/hosting.ts';

const step = (command: string) => `jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: owner/octobatch-action@v1
        with:
          command: ${command}
`;
/** An expression of GitHub's. */
const expression = (text: string) => `\${{ ${text} }}`;

const SCHEDULE = 'on:\n  schedule:\n    - cron: "17 * * * *"\n';

const warningOf = (...texts: readonly string[]) =>
  warnNoCollector(new Map(texts.map((text, at) => [`.github/workflows/${at}.yml`, text])), 'main');

test.each([
  ['on a schedule', `${SCHEDULE}${step('collect')}`],
  ['after another workflow', `on: { workflow_run: { workflows: [x] } }\n${step('"collect"')}`],
  ['by hand', `on: workflow_dispatch\n${step('collect')}`],
  ['in a list of events', `on: [push, schedule]\n${step('collect')}`],
  [
    'chosen by an expression',
    SCHEDULE + step(expression("github.event_name == 'schedule' && 'collect' || 'submit'")),
  ],
  [
    'chosen by a matrix',
    SCHEDULE +
      step(expression('matrix.command')).replace(
        'runs-on',
        'strategy: { matrix: { command: [submit, collect] } }\n    runs-on',
      ),
  ],
])('a workflow that collects %s is a collector', (_, text) => {
  expect(warningOf('on: push', text)).toBeNull();
});

test('a workflow that is called counts with the events of the one that calls it', () => {
  const caller = `${SCHEDULE}jobs: { a: { uses: ./.github/workflows/1.yml } }`;
  const called = `on: workflow_call\n${step('collect')}`;
  expect(warningOf(caller, called)).toBeNull();
  expect(warningOf('on: push', called)).not.toBeNull();
});

test.each([
  ['nothing', []],
  ['only pushes and pull requests', [`on: [push, pull_request]\n${step('collect')}`]],
  ['other commands', [SCHEDULE + step('submit'), SCHEDULE + step('run')]],
  ['an expression between others', [SCHEDULE + step(expression("inputs.x && 'run' || 'submit'"))]],
  ['an expression that finds it nowhere', [SCHEDULE + step(expression('inputs.command'))]],
  ['the word elsewhere', [`${SCHEDULE}name: collect\n${step('submit')}`]],
  ['broken files', ['on: [schedule\njobs: {{', '- a', 'null', '', `${SCHEDULE}jobs: [1, null]`, '\u0000']],
  ['a circle of calls', [`${SCHEDULE}jobs: { a: { uses: ./.github/workflows/0.yml } }`]],
  ['a circle of aliases', [`&a\non: schedule\njobs: { x: { steps: [ { with: *a } ] } }`]],
  [
    'a bomb of aliases',
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(',')}]`)
        .join('\n')}\n${SCHEDULE}${step('collect')}`,
    ],
  ],
  ['a file that is too long', [`${SCHEDULE}${step('collect')}#${'x'.repeat(500_000)}`]],
])('with %s there is no collector', (_, texts) => {
  expect(warningOf(...texts)).toBe(
    'No workflow on main runs `command: collect` on a schedule, after another workflow or by hand, so nothing will fetch the results of this run. Put examples/workflows/collect.yml on main.',
  );
});

test('the default branch of the host is asked, and silence is no warning', async () => {
  const hosting = createMemoryHosting('github-actions[bot]', 'trunk');
  expect(await checkCollector(hosting)).toContain('No workflow on trunk');
  hosting.files.set('.github/workflows/collect.yml', SCHEDULE + step('collect'));
  expect(await checkCollector(hosting)).toBeNull();
  hosting.files.clear();
  hosting.fail('workflows', new PermissionError('contents: read', 'x'));
  expect(await checkCollector(hosting)).toBeNull();
  hosting.fail('workflows', new HostingError('x', 502));
  expect(await checkCollector(hosting)).toBeNull();
});
