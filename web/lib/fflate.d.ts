// The build copies the npm package into dist/ as fflate.js.
export * from 'fflate';
