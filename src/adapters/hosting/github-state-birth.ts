// Makes the state branch when a repository has none: one commit without parents, so that it shares no history with the
// code. It never moves a branch that is there.
import { HostingError } from '../../ports/hosting.ts';
import type { GithubClient } from './github-client.ts';
import { gitBlobName, type StateTree } from './github-state-tree.ts';

const README = `# State of Octobatch

Octobatch keeps here what its jobs must know of one another: the journals of runs (\`runs/\`, \`done/\`) and the last
result of each pipeline on each branch (\`baselines/\`). It holds no prompts, no answers and no keys.

This branch shares no history with the code. It may be deleted when no run is under way; the next run makes it again,
and has no baseline then.
`;

/** Makes the branch. Null: somebody else was faster. Rejects like the client. */
export async function createStateBranch(client: GithubClient, branch: string): Promise<StateTree | null> {
  const { owner, repo } = client;
  const manner = {
    what: `create the state branch ${branch}`,
    permission: 'contents: write',
    repeat: 'safe',
  } as const;
  const tree = await client.rest(
    ({ rest }) =>
      rest.git.createTree({
        owner,
        repo,
        tree: [{ path: 'README.md', mode: '100644', type: 'blob', content: README }],
      }),
    manner,
  );
  const commit = await client.rest(
    ({ rest }) =>
      rest.git.createCommit({
        owner,
        repo,
        message: 'octobatch: begin [skip ci]',
        tree: tree.sha,
        parents: [],
      }),
    manner,
  );
  try {
    await client.rest(
      ({ rest }) => rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: commit.sha }),
      { ...manner, repeat: 'never' },
    );
  } catch (error) {
    if (error instanceof HostingError && error.status === 422 && /already exists/i.test(error.message))
      return null;
    throw error;
  }
  return { head: commit.sha, files: new Map([['README.md', gitBlobName(README)]]) };
}
