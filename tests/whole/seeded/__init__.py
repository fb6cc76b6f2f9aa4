"""Runs of sending through faults that a seed chooses: nothing may be out twice, nothing be lost without a word.

python -m tests.whole.seeded --runs 1000         # seeds 0 to 999
python -m tests.whole.seeded --seed 17 -v        # one again, with its plan
"""
