"""The digest: one e-mail a day to whoever wants it, at their hour, with what waits for them.

digestmail.plan(now)        # a row for each member whose hour has come
digestmail.send_due(now)    # claims each row, writes the mail, hands it over
"""

from production.digestmail.compose import Digest, digest_for
from production.digestmail.mail import message, unsubscribe_url
from production.digestmail.rows import plan
from production.digestmail.send import send_due
from production.digestmail.tokens import membership_of, token_of

__all__ = [
    "Digest",
    "digest_for",
    "membership_of",
    "message",
    "plan",
    "send_due",
    "token_of",
    "unsubscribe_url",
]
