// fast-check as all tests here use it: the gate's property tests see the same cases in every run, so that a rare
// counterexample stops whoever looks for it (`npm run prove properties`, new seeds each time), not a stranger's change.
import fc from 'fast-check';

const seed = Number(process.env.OCTOBATCH_PROPERTY_SEED ?? 20_261_123);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

export { fc };
