#!/usr/bin/python3
# Verifies the signatures of messages that smtp-sink took: signed.py FILE...
#
# Prints "SUBJECT DOMAIN SELECTOR ALGORITHM ok" (or "bad") for each signature,
# and "SUBJECT - - - none" for a message without one.
import re
import sys

import dkim


def message(name):
    """Without the lines that smtp-sink puts in front."""
    with open(name, "rb") as f:
        text = f.read()
    return text[text.index(b"Received: "):]


def verified(mail, index):
    """None where there is no such signature."""
    found = dkim.DKIM(mail, minkey=1024)
    try:
        right = found.verify(idx=index)
    except dkim.DKIMException as e:
        print(e, file=sys.stderr)
        right = False
    if not found.signature_fields:
        return None
    field = {k: v.decode() for k, v in found.signature_fields.items()}
    return "%s %s %s %s" % (field[b"d"], field[b"s"], field[b"a"],
                            "ok" if right else "bad")


for name in sys.argv[1:]:
    mail = message(name)
    subject = re.search(rb"^Subject: (.*?)\r?$", mail, re.M).group(1).decode()
    count = len(re.findall(rb"^DKIM-Signature:", mail.split(b"\n\n")[0],
                           re.M | re.I))
    if count == 0:
        print(subject, "- - - none")
    for i in range(count):
        print(subject, verified(mail, i) or "- - - bad")
