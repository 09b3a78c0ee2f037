#!/usr/bin/env python3
"""Says once more, at the end of a long run, what failed in it and how.

   failed.py LOG...    the testlog*.json that meson wrote
"""
import json
import os
import sys

GOOD = ("OK", "SKIP", "EXPECTEDFAIL")
LINES = 120

for log in filter(os.path.exists, sys.argv[1:]):
    with open(log, encoding="utf-8") as lines:
        tests = [json.loads(line) for line in lines]
    for test in tests:
        if test["result"] in GOOD:
            continue
        print(f"\n=== {test['name']}: {test['result']} after {test['duration']:.0f} s ({log})")
        said = test.get("stdout", "") + test.get("stderr", "")
        print("\n".join(said.splitlines()[-LINES:]))
