import { describe, expect, it } from 'vitest';
import { CLAIM_GRACE_MS, decide, LOCAL_CHUNK, type Situation } from '../../src/engine/decide.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { created, DIGEST, declared, settlement } from './journal-cases.ts';

const fold = (...events: JournalEvent[]) => foldJournal(events)!;
const situation = (more: Partial<Situation> = {}): Situation => ({
  owner: 'me',
  now: 3000,
  finishedOwners: new Set(),
  attempted: new Set(),
  notBefore: new Map(),
  blocks: new Map(),
  refused: new Map(),
  maxBatchAge: new Map(),
  ...more,
});

describe('deciding what to do next', () => {
  it('computes local steps in chunks, consecutive ones together', () => {
    const decision = decide(fold(created(2500, ['e1', 'e2', 'l3'])), situation());
    expect(decision).toMatchObject({ kind: 'do', command: { kind: 'compute', step: 0, through: 1 } });
    if (decision.kind !== 'do' || decision.command.kind !== 'compute') throw new Error('not computed');
    expect(decision.command.group.units.size).toBe(LOCAL_CHUNK);
  });

  it('takes larger chunks of a run of very many units, up to a limit', () => {
    const sizes = [1000, 200_000, 500_000, 1_000_000, 10_000_000].map((units) => {
      const decision = decide(fold(created(units, ['e1'])), situation());
      if (decision.kind !== 'do' || decision.command.kind !== 'compute') throw new Error('not computed');
      return decision.command.group.units.size;
    });
    expect(sizes).toEqual([1000, 1000, 2500, 5000, 5000]);
  });

  it('computes everything local before it packs a batch', () => {
    const state = fold(created(2000, ['e1', 'l2']), {
      type: 'work_settled',
      settlement: settlement(0, '0-999'),
      at: 1,
    });
    expect(decide(state, situation())).toMatchObject({ command: { kind: 'compute' } });
  });

  it('submits what it declared itself without searching for it', () => {
    const state = fold(created(1, ['l1']), declared('a', 0, '0'));
    expect(decide(state, situation())).toMatchObject({ command: { kind: 'submit', batch: 'a' } });
  });

  const creating = (owner: string, at: number): JournalEvent => ({
    type: 'batch_creating',
    batch: 'a',
    claim: { owner, at, expires: at + 90_000 },
  });

  it('searches first once a create was about to be sent', () => {
    const state = fold(created(1, ['l1']), declared('a', 0, '0'), creating('me', 2500));
    expect(decide(state, situation())).toMatchObject({ command: { kind: 'find_or_submit', batch: 'a' } });
  });

  it('does not search for what the provider certainly did not create', () => {
    const state = fold(
      created(1, ['l1']),
      declared('a', 0, '0'),
      creating('me', 2500),
      { type: 'batch_postponed', batch: 'a', cause: 'busy', why: '429', retryAt: 2600 },
      { type: 'batch_claimed', batch: 'a', claim: { owner: 'me', at: 2700, expires: 90_000 } },
    );
    expect(decide(state, situation())).toMatchObject({ command: { kind: 'submit', batch: 'a' } });
  });

  it('leaves a batch alone that another living process has claimed', () => {
    const state = fold(created(1, ['l1']), declared('a', 0, '0', { owner: 'other' }));
    expect(decide(state, situation())).toMatchObject({ kind: 'wait', waits: [{ why: 'claimed_elsewhere' }] });
  });

  it('takes over when the owner is proven finished, or the claim and a grace are over', () => {
    const state = fold(created(1, ['l1']), declared('a', 0, '0', { owner: 'other' }));
    const claim = { command: { kind: 'claim', batch: 'a' } };
    expect(decide(state, situation({ finishedOwners: new Set(['other']) }))).toMatchObject(claim);
    expect(decide(state, situation({ now: 10_000 + CLAIM_GRACE_MS - 1 }))).toMatchObject({ kind: 'wait' });
    expect(decide(state, situation({ now: 10_000 + CLAIM_GRACE_MS }))).toMatchObject(claim);
  });

  it('searches before it submits what it took over, unless no create was begun', () => {
    const taken: JournalEvent = {
      type: 'batch_claimed',
      batch: 'a',
      claim: { owner: 'me', at: 3000, expires: 90_000 },
    };
    const begun = [created(1, ['l1']), declared('a', 0, '0', { owner: 'other' })];
    const kind = (...events: JournalEvent[]) => decide(fold(...begun, ...events), situation());
    expect(kind(creating('other', 2500), taken)).toMatchObject({ command: { kind: 'find_or_submit' } });
    expect(kind(taken)).toMatchObject({ command: { kind: 'submit' } });
  });

  it('claims anew when its own claim has run out, because another may have it by now', () => {
    const state = fold(created(1, ['l1']), declared('a', 0, '0'));
    expect(decide(state, situation({ now: 10_000 }))).toMatchObject({
      command: { kind: 'claim', batch: 'a' },
    });
  });

  it('settles what is collected before anything else', () => {
    const state = fold(
      created(2000, ['l1']),
      declared('a', 0, '0-999'),
      { type: 'batch_submitted', batch: 'a', providerBatch: 'x', at: 1 },
      {
        type: 'batch_collected',
        batch: 'a',
        status: 'completed',
        reason: null,
        answers: DIGEST,
        rows: 1,
        at: 1,
      },
    );
    expect(decide(state, situation())).toMatchObject({ command: { kind: 'settle', batch: 'a' } });
  });

  it('waits for a running batch until it is time to look again', () => {
    const state = fold(created(1, ['l1']), declared('a', 0, '0'), {
      type: 'batch_submitted',
      batch: 'a',
      providerBatch: 'x',
      at: 1,
    });
    expect(decide(state, situation())).toMatchObject({ command: { kind: 'check', batch: 'a' } });
    const later = decide(state, situation({ notBefore: new Map([['a', 9000]]) }));
    expect(later).toMatchObject({ kind: 'wait', waits: [{ why: 'running', lookAt: 9000 }] });
  });

  it('finishes a run once nothing waits and nothing is under way, and then has nothing to do', () => {
    const work = { type: 'work_settled', settlement: settlement(0, '0'), at: 1 } as const;
    expect(decide(fold(created(1, ['e1']), work), situation())).toMatchObject({
      command: { kind: 'finish' },
    });
    const finished = fold(created(1, ['e1']), work, { type: 'run_finished', at: 2 });
    expect(decide(finished, situation())).toEqual({ kind: 'done' });
  });
});
