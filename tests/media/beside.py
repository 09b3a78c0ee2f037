"""Runs the cases of a program that listens more than it works beside each other.

    beside.py NUMBER PROGRAM    so many at once, each in a process of its own
"""

import concurrent.futures
import subprocess
import sys


def ask(*argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)


def tell(number, case, done):
    """As a line of TAP, and whatever else was said about it."""
    verdict = f"not ok {number} {case}"
    for line in done.stdout.splitlines():
        if done.returncode == 0 and line.startswith("ok 1 "):
            verdict = line.replace("ok 1 ", f"ok {number} ", 1)
        else:
            print("#", line.removeprefix("# "))
    print(verdict, flush=True)
    return verdict.startswith("ok")


def main(many, program):
    cases = [line for line in ask(program, "-l").stdout.splitlines() if line.startswith("/")]
    print(f"1..{len(cases)}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(int(many)) as pool:
        results = pool.map(lambda case: ask(program, "-p", case), cases)
        good = [tell(*each) for each in zip(range(1, len(cases) + 1), cases, results)]
    return 0 if cases and all(good) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
