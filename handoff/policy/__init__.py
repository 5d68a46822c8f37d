"""The hand-off policy: who gets a hot lead, what is promised to it, and what becomes of it. Read from plain values.

Each section is a document with versions of its own. People and teams stand in it by their keys, so that a new name
breaks nothing; the YAML of the whole policy says e-mail addresses and names instead.
"""
