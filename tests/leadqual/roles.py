"""Whether the site is up, and the API: machines come with a key, who is signed in does not matter."""

from __future__ import annotations

TABLE = """
public:script            GET  -         404   404 404 404 404 404
public:beacon            POST -         400   400 400 400 400 400
healthz         GET  -    200 200 200 200 200 200
readyz          GET  -    200 200 200 200 200 200
api:contract    GET  -     200 200 200 200 200 200
api:activities  POST -     401 401 401 401 401 401
api:leads       POST -     401 401 401 401 401 401
api:results     PUT  -     401 401 401 401 401 401
api:erase       POST lead  401 401 401 401 401 401
api:score       GET  lead  401 401 401 401 401 401
api:scoring_schema GET - 401 401 401 401 401 401
"""

OBJECTS = {"lead": lambda world: {"pk": 1}}
