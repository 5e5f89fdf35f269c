export default {
  compilerOptions: { runes: true },
  // A warning of the compiler is mostly about accessibility: none may stay.
  onwarn(warning) {
    throw new Error(`${warning.filename}: ${warning.message}`);
  },
};
