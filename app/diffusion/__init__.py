"""The sampler in numpy: noise, schedules, solvers, guidance. It serves every local backend alike."""
