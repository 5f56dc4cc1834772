#!/usr/bin/python3
# Signs a message as its sender would: sign.py DOMAIN SELECTOR KEY-FILE [past]
#
# From standard input to standard output.  The key is a PEM of RSA, or the seed
# of an Ed25519 key in base64.  With "past" the signature has ended long ago
# (x=), which dkimsign cannot make.
import sys

import dkim


class Past(dkim.DKIM):
    def gen_header(self, fields, *rest):
        at = [name for name, value in fields].index(b"t")
        fields[at:at + 1] = [(b"t", b"1600000000"), (b"x", b"1600086400")]
        return super().gen_header(fields, *rest)


domain, selector, file, *how = sys.argv[1:]
with open(file, "rb") as f:
    key = f.read()
algorithm = b"rsa-sha256" if key.startswith(b"-----") else b"ed25519-sha256"
mail = sys.stdin.buffer.read()
signer = (Past if how == ["past"] else dkim.DKIM)(mail)
header = signer.sign(selector.encode(), domain.encode(), key.strip(),
                     signature_algorithm=algorithm)
sys.stdout.buffer.write(header + mail)
