"""Fails when a JUnit report holds a skipped test, and says why each was: a skipped test proves nothing."""

import sys
from xml.etree import ElementTree


def main(path: str) -> int:
    cases = ElementTree.parse(path).getroot().iter("testcase")
    skipped = [(case, reason) for case in cases for reason in case.findall("skipped")]
    for case, reason in skipped:
        print(f"skipped: {case.get('classname')}.{case.get('name')}: {reason.get('message')}")
    print(f"{len(skipped)} tests were skipped")
    return 1 if skipped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
