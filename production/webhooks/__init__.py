"""Webhooks: addresses that are told of events, signed, in order and at least once.

`endpoints` are the verbs of people, `outbox` turns the log into messages, `delivery` sends them.
"""
