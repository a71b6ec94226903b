// Workflows for a first pipeline: those of examples/workflows, for one folder and one provider. A test holds them
// against the examples; nothing is written here.
import type { Answerer, Files } from './init-templates.ts';

const KEY_NAMES = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  gemini: 'GOOGLE_API_KEY',
} as const;

/** The workflow files, by their paths in the repository. `folder`: the pipeline's, there; `who`: null asks no model. */
export function workflowFiles(folder: string, who: Answerer | null): Files {
  if (who === null) return { '.github/workflows/octobatch.yml': forFolder(SIMULATE, folder) };
  const withKey = (text: string): string =>
    text.replaceAll(KEY_NAMES.openai, KEY_NAMES[who.provider]).replace('[gpt-5-mini]', `[${who.model}]`);
  return {
    '.github/workflows/octobatch.yml': withKey(forFolder(PULL_REQUEST, folder)),
    '.github/workflows/octobatch-collect.yml': withKey(COLLECT),
  };
}

/** The secret that the workflows of a provider read. */
export function secretOf({ provider }: Answerer): string {
  return KEY_NAMES[provider];
}

function forFolder(text: string, folder: string): string {
  return text.replace('pipeline: pipelines/*', () => `pipeline: ${folder}`);
}

/** examples/workflows/simulate.yml */
export const SIMULATE = `# Does: runs a pipeline on each pull request with invented answers, and shows it in the job summary. The first to try.
# Needs: nothing but a copy of this file in .github/workflows. No key, and no permission but to read the code.
# Costs: no money; a minute or two of a runner for each push.
name: simulate
on:
  pull_request:
  workflow_dispatch:

permissions:
  contents: read # actions/checkout

# One at a time for a pull request or a branch; of those that wait, only the newest runs.
concurrency:
  group: simulate-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: false

jobs:
  simulate:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: OWNER/octobatch-action@v1 # the repository that this example comes from
        with:
          pipeline: pipelines/*
          provider: simulated # the answers are invented, and every surface says so
          comment: never # with \`pull-requests: write\` above, leave this line out
`;

/** examples/workflows/pull-request.yml */
export const PULL_REQUEST = `# Does: asks a real model about each pull request and each push to main. The job sends batches and ends; collect.yml goes on.
# Needs: the secret OPENAI_API_KEY, and collect.yml on the default branch. Fork pull requests get a dry run without the key.
# Costs: at most max-cost a run, nothing when the pipeline is as it was; a minute or two of a runner for each push.
name: octobatch
on:
  push:
    branches: [main] # what pull requests are compared with
  pull_request:
  merge_group:
# No \`paths:\` here: a required status would be waited for without end. Pipelines that did not change cost nothing.

permissions:
  contents: write # the state of the run, on the branch octobatch-state
  actions: read # what earlier jobs of the run have kept as artifacts
  pull-requests: write # the comment
  statuses: write # the commit status

# One at a time for a pull request or a branch. Never cancel-in-progress: a job that has begun may be paying.
concurrency:
  group: octobatch-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: false

jobs:
  submit:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: OWNER/octobatch-action@v1 # the repository that this example comes from
        env:
          OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}
        with:
          command: submit
          pipeline: pipelines/*
          max-cost: 1 # dollars a run; a pipeline may say less, never more
          # Without a policy a pull request may name any model with a published price. See docs/providers.md.
          policy: |
            models: [gpt-5-mini]
`;

/** examples/workflows/collect.yml */
export const COLLECT = `# Does: goes on with every run that is not over: fetches answers, sends what comes next, shows results where they belong.
# Needs: the keys of all providers in use, and to be on the default branch: GitHub starts schedules nowhere else.
# Costs: under a minute of a runner each time nothing has come back; what is sent next counts towards the run's own ceiling.
name: octobatch collect
on:
  schedule:
    - cron: "7,27,47 * * * *" # not on the hour, when GitHub is late most
  workflow_run:
    workflows: [octobatch, octobatch paid]
    types: [completed]
  workflow_dispatch:

permissions:
  contents: write # the state of runs, on the branch octobatch-state
  actions: read # what earlier jobs have kept as artifacts
  pull-requests: write # comments
  statuses: write # commit statuses

# Two collectors do no harm, they only ask twice. None is cancelled: it may be sending.
concurrency:
  group: octobatch-collect
  cancel-in-progress: false

jobs:
  collect:
    runs-on: ubuntu-latest
    timeout-minutes: 40 # the action itself stops after 20 minutes and leaves the rest to the next
    steps:
      # No checkout: everything a run needs was kept when it was sent. Nothing that a pull request can change is read here.
      - uses: OWNER/octobatch-action@v1 # the repository that this example comes from
        env:
          OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}
        with:
          command: collect
          # A gate that fails turns the commit status of its own pull request red, not this job.
          fail-on: never
`;
