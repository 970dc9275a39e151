"""Claim a record, run a flow version, keep the posting journal, retry."""
