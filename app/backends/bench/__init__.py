"""The benchmark: how long each stage takes here, and how far that is from what the machine could do. What each computes
and moves is counted by `app/sana_mlx/work.py`.

limits.py      what the machine does at most: a large matrix product, a large copy
contestants.py who runs: the local back ends, and diffusers' plain SanaPipeline with the same weights
rounds.py      runs them in turn, and sums up
here.py        the machine and the versions, without names
verdict.py     what the figures come to
table.py       the result for the terminal, to be pasted into an issue
"""
