"""Questions about how leads turn out, each answered by one statement."""

from insights.queries.conversion import DIMENSIONS, Dimension, Row, conversion_by, headline, strongest

__all__ = ["DIMENSIONS", "Dimension", "Row", "conversion_by", "headline", "strongest"]
