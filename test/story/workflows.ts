// Workflow files on the default branch of a stage: what the action looks for there, and no more. The examples for users
// have a test of their own.

/** By path: a collector on a schedule, a way to cancel, and the run that a maintainer pays for. */
export const WORKFLOWS: Readonly<Record<string, string>> = {
  '.github/workflows/collect.yml': `on:
  schedule:
    - cron: "17 * * * *"
jobs:
  collect:
    runs-on: ubuntu-latest
    steps:
      - uses: octo/octobatch-action@v1
        with:
          command: collect
`,
  '.github/workflows/cancel.yml': `on:
  workflow_dispatch:
    inputs:
      run: { required: true }
jobs:
  cancel:
    runs-on: ubuntu-latest
    steps:
      - uses: octo/octobatch-action@v1
        with:
          command: cancel
`,
  '.github/workflows/paid-fork.yml': `on:
  workflow_dispatch:
    inputs:
      pr: { required: true }
      sha: { required: true }
jobs:
  submit:
    runs-on: ubuntu-latest
    steps:
      - uses: octo/octobatch-action@v1
        with:
          command: submit
`,
};
