"""How fast, and how it grows: `manage.py bench`, each in a database of its own that is dropped afterwards."""
