"""Who is who: how values are compared, and what two leads or two companies that look alike are to each other.

Pure functions over plain values: nothing here asks the database. `docs/identity.md` tells the rules with examples.
"""
