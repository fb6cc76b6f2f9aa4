"""The command: runs many seeds, in several processes, and prints how to repeat what failed."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter

from tests.whole.seeded.plan import make
from tests.whole.seeded.run import run_seed


def main() -> int:
    """Exit code 1 if anything did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.whole.seeded")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("-v", action="store_true", help="print every plan")
    given = parser.parse_args()
    seeds = [given.seed] if given.seed is not None else range(given.first, given.first + given.runs)
    states: Counter[str] = Counter()
    failed, ran, kills, locked = [], 0, 0, 0
    with multiprocessing.get_context("spawn").Pool(given.jobs) as pool:
        try:
            for result in pool.imap(run_seed, seeds):
                states.update(result.states)
                ran, kills, locked = ran + 1, kills + result.kills, locked + result.locked
                if given.v:
                    print(make(result.seed), result.states, sep="\n", flush=True)
                if result.faults:
                    failed.append(result.seed)
                    print(f"\nseed {result.seed}: python -m tests.whole.seeded --seed {result.seed} -v")
                    print("\n".join(f"  {fault}" for fault in result.faults), flush=True)
        except KeyboardInterrupt:
            print("stopped")
    print(f"{ran} of {len(seeds)} runs, {len(failed)} failed: {failed}")
    print(f"items: {dict(states)}; {kills} engines killed, {locked} kept out by another one")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
