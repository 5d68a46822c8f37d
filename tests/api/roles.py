"""Machines come with a key: who is signed in does not matter. What a key opens is tested beside the API."""

from __future__ import annotations

TABLE = """
api:activities  POST -     401 401 401 401 401 401
api:leads       POST -     401 401 401 401 401 401
api:score       GET  lead  401 401 401 401 401 401
api:scoring_schema GET - 401 401 401 401 401 401
"""

OBJECTS = {"lead": lambda world: {"pk": 1}}
