"""Files on their way in: read, map, rehearse, run, report, undo. The browser and the command line share all of it."""
