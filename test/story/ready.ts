// Which scenes can be played: those that need the runs which outlive a job, and all of a kind or a spread of it.

/** The bundle keeps runs on a branch. OCTOBATCH_STORY=build plays the scenes with what the tests compiled. */
export const PLAYS = process.env.OCTOBATCH_STORY !== undefined;

/** Everything that can go wrong at every call, which takes long, instead of a spread of it. */
export const EXHAUSTIVE = process.env.OCTOBATCH_ALL_CALLS === '1';
