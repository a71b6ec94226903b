// Whether tests of other folders that stand on a stage can be played: dist/ is fresh, or compiled sources are named.

/** `npm run check -- --all` sets the one, a person the other. */
export const PLAYS = process.env.OCTOBATCH_FRESH === '1' || process.env.OCTOBATCH_STORY !== undefined;
