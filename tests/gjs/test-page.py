"""The page “Coming from SIP.js”: what its lines name is there, and what the customer names is on it."""

import re
import sys
import xml.etree.ElementTree as ElementTree

PAGE, GIR = sys.argv[1:]
CORE, GLIB = "{http://www.gtk.org/introspection/core/1.0}", "{http://www.gtk.org/introspection/glib/1.0}"
PEOPLE = {"ua": "UA", "session": "Session", "outgoing": "InviteClientContext",
          "incoming": "InviteServerContext", "context": "ReferServerContext"}
SEED = ("startTime endTime ua method sessionDescriptionHandler request localIdentity remoteIdentity "
        "data dtmf terminate bye hold unhold reinvite refer cancel progress accept reject reply "
        "accepted rejected failed terminated referRequested replaced "
        "SessionDescriptionHandler-created directionChanged trackAdded").split()

namespace = ElementTree.parse(GIR).getroot().find(CORE + "namespace")
types = {each.get("name"): each for each in namespace if each.get("name")}


def names(type_name, kind):
    """Those of a class and of its parents."""
    found = set()
    while type_name in types:
        found |= {each.get("name") for each in types[type_name].findall(kind)}
        type_name = types[type_name].get("parent")
    return found


def properties(type_name):
    return {re.sub("-(.)", lambda m: m[1].upper(), each)
            for each in names(type_name, CORE + "property")}


def missing(line):
    """What a line names that the library does not have."""
    for name, member in re.findall(r"\bSip\.(\w+)(?:\.(\w+))?", line):
        if name not in types:
            yield f"Sip.{name}"
        elif member and member.lower() not in names(name, CORE + "member"):
            yield f"Sip.{name}.{member}"
    for name, keys in re.findall(r"new Sip\.(\w+)\(\{(.*?)\}\)", line):
        keys = re.sub(r"'[^']*'", "", keys)
        for key in re.findall(r"(?:^|,)\s*(\w+)", keys):
            if key not in properties(name):
                yield f"{name}:{key}"
    for who, member, call in re.findall(r"\b(\w+)\.(\w+)(\(?)", re.sub(r"'[^']*'", "", line)):
        if who not in PEOPLE or member == "connect":
            continue
        if member not in (names(PEOPLE[who], CORE + "method") if call else properties(PEOPLE[who])):
            yield f"{who}.{member}"
    for who, signal in re.findall(r"\b(\w+)\.connect\('([^']+)'", line):
        if signal not in names(PEOPLE[who], GLIB + "signal"):
            yield f"{who}::{signal}"


failed = False
with open(PAGE, encoding="utf-8") as page:
    rows = [line for line in page if line.startswith("| ")]
lines = [re.findall(r"`([^`]+)`", row.split(" | ")[-1])[-1] for row in rows if "`" in row]
assert len(lines) > 60, len(lines)
for line in lines:
    for what in missing(line):
        print(f"{what} is not there: {line}")
        failed = True
theirs = " ".join(row.split(" | ")[0] for row in rows)
for name in SEED:
    if not re.search(rf"[`. ]?{re.escape(name)}\b", theirs):
        print(f"{name} is not on the page")
        failed = True
sys.exit(failed)
