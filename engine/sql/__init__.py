"""Nodes to SQL: one statement, whatever the scope, the version and the instant."""
