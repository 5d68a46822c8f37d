"""Forms that visitors fill in: what one consists of, what it may ask, and what becomes of an answer."""
