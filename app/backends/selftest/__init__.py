"""The self-test: does a back end compute, on this machine, what float32 on a processor computes?

    probes.py      which modules of a checkpoint are looked at, in forward order
    tracing.py     fixed inputs through a model; the outputs of those modules
    golden.py      three prompts, generated
    references.py  what float32 on the processor gave, stored in resources/selftest
    report.py      how a precision did, and what is tolerated
    precision.py   the test of one back end in one precision
    verdicts.py    what was found on this machine, remembered

`app.engine.self_test` runs it in the worker process.
"""
