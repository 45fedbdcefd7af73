// End-to-end tests of what the program does not do yet. Each names its feature; a test runs once its
// feature stands in this list, or with SUMAC_AWAITED=FEATURE,... (or all) before that. Whoever lands
// a feature adds its line here. 'log level' is that `sumac sql` takes `--log-level trace`.
const landed = new Set(['keys']);

const asked = new Set((process.env.SUMAC_AWAITED ?? '').split(','));

// The `skip` option of a test that needs `feature`.
export const unlessLanded = (feature) =>
  landed.has(feature) || asked.has(feature) || asked.has('all')
    ? false
    : `the program has no '${feature}' yet; SUMAC_AWAITED='${feature}' runs this`;

export const hasLanded = (feature) => unlessLanded(feature) === false;
