// Under which terms a run's results came about: what another run must share to be compared with it.
import { itemsDigestOf } from '../engine/perform-snapshot.ts';
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { DEFAULT_RNG } from '../pipeline/rng.ts';
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
    models: modelsOf(pipeline).map(({ provider, model }) => `${provider}/${model}`),
    chosen: pipeline.stop?.rule.kind === 'best',
  };
}
