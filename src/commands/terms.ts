// Under which terms a run's results come about, and by what they are judged: what another run must share to be compared
// with it. It reads pipelines, and no results.
import { askedOf } from '../analysis/gate-asked.ts';
import { itemsDigestOf } from '../engine/perform-snapshot.ts';
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { DEFAULT_RNG } from '../pipeline/rng.ts';
import { claimsOf } from '../report/claims.ts';
import type { Compared } from '../report/kept-result.ts';
import type { Terms } from '../report/terms.ts';
import { STREAM_VERSION } from '../simulation/stream.ts';
import { planUnits } from '../simulation/units.ts';

/** The terms of the run that a snapshot makes. */
export function readTerms(loaded: LoadedPipeline): Terms {
  const { pipeline, items } = loaded;
  return {
    seed: pipeline.seed,
    streams: `${STREAM_VERSION}${pipeline.rng === DEFAULT_RNG ? '' : ` ${pipeline.rng}`}`,
    items: itemsDigestOf(loaded),
    units: planUnits(pipeline, items).count,
    ...(pipeline.only === undefined ? {} : { only: pipeline.only }),
    models: modelsOf(pipeline).map(({ provider, model }) => `${provider}/${model}`),
    chosen: pipeline.stop?.rule.kind === 'best',
  };
}

/** By what a run is judged, and the name under which its results are kept. */
export type Judged = Omit<Compared, 'values' | 'sides'> & { readonly name: string };

/** What a snapshot says of the run that it makes. */
export function describeJudged(loaded: LoadedPipeline): Judged {
  const { pipeline } = loaded;
  const judged = { claims: claimsOf(pipeline), gates: askedOf(pipeline) };
  return { name: pipeline.name, terms: readTerms(loaded), ...judged };
}
